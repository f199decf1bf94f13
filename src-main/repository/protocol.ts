import type { MessagePort } from 'node:worker_threads';
import type { ErrorInfo } from '#shared/base/errors.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { LetGo, Purging, RepositoryProblem, StoredObject } from './types.ts';

/** What the files thread is asked. Bytes travel joined, with the length of each object, and are handed over. */
export type FilesRequest =
  | { readonly kind: 'put'; readonly bytes: Uint8Array; readonly lengths: readonly number[] }
  /** With what is expected: goes on with what there is of it. */
  | { readonly kind: 'open'; readonly expected?: StoredObject }
  | { readonly kind: 'write'; readonly sink: number; readonly bytes: Uint8Array }
  | { readonly kind: 'finish'; readonly sink: number }
  | { readonly kind: 'abort'; readonly sink: number }
  /** With `keep`, what is there stays while the one who asks is there. */
  | { readonly kind: 'sizes'; readonly hashes: readonly ObjectHash[]; readonly keep: boolean }
  | { readonly kind: 'totals' }
  | { readonly kind: 'check'; readonly part: CheckPart; readonly readAll: boolean }
  /** Before the names of objects are read, and after the last was let go; ends by itself when the port closes. */
  | { readonly kind: 'collect'; readonly begins: boolean }
  | { readonly kind: 'let-go'; readonly hashes: readonly ObjectHash[] }
  | { readonly kind: 'held'; readonly hashes: readonly ObjectHash[] }
  /** Milliseconds since 1970. */
  | { readonly kind: 'set-aside'; readonly hashes: readonly ObjectHash[]; readonly time: number }
  | { readonly kind: 'bring-back'; readonly hashes: readonly ObjectHash[] }
  | { readonly kind: 'drop'; readonly hashes: readonly ObjectHash[] }
  /** A part of the compaction of the index. */
  | { readonly kind: 'compact' }
  | { readonly kind: 'attach'; readonly port: MessagePort }
  | { readonly kind: 'close' };

/** A check goes part by part, so that it can be followed and ended. `after` is a hash; empty for the first page. */
export type CheckPart =
  | { readonly kind: 'structure' }
  | { readonly kind: 'objects'; readonly after: Uint8Array }
  | { readonly kind: 'leftovers' };

export interface CheckedPart {
  readonly problems: readonly RepositoryProblem[];
  /** Objects that were looked at. */
  readonly checked: number;
  /** How many objects there are, which only `structure` says; null where the index cannot be read. */
  readonly total: number | null;
  /** Where the next page of objects begins; null after the last. */
  readonly next: Uint8Array | null;
}

export interface FilesReplies {
  readonly put: readonly StoredObject[];
  /** `at`: bytes that are here already. */
  readonly open: { readonly sink: number; readonly at: number };
  readonly write: null;
  readonly finish: StoredObject;
  readonly abort: null;
  readonly sizes: readonly (number | null)[];
  readonly totals: { readonly objects: number; readonly bytes: number };
  readonly check: CheckedPart;
  readonly collect: null;
  readonly 'let-go': LetGo;
  readonly held: readonly boolean[];
  readonly 'set-aside': Purging & { readonly held: readonly ObjectHash[] };
  readonly 'bring-back': Purging;
  readonly drop: Purging;
  readonly compact: { readonly left: number; readonly bytes: number };
  readonly attach: null;
  readonly close: null;
}

export interface FilesCall {
  readonly id: number;
  readonly request: FilesRequest;
}

export type FilesReply =
  | { readonly id: number; readonly ok: true; readonly value: FilesReplies[keyof FilesReplies] }
  | { readonly id: number; readonly ok: false; readonly error: ErrorInfo };

/** The first message of the thread: it is ready, or why it cannot be. */
export type FilesReady = { readonly ready: true } | { readonly ready: false; readonly error: ErrorInfo };
