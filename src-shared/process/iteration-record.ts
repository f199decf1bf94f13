/** The attribute of a restart workflow that says what happened in each of its iterations. */
export const iterationsAttribute = 'restart_iterations';

/** What came of an iteration. */
export const iterationActions = [
  /** Good: its outputs are those of the workflow. */
  'done',
  /** The same again. */
  'again',
  /** Again, with other inputs or options. */
  'change',
  /** Again, going on from the work directory of the run before. */
  'restart-from-folder',
  'give-up',
  /** Nobody knew what to do. */
  'unhandled',
] as const;
export type IterationAction = (typeof iterationActions)[number];

/** Null stands for nothing there. */
export interface IterationChange {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** One run of the process that a restart workflow runs, and what was done about how it ended. As it is stored. */
export interface IterationRecord {
  readonly iteration: number;
  /** UUID of the process. */
  readonly process: string;
  readonly exit_status: number | null;
  readonly exit_message: string;
  /** Handlers that were asked, in their order; the last one acted, where one did. */
  readonly considered: readonly string[];
  readonly handler: string | null;
  readonly action: IterationAction;
  readonly says: string;
  readonly changes: readonly IterationChange[];
  /** Where a person was asked. `at` is ISO 8601 in UTC. */
  readonly answer: { readonly choice: string; readonly by: string; readonly at: string } | null;
}
