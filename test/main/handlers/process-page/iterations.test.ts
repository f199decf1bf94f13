import { describe, expect, it } from 'vitest';
import type { LinkEnd } from '#shared/contract/areas/processes.ts';
import { iterationsAttribute, type IterationRecord } from '#shared/process/iteration-record.ts';
import type { ProcessFacts } from '#main/handlers/process-page/facts.ts';
import { iterationsOf } from '#main/handlers/process-page/iterations.ts';
import { nodeId, workflowState } from '../../engine/samples.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const record = (iteration: number, more: Partial<IterationRecord> = {}): IterationRecord => ({
  iteration,
  process: uuid(iteration),
  exit_status: 120,
  exit_message: 'The job ran out of walltime.',
  considered: ['out_of_walltime'],
  handler: 'out_of_walltime',
  action: 'change',
  says: 'More walltime',
  changes: [{ name: 'options.max_wallclock_seconds', before: '60', after: '120' }],
  answer: { choice: 'again', by: 'Ada', at: '2026-11-22T10:00:00.000Z' },
  ...more,
});

const called = (n: number, state = 'running'): LinkEnd =>
  ({ label: `iteration_0${n}`, type: 'call_calc', node: { uuid: uuid(n), state } }) as LinkEnd;

const facts = (attribute: unknown, ended: boolean, second = 'running'): ProcessFacts =>
  ({
    attributes: { [iterationsAttribute]: attribute },
    called: [called(1, 'failed'), called(2, second)],
    run: ended ? null : workflowState({ waiting: { iteration_02: nodeId(2) } }),
  }) as unknown as ProcessFacts;

describe('the iterations of a restart workflow', () => {
  it('are those that were judged, and the one that runs', () => {
    const [first, second, ...more] = iterationsOf(facts([record(1)], false));
    expect(first).toEqual({
      iteration: 1,
      process: uuid(1),
      state: 'failed',
      action: 'change',
      exitStatus: 120,
      exitMessage: 'The job ran out of walltime.',
      considered: ['out_of_walltime'],
      handler: 'out_of_walltime',
      says: 'More walltime',
      changes: [{ name: 'options.max_wallclock_seconds', before: '60', after: '120' }],
      answer: { choice: 'again', by: 'Ada', at: Date.UTC(2026, 10, 22, 10) },
    });
    expect(second).toMatchObject({ iteration: 2, process: uuid(2), action: 'running', exitStatus: null });
    expect(more).toEqual([]);
  });

  it('are undecided while a person is asked about one that has ended', () => {
    expect(iterationsOf(facts([record(1)], false, 'failed'))[1]).toMatchObject({
      state: 'failed',
      action: 'undecided',
    });
  });

  it('are only those that were judged once it has ended', () => {
    expect(iterationsOf(facts([record(1), record(2, { action: 'done' })], true))).toHaveLength(2);
  });

  it('are none where the attribute is not ours', () => {
    for (const foreign of [undefined, null, 3, {}, [{ iteration: 'one' }]]) {
      expect(iterationsOf(facts(foreign, false))).toEqual([]);
    }
  });
});
