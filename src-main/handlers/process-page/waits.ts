/** Every way in which a process that has not ended spends its time. What is known decides, the first that fits. */
import type { ErrorInfo } from '#shared/base/errors.ts';
import type { QueueState as WholeQueue } from '#shared/contract/areas/computers.ts';
import type { OpenQuestion } from '#shared/process/question.ts';
import type { JobLook } from '../../computers/computer-runtime.ts';
import type { Turn } from '../../computers/turns.ts';
import type { EngineTrouble } from '../../engine/engine.ts';
import { isAbsence } from '../../engine/retry.ts';
import { vanished } from '../../engine/transitions/end-unproved.ts';
import type { AccountingSilence, JobFacts } from '../../engine/ports.ts';
import type {
  FunctionState,
  JobPhase,
  JobState,
  Retry,
  RunState,
  WorkflowState,
} from '../../engine/state.ts';

export type Wait =
  /** Nothing can be written: no process goes on. */
  | { readonly kind: 'engine-trouble'; readonly error: ErrorInfo; readonly since: number }
  | { readonly kind: 'code-changed'; readonly run: WorkflowState; readonly changed: Changed }
  /** The workflow asks a person. */
  | {
      readonly kind: 'question';
      readonly run: WorkflowState;
      readonly label: string;
      readonly question: OpenQuestion;
    }
  /** A process that it called asks a person. */
  | { readonly kind: 'question-below'; readonly run: WorkflowState; readonly below: Below }
  | { readonly kind: 'paused'; readonly run: RunState }
  | { readonly kind: 'lost'; readonly run: JobState; readonly lost: string }
  | { readonly kind: 'unconfirmed'; readonly run: JobState; readonly retry: Retry }
  /** It may have been submitted, and everything that could say so is gone. */
  | { readonly kind: 'vanished'; readonly run: JobState; readonly retry: Retry }
  | { readonly kind: 'trouble'; readonly run: RunState; readonly retry: Retry }
  /** The disk of this machine has little room: nothing new is taken in. */
  | { readonly kind: 'disk-short'; readonly run: RunState; readonly retry: Retry }
  | { readonly kind: 'held-by-site'; readonly run: JobState; readonly queue: QueueState | null }
  /** A limit that the person has set for the computer is reached. */
  | { readonly kind: 'waits-for-place'; readonly run: JobState; readonly queue: QueueState | null }
  /** As many others as may at once do there what it would do. */
  | {
      readonly kind: 'waits-for-turn';
      readonly run: JobState;
      readonly turn: Turn;
      readonly queue: QueueState | null;
    }
  | { readonly kind: 'computer-paused'; readonly run: JobState; readonly queue: QueueState }
  | { readonly kind: 'computer-needs-you'; readonly run: JobState; readonly queue: QueueState }
  | { readonly kind: 'computer-unreachable'; readonly run: JobState; readonly queue: QueueState }
  | { readonly kind: 'look-failed'; readonly run: JobState; readonly queue: QueueState }
  /** It has left the queue, and accounting does not answer how it ended. */
  | { readonly kind: 'unaccounted'; readonly run: JobState; readonly silence: AccountingSilence }
  | { readonly kind: 'being-killed'; readonly run: RunState }
  /** By a rule. */
  | { readonly kind: 'being-stopped'; readonly run: JobState; readonly stopping: Stopping }
  | { readonly kind: 'not-seen-yet'; readonly run: JobState }
  | { readonly kind: 'with-scheduler'; readonly run: JobState; readonly facts: JobFacts }
  | { readonly kind: 'step'; readonly run: JobState; readonly phase: Exclude<JobPhase, 'run'> }
  | { readonly kind: 'function'; readonly run: FunctionState }
  | { readonly kind: 'sleeping'; readonly run: WorkflowState; readonly until: number }
  | { readonly kind: 'children'; readonly run: WorkflowState; readonly labels: readonly string[] }
  | { readonly kind: 'workflow'; readonly run: WorkflowState };

/** As a computer tells it, without what only the engine knows. */
export type QueueState = Omit<WholeQueue, 'waiting'>;

