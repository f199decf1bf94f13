import type { Progress } from '#shared/contract/common.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { ArchiveWords } from '../container/metadata.ts';

/** What the thread behind an open archive is asked, and what it answers. */
export interface BrowseQuestions {
  readonly open: {
    /** `folder` is empty and ours; what is unpacked goes there. */
    readonly input: { readonly file: string; readonly folder: string };
    readonly answer: ArchiveContents;
  };
  readonly sizes: {
    readonly input: { readonly hashes: readonly ObjectHash[] };
    readonly answer: readonly (number | null)[];
  };
  readonly read: {
    readonly input: { readonly hash: ObjectHash; readonly offset: number; readonly length: number };
    readonly answer: Uint8Array<ArrayBuffer>;
  };
}

export type BrowseQuestion = keyof BrowseQuestions;

/** Told by the thread while it opens, besides its answer. */
export interface OpeningNote {
  readonly progress: Progress;
}

/** What the container says, before anybody has read the database. */
export interface ArchiveContents {
  readonly says: ArchiveWords;
  readonly files: number;
  /** Sentences on how it was read. */
  readonly notes: readonly string[];
  /** The unpacked database: a stranger's, to be opened only in a process that may die. */
  readonly database: string;
}
