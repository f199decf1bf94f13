import { describe, expect, it } from 'vitest';
import type { ReadyAsk } from '#main/engine/events.ts';
import type { EngineReads, NodeRecord } from '#main/engine/ports.ts';
import { judgeStep } from '#main/engine/reuse.ts';
import { callRecord } from '#main/workflows/replay.ts';
import { writeStep } from '#main/workflows/steps.ts';
import { newUuid, type ComputerId } from '#shared/provenance/ids.ts';
import { computer, nodeId, spec } from './samples.ts';

const call: Extract<ReadyAsk, { kind: 'call' }> = {
  kind: 'call',
  label: 'relax',
  plugin: 'test.process',
  inputs: {},
  nodeLabel: '',
  description: '',
  computer: null,
  options: '',
};
const node = (id: number, more: Partial<NodeRecord> = {}): NodeRecord => ({
  id: nodeId(id),
  uuid: newUuid(),
  nodeType: 'process.calculation.calcjob.CalcJobNode.',
  processType: null,
  label: '',
  description: '',
  ctime: 0,
  attributes: '{"process_state": "finished", "exit_status": 0}',
  repository: {} as NodeRecord['repository'],
  computer: null,
  sealed: true,
  ...more,
});

describe('a job that ended well in the former run', () => {
  const run = node(1);
  const job = node(2, { computer: 5 as ComputerId });
  const record = writeStep({ kind: 'call', plugin: call.plugin, ...callRecord(call), child: job.id });
  const reads = {
    nodeByUuid: () => run,
    node: () => job,
    step: () => ({ process: run.id, label: call.label, record }),
    incoming: () => [],
  } as unknown as EngineReads;
  const judged = (on: typeof call.computer) =>
    judgeStep(
      reads,
      { uuidOf: () => computer },
      { from: run.uuid, again: [] },
      { ...call, computer: on },
      spec(),
    );

  it.each([null, computer])('is re-used where the code does not name another computer', (on) => {
    expect(judged(on)).toMatchObject({ kind: 'reused', process: job.id });
  });

  it('runs again where the code names another computer', () => {
    expect(judged(newUuid())).toEqual({
      kind: 'again',
      why: 'it is to run on another computer',
      inside: null,
    });
  });
});
