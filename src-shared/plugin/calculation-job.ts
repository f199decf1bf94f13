import type { DataDraft } from '../provenance/data-drafts.ts';
import type { CodeValue, DataValue, NodeFiles, RemoteValue } from './values.ts';

/** One run line of the job script. */
export interface CodeRun {
  readonly code: CodeValue;
  /** Each becomes one quoted word. */
  readonly arguments?: readonly string[];
  readonly stdin?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  /** stderr goes where stdout goes. */
  readonly joinFiles?: boolean;
  readonly withMpi?: boolean;
}

/** A file or a folder in the work directory of a former job; `path` may be a pattern, `.` is the folder itself. */
export interface RemoteFile {
  readonly from: RemoteValue;
  readonly path: string;
  readonly to: string;
  /** Left out where it is not there. Otherwise the job waits for a person: without the file it would waste its time. */
  readonly optional?: boolean;
}

/** What `prepare` returns: everything that must be on the computer, what runs there, and what comes back. */
export interface CalcInfo {
  /** Written into the work directory and kept in the provenance of the job. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Files of data nodes, put into the work directory but not kept again. */
  readonly localCopies?: readonly { readonly from: DataValue; readonly path: string; readonly to: string }[];
  /** Files that are on the same computer already. They come last: one of the same name takes the place of others. */
  readonly remoteCopies?: readonly RemoteFile[];
  readonly remoteSymlinks?: readonly RemoteFile[];
  readonly runs: readonly CodeRun[];
  /** Run lines side by side (`&` and `wait`) instead of one after the other. */
  readonly parallel?: boolean;
  /** Paths or globs (`*`, `?`, `[…]`) in the work directory. */
  readonly retrieve: readonly string[];
  readonly prependText?: string;
  /** Right after the run lines, before all other text: `$?` is the exit status of the last command. */
  readonly appendText?: string;
}

/** What `prepare` knows besides its inputs. */
export interface PrepareContext {
  /** The computer's UUID, as the code or `metadata.computer` gave it. */
  readonly computer: string;
}

/** What `parse` works on. */
export interface ParseContext<Inputs> {
  readonly inputs: Inputs;
  /** The retrieved folder, with scheduler stdout and stderr. */
  readonly retrieved: NodeFiles;
  /** Exit status of the job script, from its end sentinel; null where the job was cut off. */
  readonly jobExitStatus: number | null;
  /**
   * What the scheduler says was the matter: 120 out of walltime, 110 out of memory, 140 a failed node. It is the exit
   * code of the job unless the parser gives another one, so a parser whose complaint follows from it keeps silent.
   */
  readonly schedulerExit: { readonly status: number; readonly message: string } | null;
}

/**
 * What a parser made of the files. A required output that is missing is an error of its own, unless an exit code is
 * given.
 */
export interface ParseResult {
  readonly outputs?: Readonly<Record<string, DataDraft>>;
  /** Omitted = success. A label of the definition's `exitCodes`. */
  readonly exit?: ExitRequest;
}

/** Ends a process with one of its own exit codes. `values` fill `{name}` in the message. */
export interface ExitRequest {
  readonly label: string;
  readonly values?: Readonly<Record<string, string | number>>;
}
