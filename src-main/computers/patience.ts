/**
 * How long the computers room waits for what lags behind, before it takes an absence for one. All in milliseconds.
 * Shorter times make Stemma decide on less: only a test, whose cluster is its own, has a reason for them.
 */
export interface Patience {
  /** For the notes of a job to appear after a final state: file servers lag behind. */
  readonly notesMs: number;
  /** For accounting to know of a job that has left the queue. */
  readonly accountingMs: number;
  /**
   * For accounting to answer where a job has noted that it ended, and not well: why (walltime, memory, somebody's wish)
   * accounting alone knows. Then the note must do.
   */
  readonly accountingDownMs: number;
  /**
   * Between two looks for a submission without receipt that both find nothing: longer than any list of a scheduler lags
   * behind a job that was accepted. See docs/submit-protocol.md.
   */
  readonly lookUpMs: number;
}

export const usualPatience: Patience = {
  notesMs: 60_000,
  accountingMs: 600_000,
  accountingDownMs: 3_600_000,
  lookUpMs: 90_000,
};
