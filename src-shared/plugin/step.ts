import type { DataDraft } from '../provenance/data-drafts.ts';
import type { CacheChoice } from '../process/caching-rules.ts';
import type { JobOptionsInput } from '../process/job-options.ts';
import type { ProcessSpec } from '../process/ports.ts';
import type { GivenAnswer } from '../process/question.ts';
import type { PlainJson } from '../provenance/python-json.ts';
import type { DataValue } from './values.ts';

/** A question as plugin code writes it. */
export interface AskedQuestion {
  /** A sentence that ends with a question mark, and names the thing. */
  readonly question: string;
  /** What a person must know to answer. */
  readonly facts?: Readonly<Record<string, string | number>>;
  /** By name; the first is the usual one. */
  readonly choices: Readonly<Record<string, string | { readonly label: string; readonly help?: string }>>;
}

/** A node that is stored already, or one that is stored as an input of the step. */
export type StepInput = DataValue | DataDraft | undefined | { readonly [name: string]: StepInput };

/** What a step says of the process that it calls, besides its inputs. */
export interface StepOptions {
  /** Label and description of the process node. */
  readonly label?: string;
  readonly description?: string;
  readonly computer?: string;
  readonly options?: JobOptionsInput;
  /** Whether an equal calculation that has ended may stand for this one; as the profile says where it is not given. */
  readonly caching?: CacheChoice;
  /** Do not throw when the process ends other than well: look at `ok` instead. */
  readonly allowFailure?: boolean;
}

/** How a called process ended. `ok` is the exit status 0 and nothing else. */
export interface StepOutcome {
  readonly uuid: string;
  readonly state: 'finished' | 'excepted' | 'killed';
  readonly ok: boolean;
  readonly exitStatus: number | null;
  readonly exitMessage: string;
  /** What it ran with, by flat label. */
  readonly inputs: Readonly<Record<string, DataValue>>;
  /** Outputs by flat label. */
  readonly outputs: Readonly<Record<string, DataValue>>;
}

/**
 * A workflow's hands. Every call is recorded under its label; after a restart the function runs again from its first
 * line and recorded calls answer at once. So: decide only by inputs, by what steps gave back, by `now` and `random`.
 */
export interface Step {
  /** Runs a process as a step, or recalls what it gave. Labels are unique in one workflow. @throws StepFailed */
  call(
    label: string,
    process: { readonly spec: ProcessSpec },
    inputs: Readonly<Record<string, StepInput>>,
    options?: StepOptions,
  ): Promise<StepOutcome>;
  /** Milliseconds since 1970, as they were when the line ran first. */
  now(label: string): Promise<number>;
  /** In [0, 1), as it was when the line ran first. */
  random(label: string): Promise<number>;
  /** A pause that survives restarts. In milliseconds, rounded up; 100 years at most. */
  sleep(label: string, ms: number): Promise<void>;
  /**
   * Asks a person, and waits for the answer for as long as it takes; restarts do not matter. It is shown on the page of
   * the workflow and in the table, and who answered what is kept with the workflow.
   */
  ask(label: string, question: AskedQuestion): Promise<GivenAnswer>;
  /**
   * Keeps a fact of the workflow as the attribute `name` of its node; the last value counts. It is provenance: sealed
   * with the node. Names have letters, digits and `_`, and are none of the engine's own.
   */
  annotate(name: string, value: PlainJson): void;
  /** A line in the workflow's report; written once however often the function runs again. */
  report(message: string): void;
}

/** Thrown by `step.call` when the process did not end well. */
export class StepFailed extends Error {
  readonly label: string;
  readonly outcome: StepOutcome;

  constructor(label: string, outcome: StepOutcome) {
    super(`Step “${label}” ended with exit status ${outcome.exitStatus ?? 'none'}: ${outcome.exitMessage}`);
    this.name = 'StepFailed';
    this.label = label;
    this.outcome = outcome;
  }
}

/** Thrown, or returned, by a workflow or a calculation function to end with one of its own exit codes. */
export class Exit extends Error {
  readonly label: string;
  readonly values: Readonly<Record<string, string | number>>;

  constructor(label: string, values: Readonly<Record<string, string | number>> = {}) {
    super(`Exit with ${label}`);
    this.name = 'Exit';
    this.label = label;
    this.values = values;
  }
}
