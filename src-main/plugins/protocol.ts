/** What goes between the plugin host and its worker threads. Everything is structured-clone plain. */
import type { ErrorInfo } from '#shared/base/errors.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import type { ObjectHash, Uuid } from '#shared/provenance/ids.ts';
import type {
  FunctionOutcome,
  JobEnd,
  PluginInputs,
  PreparedCalculation,
  WorkflowAnswer,
  WorkflowAsk,
  WorkflowOutcome,
} from '../engine/ports.ts';

export type Task =
  | { readonly kind: 'validate'; readonly plugin: string; readonly inputs: PluginInputs }
  | { readonly kind: 'function'; readonly plugin: string; readonly inputs: PluginInputs }
  | {
      readonly kind: 'prepare';
      readonly plugin: string;
      readonly inputs: PluginInputs;
      readonly computer: Uuid;
    }
  | {
      readonly kind: 'parse';
      readonly plugin: string;
      readonly inputs: PluginInputs;
      readonly retrieved: readonly (readonly [path: string, hash: ObjectHash])[];
      readonly end: JobEnd;
    }
  | {
      readonly kind: 'workflow';
      readonly plugin: string;
      readonly inputs: PluginInputs;
      readonly slot: number;
    };

export type Prepared = { readonly kind: 'prepared'; readonly calculation: PreparedCalculation };
export type Validated = { readonly kind: 'validated'; readonly messages: Readonly<Record<string, string>> };
/** What the plugin needed of the core could not be had: no fault of the plugin's, so nothing ends for it. */
export type CoreFailed = { readonly kind: 'core-failed'; readonly error: ErrorInfo };
export type TaskResult = FunctionOutcome | Prepared | Validated | WorkflowOutcome | CoreFailed;

export type ToWorker =
  | { readonly kind: 'run'; readonly id: number; readonly task: Task }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'object'; readonly read: number; readonly bytes: Uint8Array }
  | { readonly kind: 'no-object'; readonly read: number; readonly error: ErrorInfo }
  | { readonly kind: 'answer'; readonly id: number; readonly ask: number; readonly answer: WorkflowAnswer }
  | { readonly kind: 'refusal'; readonly id: number; readonly ask: number; readonly error: ErrorInfo }
  | { readonly kind: 'ping'; readonly beat: number };

export type FromWorker =
  | {
      readonly kind: 'ready';
      readonly specs: readonly ProcessSpec[];
      /** The texts in which the processes are written. */
      readonly sources: readonly (readonly [plugin: string, text: string])[];
      readonly problems: readonly string[];
    }
  | { readonly kind: 'result'; readonly id: number; readonly result: TaskResult }
  | { readonly kind: 'read'; readonly read: number; readonly hash: ObjectHash }
  | { readonly kind: 'ask'; readonly id: number; readonly number: number; readonly ask: WorkflowAsk }
  /** The code of a workflow has had so many answers, and waits for more and for nothing else. */
  | { readonly kind: 'idle'; readonly id: number; readonly answers: number }
  | { readonly kind: 'pong'; readonly beat: number };

/** What a worker is born with. */
export interface WorkerData {
  /** Modules beyond the built-in ones, whose exports are process definitions. */
  readonly modules: readonly string[];
  /** One integer: the slot of the workflow whose code ran last, for the watchdog. */
  readonly lastSlot: SharedArrayBuffer;
}
