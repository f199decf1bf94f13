/** A program that a job runs: what it is and where. */
export interface ProgramRun {
  /** The executable and its arguments. */
  readonly words: readonly string[];
  readonly stdin: string;
  readonly directory: string;
  readonly token: string;
  readonly jobId: string;
}

/** What a program writes into a file while it runs, and how long it runs. */
export interface ProgramProgress {
  /** Relative to its directory. */
  readonly file: string;
  /** In order of time; `atMs` after its begin. */
  readonly lines: readonly { readonly atMs: number; readonly text: string }[];
  readonly totalMs: number;
}

/** What it does, apart from taking its time. */
export interface ProgramResult {
  readonly stdout: string;
  readonly stderr?: string;
  readonly exitStatus: number;
  /** Content by path relative to its directory. */
  readonly files?: Readonly<Record<string, string>>;
}
