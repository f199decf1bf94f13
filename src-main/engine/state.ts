/**
 * What the engine remembers of a process that has not ended. It is stored as JSON with every transition, so it holds
 * plain values only. Everything that is provenance is in the node instead.
 */
import type { GivenAnswer, OpenQuestion } from '#shared/process/question.ts';
import type { StopRule } from '#shared/process/rule-types.ts';
import type { NodeId, ObjectHash, Uuid } from '#shared/provenance/ids.ts';
import type { Resume } from './reuse.ts';
import type { WorkflowEnd } from './events.ts';
import type { AccountingSilence, Finding, JobFacts, RuleFinding, UploadPlan } from './ports.ts';

/** What a person sees of it in a table; the shape of the contract's `activity`. Times in ms since 1970. */
export interface Activity {
  readonly step: string;
  readonly words: string;
  readonly reason: string;
  readonly since: number | null;
  readonly until: number | null;
  /** What happens then: `next try`. */
  readonly untilWords?: string;
  readonly tries?: number;
}

/** An attempt at an effect failed and will be repeated: by itself at `until`, or when a person has acted. */
export interface Retry {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly failures: number;
  /** When it failed first; ms since 1970, as the next one. */
  readonly since: number;
  readonly until: number | null;
  readonly needsPerson: boolean;
}

interface Common {
  readonly uuid: Uuid;
  readonly plugin: string;
  /** The workflow that called it, and under which label. */
  readonly caller: { readonly process: NodeId; readonly label: string } | null;
  readonly paused: boolean;
  readonly killing: boolean;
  /** Who wished that first, for `Killed by …`; absent where nobody did, and in older states of jobs. */
  readonly killedBy?: string;
  readonly retry: Retry | null;
  /** Counts the effects of this process, so that every one has its own key. */
  readonly effects: number;
  readonly activity: Activity;
}

/** Where a job is on its way; `run` is from the submission until its end is proved. */
export type JobPhase = 'prepare' | 'upload' | 'submit' | 'run' | 'retrieve' | 'parse';

export interface JobState extends Common {
  readonly kind: 'job';
  readonly phase: JobPhase;
  readonly computer: Uuid;
  /** JSON of the job options. */
  readonly options: string;
  /** `since`: when it was made, ms since 1970; older states do not have it. */
  readonly attempt: { readonly number: number; readonly token: string; readonly since?: number };
  readonly plan: UploadPlan | null;
  readonly retrieve: readonly string[];
  readonly directory: string | null;
  readonly jobId: string | null;
  readonly facts: JobFacts | null;
  /** When `facts.state` began, for the ticking cell. */
  readonly factsSince: number | null;
  /** When the computer told something of the job that was news, by our clock. */
  readonly observedAt?: number;
  /** How the job ended, once it has. */
  readonly end: { readonly exitStatus: number | null; readonly schedulerExit: ExitReason | null } | null;
  readonly retrieved: readonly (readonly [path: string, hash: ObjectHash])[] | null;
  /** It waits for a place in the queue: nothing is submitted. Older states do not have it. */
  readonly placing?: boolean;
  /** Since when the site has taken no more jobs. */
  readonly heldSince?: number | null;
  /** When to stop it while it runs; absent in states of before there were rules. */
  readonly rules?: readonly StopRule[] | undefined;
  /** The rule that is fulfilled, since when (ms since 1970), and whether the scheduler has taken the wish. */
  readonly stopping?: (RuleFinding & { readonly since: number; readonly told: boolean }) | undefined;
  /** Not in the queue and not known to have ended: a person must decide. */
  readonly lost: string | null;
  /** What was asked before it was called lost, and what came back. */
  readonly lostFound?: readonly Finding[];
  /** It has left the queue, and accounting does not answer how it ended. Older states do not have it. */
  readonly unaccounted?: AccountingSilence | null;
}

export interface ExitReason {
  readonly status: number;
  readonly message: string;
}

export interface FunctionState extends Common {
  readonly kind: 'function';
}

export interface WorkflowState extends Common {
  readonly kind: 'workflow';
  /** The last trouble, while the code runs again and has come no further than before it; absent where there is none. */
  readonly retried?: Retry | undefined;
  /** Steps that were started and have not ended: label -> process. */
  readonly waiting: Readonly<Record<string, NodeId>>;
  readonly finished: number;
  /** What it asks people and nobody has answered, by label; absent in states of before there were questions. */
  readonly questions?: Readonly<Record<string, OpenQuestion>> | undefined;
  /** What people answered, in their order. */
  readonly answers?:
    readonly (GivenAnswer & { readonly label: string; readonly question: string })[] | undefined;
  /** Processes that it called and that wait for a person, by label. */
  readonly askedBelow?:
    Readonly<Record<string, { readonly words: string; readonly since: number }>> | undefined;
  /** What the code asks now differs from what was recorded under the same label. */
  readonly changed: { readonly label: string; readonly recorded: string; readonly asked: string } | null;
  /** How many answers the code was given; each has its number. Absent in states of before 0.2. */
  readonly answered?: number;
  /** The code has ended while steps still ran: the workflow ends so when they do. */
  readonly ending?: WorkflowEnd;
  /** The run that failed, whose finished steps are taken over. */
  readonly resume?: Resume;
}

export type RunState = JobState | FunctionState | WorkflowState;
