import type { Readable } from 'node:stream';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { ObjectStore } from '../engine/ports.ts';

/** What an object is known by. */
export interface StoredObject {
  readonly hash: ObjectHash;
  /** Bytes. */
  readonly size: number;
}

/** A lie that `check` found: an object that is not what its name says, or that is not there. */
export interface RepositoryProblem {
  readonly code: 'object-damaged' | 'object-missing' | 'object-misnamed' | 'object-leftover';
  readonly subject: string;
  readonly message: string;
}

/** An object that comes in more than one go. Exactly one of `finish` and `release` ends it. */
export interface PartialObject {
  /** Bytes that are here already: the first ones. */
  readonly at: number;
  /** Takes what follows; what has come before the source fails, or the signal aborts, is kept. */
  append(source: Readable, signal: AbortSignal): Promise<void>;
  /** Null where what has come is not the object: then nothing of it is kept. */
  finish(): Promise<StoredObject | null>;
  /** Leaves what has come for the next time, for two weeks. */
  release(): Promise<void>;
}

/** An object whose content a person has purged; its name and its size stay. */
export interface PurgedObject extends StoredObject {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The content is only set aside: it can be brought back. */
  readonly kept: boolean;
}

/** Objects whose content was set aside, brought back or dropped. */
export interface Purging {
  readonly objects: number;
  readonly bytes: number;
}

/** What became of objects that nobody names. */
export interface LetGo {
  /** How many were taken away, and the room that they had. */
  readonly objects: number;
  readonly bytes: number;
  /** Objects that stay because somebody may be about to name them. */
  readonly held: number;
}

export interface CheckedRepository {
  readonly problems: readonly RepositoryProblem[];
  readonly checked: number;
  /** Objects that rows name and whose content was purged: no damage. */
  readonly purged: number;
}

/** Whoever waits for a check. */
export interface CheckFollower {
  readonly signal: AbortSignal;
  /** How many objects have been looked at; `total` is null where the index does not say how many there are. */
  readonly onProgress: (done: number, total: number | null) => void;
}

/**
 * The content-addressed store of one profile. An object is durable before its hash is given out, so a row that names
 * it can never name what a power cut took. Every read of a whole object compares it with its name.
 */
export interface Repository extends ObjectStore {
  putStream(source: Readable, signal?: AbortSignal): Promise<StoredObject>;
  /**
   * Goes on with an object of which hash and size are known beforehand, also after a crash. What is here is read once
   * for that. Of two at once for one object the second begins anew.
   */
  resume(expected: StoredObject): Promise<PartialObject>;
  /** `start` and `end` (exclusive) in bytes; a part of an object is not compared with the hash. */
  stream(hash: ObjectHash, range?: { readonly start: number; readonly end: number }): Readable;
  /** null where the object is not there. */
  size(hash: ObjectHash): Promise<number | null>;
  /**
   * @param keep what is there is about to be named, without being put again: nobody lets go of it before the asking
   *   thread has ended
   */
  sizes(hashes: readonly ObjectHash[], keep?: boolean): Promise<readonly (number | null)[]>;
  /** In the order of the hashes; null for each that nobody purged, or whose content has come again since. */
  purged(hashes: readonly ObjectHash[]): Promise<readonly (PurgedObject | null)[]>;
  totals(): Promise<{ readonly objects: number; readonly bytes: number }>;
  /**
   * @param named the hashes that rows name: each must be there
   * @param readAll read every object again, not only its size
   * @throws the reason of the signal, where it aborts: nothing was changed by then but leftovers that were removed
   */
  check(
    named: AsyncIterable<ObjectHash> | Iterable<ObjectHash>,
    readAll: boolean,
    follow?: CheckFollower,
  ): Promise<CheckedRepository>;
  close(): Promise<void>;
}

/** A repository that can also let go of objects. */
export interface FreeableRepository extends Repository {
  /**
   * Names are read and objects let go inside of `work`. Whatever was put, or asked for with `keep`, by somebody who had
   * not ended when it began, stays.
   */
  collect<T>(work: () => Promise<T>): Promise<T>;
  /** Lets objects go that no row names. Only inside of `collect`. */
  letGo(hashes: readonly ObjectHash[]): Promise<LetGo>;
  /** In the order of the hashes: whether somebody may be about to name it, so that it must stay. */
  held(hashes: readonly ObjectHash[]): Promise<readonly boolean[]>;
  /**
   * Purges the content of objects, which can be brought back until it is dropped. Who reads one is told of it. Whatever
   * comes again by itself is an object as before. Only inside of `collect`.
   * @param time milliseconds since 1970
   * @returns with the hashes that stay, because somebody may be about to name them
   */
  setAside(
    hashes: readonly ObjectHash[],
    time: number,
  ): Promise<Purging & { readonly held: readonly ObjectHash[] }>;
  /** Takes `setAside` back. What was dropped stays gone. */
  bringBack(hashes: readonly ObjectHash[]): Promise<Purging>;
  /** Lets go of content that is set aside, for good. That it was purged stays known. */
  drop(hashes: readonly ObjectHash[]): Promise<Purging>;
  /** Gives a part of the room that is free inside of the index back to the disk. @throws StemmaError `disk-short` */
  compact(): Promise<{ readonly left: number; readonly bytes: number }>;
}