type Stopping = NonNullable<JobState['stopping']>;
type Changed = NonNullable<WorkflowState['changed']>;

export interface Below {
  readonly label: string;
  readonly words: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** What is known beside the process itself. */
export interface Surroundings {
  /** Of the computer where its job belongs; null where that is not running here. */
  readonly queue: QueueState | null;
  readonly look: JobLook | null;
  /** What it waits for while others do what it would do there; null where it does not. */
  readonly turn: Turn | null;
  readonly trouble: EngineTrouble | null;
}

export const alone: Surroundings = { queue: null, look: null, turn: null, trouble: null };

/** The one wait that is shown where several are true: the order of the tests is what a person should hear first. */
export function waitOf(run: RunState, { queue, turn, trouble }: Surroundings): Wait {
  if (trouble !== null) return { kind: 'engine-trouble', ...trouble };
  if (run.kind === 'workflow' && run.changed !== null)
    return { kind: 'code-changed', run, changed: run.changed };
  if (run.paused) return { kind: 'paused', run };
  if (run.kind === 'job') return jobWait(run, queue, turn);
  if (run.retry !== null) return troubleOf(run, run.retry);
  if (run.killing) return { kind: 'being-killed', run };
  if (run.kind === 'function') return { kind: 'function', run };
  const [asked] = Object.entries(run.questions ?? {});
  if (asked !== undefined) return { kind: 'question', run, label: asked[0], question: asked[1] };
  const [below] = Object.entries(run.askedBelow ?? {});
  if (below !== undefined) return { kind: 'question-below', run, below: { label: below[0], ...below[1] } };
  const labels = Object.keys(run.waiting);
  if (labels.length > 0) return { kind: 'children', run, labels };
  const { until } = run.activity;
  return until === null ? { kind: 'workflow', run } : { kind: 'sleeping', run, until };
}

const troubleOf = (run: RunState, retry: Retry): Wait => ({
  kind: retry.code === 'local-disk-short' ? 'disk-short' : 'trouble',
  run,
  retry,
});

function jobWait(run: JobState, queue: QueueState | null, turn: Turn | null): Wait {
  if (run.lost !== null) return { kind: 'lost', run, lost: run.lost };
  const { retry, phase, facts } = run;
  const held = queue === null || phase === 'prepare' || phase === 'parse' ? null : heldThere(run, queue);
  // what the computer itself says is newer than what a job heard when it failed because of it
  if (held !== null && held.kind !== 'look-failed' && (retry === null || isAbsence(retry.code))) return held;
  if (retry !== null) {
    if (retry.code === 'submission-unconfirmed') return { kind: 'unconfirmed', run, retry };
    return retry.code === vanished ? { kind: 'vanished', run, retry } : troubleOf(run, retry);
  }
  if (held !== null) return held;
  if (run.killing) return { kind: 'being-killed', run };
  if (run.stopping !== undefined && phase === 'run')
    return { kind: 'being-stopped', run, stopping: run.stopping };
  if (phase !== 'run') {
    if (turn !== null) return { kind: 'waits-for-turn', run, turn, queue };
    if (run.activity.words === 'held back') return { kind: 'held-by-site', run, queue };
    return run.placing === true ? { kind: 'waits-for-place', run, queue } : { kind: 'step', run, phase };
  }
  const { unaccounted = null } = run;
  if (unaccounted !== null) return { kind: 'unaccounted', run, silence: unaccounted };
  return facts === null ? { kind: 'not-seen-yet', run } : { kind: 'with-scheduler', run, facts };
}

function heldThere(run: JobState, queue: QueueState): Wait | null {
  switch (queue.connection) {
    case 'paused':
      return { kind: 'computer-paused', run, queue };
    case 'needs-you':
      return { kind: 'computer-needs-you', run, queue };
    case 'waiting':
      return { kind: 'computer-unreachable', run, queue };
    case 'idle':
    case 'connecting':
    case 'connected':
      return run.phase === 'run' && queue.problem !== null ? { kind: 'look-failed', run, queue } : null;
  }
}
