/**
 * How a computer is reached: commands and files, the same for this machine and for one behind three SSH hops. Every
 * call settles: with an answer that was proved to be complete, or with an operational error, which always means that
 * it is not known what happened.
 */
import type { Readable } from 'node:stream';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { RawPath } from './files/raw-path.ts';

/** A script to run on a computer. */
export interface ExecRequest {
  /** What is asked, for errors: `the list of jobs`. */
  readonly what: string;
  /** POSIX sh. Text from outside goes into it only through `shellQuote`. Begins in the home directory. */
  readonly script: string;
  /** Comes on standard input of the script. */
  readonly input?: Uint8Array | AsyncIterable<Uint8Array>;
  /** `plain`: `LC_ALL=C` and UTC, to be read by a program. `user`: as the account has it, for what a job inherits. */
  readonly environment?: 'plain' | 'user';
  /** Bytes; more is refused. */
  readonly maxOutput?: number;
  /** Without any byte in or out for so long, the call fails with `timeout`. */
  readonly silenceMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** All that it printed; `stdout` is `bytes` read as UTF-8. An exit code other than 0 is an answer and no error. */
export interface ExecAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly bytes: Uint8Array;
  readonly stderr: string;
  /** What a login script printed around the answer. */
  readonly noise: string;
  /** From the question to the whole answer. */
  readonly ms: number;
}

export interface StreamAnswer {
  readonly exitCode: number;
  readonly stderr: string;
}

/** A file that is to be on the computer. */
export interface UploadFile {
  /** Relative to the directory, with `/`. */
  readonly path: string;
  readonly hash: ObjectHash;
  /** Bytes. */
  readonly size: number;
  readonly executable: boolean;
}

/** All that is to be in a directory, and nothing else. */
export interface UploadRequest {
  readonly directory: string;
  readonly files: readonly UploadFile[];
  /** Opens the content of a file, or a part of it (`start`, and `end` exclusive, in bytes). */
  readonly open: (file: UploadFile, range?: { readonly start: number; readonly end: number }) => Readable;
  /** Names of entries whose presence means that the directory must be left alone. */
  readonly keepIf: readonly string[];
  readonly signal: AbortSignal;
}

/** A file that is on the computer, with the hash of what is in it. */
export interface ListedFile {
  readonly raw: RawPath;
  /** The same as text, unique in its listing. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly hash: ObjectHash;
}

/** A listed file that is to be read, whole or from somewhere on. */
export interface WantedFile extends ListedFile {
  /** Bytes that are here already; such a file is asked for by itself, and its content begins after them. */
  readonly from?: number;
}

/** What patterns have found; in `unmatched` stand those that found nothing. */
export interface Manifest {
  readonly files: readonly ListedFile[];
  readonly unmatched: readonly string[];
  /** What matched and is not a file to take: a pipe, a link that leads out of the directory. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
}

/** A way to a computer: this machine, or SSH. Whatever it answers was proved to be complete. */
export interface Transport {
  readonly type: 'core.local' | 'core.ssh';
  /** @throws StemmaError of the operational family, see `transportCauses` */
  exec(request: ExecRequest): Promise<ExecAnswer>;
  /**
   * Makes `directory` hold exactly the files and compares each by hash, unless it has an entry of `keepIf`.
   * Resolves with whether it was left alone for that. What was cut may lie in `<directory>.part`, for the next time.
   */
  upload(request: UploadRequest): Promise<{ readonly kept: boolean }>;
  /** Files that match the patterns (folders with all in them), with their hashes. */
  manifest(directory: string, patterns: readonly string[], signal: AbortSignal): Promise<Manifest>;
  /** Reads files one after the other; `receive` must take all of `content` before it resolves. */
  fetch(
    directory: string,
    files: readonly WantedFile[],
    receive: (file: WantedFile, content: Readable) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Resolves when the computer has answered anything, however many commands are under way; rejects when it cannot be
   * asked. Where it is missing, a command that does nothing is as good.
   */
  signOfLife?(): Promise<void>;
  /** Resolves (never rejects) with the reason once it can no longer be used. */
  readonly closed: Promise<Error>;
  close(): void;
}
