import type { JobState, WorkflowState, FunctionState, RunState } from '#main/engine/state.ts';
import type { Command, Decision } from '#main/engine/commands.ts';
import type { JobFacts } from '#main/engine/ports.ts';
import type { NodeId, ObjectHash, Uuid } from '#shared/provenance/ids.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';

const uuid = (n: number): Uuid => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as Uuid;
export const nodeId = (n: number): NodeId => n as NodeId;
export const computer = uuid(900);
export const hash = 'a'.repeat(64) as ObjectHash;

const empty = { kind: 'namespace', ports: {}, required: true, help: '' } as const;
export const spec = (more: Partial<ProcessSpec> = {}): ProcessSpec => ({
  id: 'test.process',
  kind: 'calculation-job',
  label: 'Test',
  processType: 'aiida.calculations:test.process',
  summary: '',
  version: '1',
  inputs: empty,
  outputs: { ...empty, dynamic: ['data'] },
  exitCodes: [],
  ...more,
});

const common = {
  uuid: uuid(1),
  plugin: 'test.process',
  caller: null,
  paused: false,
  killing: false,
  retry: null,
  effects: 1,
  activity: { step: '', words: '', reason: '', since: null, until: null },
} as const;

export const jobState = (more: Partial<JobState> = {}): JobState => ({
  kind: 'job',
  ...common,
  phase: 'prepare',
  computer,
  options: '{}',
  attempt: { number: 1, token: 'token00000000001' },
  plan: null,
  retrieve: [],
  directory: null,
  jobId: null,
  facts: null,
  factsSince: null,
  end: null,
  retrieved: null,
  lost: null,
  ...more,
});

export const submitting = (more: Partial<JobState> = {}): JobState =>
  jobState({
    phase: 'submit',
    directory: '/scratch/a1',
    plan: { files: [], remoteCopies: [], remoteSymlinks: [], script: 's.sh' },
    ...more,
  });

export const running = (more: Partial<JobState> = {}): JobState =>
  submitting({ phase: 'run', jobId: '42', ...more });

export const workflowState = (more: Partial<WorkflowState> = {}): WorkflowState => ({
  kind: 'workflow',
  ...common,
  waiting: {},
  finished: 0,
  changed: null,
  ...more,
});

export const functionState = (more: Partial<FunctionState> = {}): FunctionState => ({
  kind: 'function',
  ...common,
  ...more,
});

export const facts = (state: JobFacts['state'], more: Partial<JobFacts> = {}): JobFacts => ({
  state,
  schedulerState: '',
  reason: '',
  ...more,
});

/** The commands of one kind. */
export const commands = <K extends Command['kind']>(
  decision: Decision,
  kind: K,
): Extract<Command, { kind: K }>[] =>
  decision.commands.filter((command): command is Extract<Command, { kind: K }> => command.kind === kind);

export const effectsOf = (decision: Decision): string[] =>
  commands(decision, 'effect').map(({ effect }) => effect.kind);

/** Attributes as they are after all patches of a decision. */
export const attributesOf = (decision: Decision): Record<string, unknown> =>
  Object.assign({}, ...commands(decision, 'attributes').map(({ patch }) => patch)) as Record<string, unknown>;

export const jobAfter = (decision: Decision): JobState => {
  if (decision.state?.kind !== 'job') throw new Error('The job has ended');
  return decision.state;
};

export const workflowAfter = (decision: Decision): WorkflowState => {
  if (decision.state?.kind !== 'workflow') throw new Error('The workflow has ended');
  return decision.state;
};

export const ended = (decision: Decision): boolean => decision.state === null;
export type { RunState };
