import type { ErrorInfo } from '#shared/base/errors.ts';
import type { CacheChoice } from '#shared/process/caching-rules.ts';
import type { Question } from '#shared/process/question.ts';
import type { StopRule } from '#shared/process/rule-types.ts';
import type { NodeId, ObjectHash, Uuid } from '#shared/provenance/ids.ts';
import type { Annotation, JobObservation, RetrievedFile, SubmitOutcome, UploadPlan } from './ports.ts';

/** A data node that is ready to be stored: its files are in the repository already. */
export interface ReadyData {
  readonly nodeType: string;
  /** JSON text as Python writes it. */
  readonly attributes: string;
  readonly label: string;
  readonly files: readonly (readonly [path: string, hash: ObjectHash])[];
}

/** As `FunctionOutcome`, its files stored. */
export type ReadyOutcome =
  | { readonly kind: 'outputs'; readonly outputs: Readonly<Record<string, ReadyData>> }
  | {
      readonly kind: 'exit';
      readonly status: number;
      readonly message: string;
      readonly outputs: Readonly<Record<string, ReadyData>>;
    }
  | { readonly kind: 'threw'; readonly error: string; readonly stack: string }
  | { readonly kind: 'stopped'; readonly why: 'time' | 'memory' | 'crash'; readonly message: string };

/** As `WorkflowAsk`, its files stored. */
export type ReadyAsk =
  | {
      readonly kind: 'call';
      readonly label: string;
      readonly plugin: string;
      readonly inputs: Readonly<Record<string, { readonly uuid: Uuid } | ReadyData>>;
      readonly nodeLabel: string;
      readonly description: string;
      readonly computer: Uuid | null;
      readonly options: string;
      readonly caching?: CacheChoice | undefined;
    }
  | { readonly kind: 'now'; readonly label: string }
  | { readonly kind: 'random'; readonly label: string }
  | { readonly kind: 'sleep'; readonly label: string; readonly ms: number }
  | { readonly kind: 'report'; readonly message: string; readonly ordinal: number }
  | { readonly kind: 'question'; readonly label: string; readonly question: Question }
  | Annotation;

/** How the code of a workflow ended. */
export type WorkflowEnd =
  | { readonly kind: 'outputs'; readonly outputs: Readonly<Record<string, Uuid>> }
  | {
      readonly kind: 'exit';
      readonly status: number;
      readonly message: string;
      readonly outputs: Readonly<Record<string, Uuid>>;
    }
  | Extract<ReadyOutcome, { kind: 'threw' | 'stopped' }>;

/** Everything that can happen to a process. All of it is plain JSON; time and chance come with it. */
export type EngineEvent =
  // from effects
  | {
      readonly kind: 'prepared';
      readonly plan: UploadPlan;
      readonly retrieve: readonly string[];
      readonly inputs: readonly (readonly [path: string, hash: ObjectHash])[];
    }
  /** `waits`: why it must wait for a place in the queue. */
  | { readonly kind: 'uploaded'; readonly directory: string; readonly waits: string | null }
  /** It has a place in the queue. */
  | { readonly kind: 'placed' }
  | {
      readonly kind: 'submission';
      readonly outcome: SubmitOutcome;
      readonly freshToken: string;
      /** Chance, from 0 to 1: spreads what is tried again. */
      readonly roll: number;
    }
  | { readonly kind: 'observed'; readonly observation: JobObservation }
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'retrieved';
      readonly files: readonly RetrievedFile[];
      readonly unmatched: readonly string[];
      /** Not taken, and why: for the middle of a sentence. */
      readonly skipped?: readonly { readonly path: string; readonly why: string }[];
    }
  | { readonly kind: 'ran'; readonly outcome: ReadyOutcome }
  | { readonly kind: 'asked'; readonly ask: ReadyAsk; readonly roll: number }
  | { readonly kind: 'woke'; readonly label: string }
  /** A call that the store or the specification refused. */
  | {
      readonly kind: 'refused';
      readonly ask: Extract<ReadyAsk, { kind: 'call' }>;
      readonly error: ErrorInfo;
    }
  /** The code ran again and did not ask for a step that was answered before. */
  | {
      readonly kind: 'unasked';
      readonly label: string;
      readonly instead: string;
      /** The code has come to its end; else it waits. */
      readonly ended?: boolean;
    }
  | { readonly kind: 'workflow-ended'; readonly outcome: WorkflowEnd }
  /** `roll` in [0, 1) spreads the repeats of many processes. */
  | { readonly kind: 'failed'; readonly error: ErrorInfo; readonly roll: number }
  // from other processes
  | { readonly kind: 'child-ended'; readonly label: string; readonly child: NodeId }
  /** The same, where what the end leads to cannot be stored. */
  | {
      readonly kind: 'child-refused';
      readonly label: string;
      readonly child: NodeId;
      readonly error: ErrorInfo;
    }
  | {
      readonly kind: 'asked-below';
      readonly label: string;
      readonly asking: { readonly words: string; readonly since: number } | null;
    }
  // from people
  | { readonly kind: 'answered'; readonly label: string; readonly choice: string; readonly by: string }
  | { readonly kind: 'pause' }
  | { readonly kind: 'play' }
  /** `unreachable`: the computer of the job cannot be asked now. */
  | { readonly kind: 'kill'; readonly by: string; readonly unreachable?: boolean }
  | { readonly kind: 'set-rules'; readonly rules: readonly StopRule[]; readonly by: string }
  | { readonly kind: 'retry-now' }
  | { readonly kind: 'assume-lost' }
  | { readonly kind: 'look-again' };
