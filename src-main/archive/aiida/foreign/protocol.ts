import type { ForeignCounts, ForeignTable } from './tables.ts';

/** What the child process is asked, one question at a time, and what it answers. */
export interface ForeignQuestions {
  /** Checks the file and opens it. */
  readonly open: {
    readonly input: { readonly file: string };
    readonly answer: null;
  };
  readonly counts: { readonly input: null; readonly answer: ForeignCounts };
  /** The next rows after the one with `after` as its rowid. */
  readonly page: {
    readonly input: { readonly table: ForeignTable; readonly after: number };
    readonly answer: ForeignPage;
  };
}

export type ForeignQuestion = keyof ForeignQuestions;

/** The next rows of a table, in the order of their rowid. */
export interface ForeignPage {
  /** `Cell[][]` as `v8.serialize` writes it: whoever hands it on need not look inside. */
  readonly rows: Uint8Array;
  readonly count: number;
  /** rowid of the last row; null when there are no more. */
  readonly last: number | null;
}
