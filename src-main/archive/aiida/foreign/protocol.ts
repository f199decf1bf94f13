import type { ErrorInfo } from '#shared/base/errors.ts';
import type { ForeignCounts, ForeignTable } from './tables.ts';

/** What the child process is asked: one question at a time. */
export type ForeignRequest =
  /** Checks the file and opens it. */
  | { readonly kind: 'open'; readonly file: string }
  | { readonly kind: 'counts' }
  /** The next rows after the one with `after` as its rowid. */
  | { readonly kind: 'page'; readonly table: ForeignTable; readonly after: number };

export interface ForeignPage {
  /** `Cell[][]` as `v8.serialize` writes it: whoever hands it on need not look inside. */
  readonly rows: Uint8Array;
  readonly count: number;
  /** rowid of the last row; null when there are no more. */
  readonly last: number | null;
}

export interface ForeignReplies {
  readonly open: null;
  readonly counts: ForeignCounts;
  readonly page: ForeignPage;
}

export type ForeignReply =
  | { readonly ok: true; readonly value: ForeignReplies[keyof ForeignReplies] }
  | { readonly ok: false; readonly error: ErrorInfo };
