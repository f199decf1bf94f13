import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadyAsk } from '#main/engine/events.ts';
import { jobChange } from '#main/workflows/job-ask.ts';
import { callRecord, replay } from '#main/workflows/replay.ts';
import { readStep, writeStep } from '#main/workflows/steps.ts';
import { newUuid, type NodeId } from '#shared/provenance/ids.ts';

const call: Extract<ReadyAsk, { kind: 'call' }> = {
  kind: 'call',
  label: 'relax',
  plugin: 'core.shell',
  inputs: {},
  nodeLabel: '',
  description: '',
  computer: null,
  options: '',
};
const record = (ask = call): ReturnType<typeof readStep> =>
  readStep(
    writeStep({ kind: 'call', plugin: ask.plugin, ...callRecord(ask), child: 7 as NodeId, again: undefined }),
  );
const withOptions = (options: object): typeof call => ({ ...call, options: JSON.stringify(options) });

describe('a step that is asked for again', () => {
  it.each([
    ['resources', { resources: { num_machines: 2 } }],
    ['the walltime', { max_wallclock_seconds: 60 }],
    ['the queue', { queue_name: 'long' }],
    ['the account', { account: 'physics' }],
    ['a variable', { environment_variables: { OMP_NUM_THREADS: '4' } }],
  ])('is another one when %s differs', (_, options) => {
    const found = replay(withOptions(options), record());
    expect(found.kind).toBe('changed');
    expect(replay(withOptions(options), record(withOptions(options))).kind).toBe('recorded');
  });

  it('is another one when it runs on another computer', () => {
    expect(replay({ ...call, computer: newUuid() }, record()).kind).toBe('changed');
  });

  it('says which options were recorded and which are asked for', () => {
    const found = replay(
      withOptions({ max_wallclock_seconds: 120, queue_name: 'long' }),
      record(withOptions({ max_wallclock_seconds: 60 })),
    );
    expect(found).toEqual({
      kind: 'changed',
      recorded: 'core.shell () with max_wallclock_seconds 60, queue_name not given',
      asked: 'core.shell () with max_wallclock_seconds 120, queue_name "long"',
    });
  });

  it('is the same when a default is written out, or the order of the options is another', () => {
    const written = { import_sys_environment: true, resources: { num_machines: 1 }, account: 'physics' };
    expect(replay(withOptions(written), record(withOptions({ account: 'physics' }))).kind).toBe('recorded');
  });

  it('is another one when a call that was refused would now run elsewhere', () => {
    const error = { family: 'user', code: 'no-computer', message: 'It does not say where.' } as const;
    const refused = readStep(writeStep({ kind: 'refused', ...callRecord(call), error }));
    expect(replay(call, refused).kind).toBe('recorded');
    expect(replay({ ...call, computer: newUuid() }, refused).kind).toBe('changed');
  });

  it('replays from a record of before options were recorded, whatever they are', () => {
    const { fingerprint } = callRecord(call);
    const call0 = `{"kind":"call","plugin":"core.shell","fingerprint":"${fingerprint}","words":"core.shell ()","child":7,"order":1}`;
    const refused0 = `{"kind":"refused","fingerprint":"${fingerprint}","words":"core.shell ()","error":{"family":"user","code":"no-computer","message":"No."}}`;
    for (const old of [call0, refused0]) {
      expect(replay(call, readStep(old)).kind).toBe('recorded');
      expect(replay(withOptions({ max_wallclock_seconds: 60 }), readStep(old)).kind).toBe('recorded');
    }
  });

  it('never differs from itself, and from another exactly when another does from it', () => {
    const ask = fc.record({
      computer: fc.option(fc.constantFrom('a', 'b')),
      options: fc
        .record(
          {
            max_wallclock_seconds: fc.integer({ min: 1, max: 3 }),
            queue_name: fc.constantFrom('long', 'short'),
            resources: fc.record({ num_machines: fc.integer({ min: 1, max: 2 }) }),
            withmpi: fc.boolean(),
          },
          { requiredKeys: [] },
        )
        .map((options) => JSON.stringify(options)),
    });
    fc.assert(
      fc.property(ask, ask, (a, b) => {
        expect(jobChange(a, { ...a })).toBeNull();
        expect(jobChange(a, b) === null).toBe(jobChange(b, a) === null);
      }),
    );
  });
});
