/** A program that a job runs: what it is and where. */
export interface ProgramRun {
  /** The executable and its arguments. */
  readonly words: readonly string[];
  readonly stdin: string;
  readonly directory: string;
  readonly token: string;
  readonly jobId: string;
}

/** What it does, apart from taking its time. */
export interface ProgramResult {
  readonly stdout: string;
  readonly stderr?: string;
  readonly exitStatus: number;
  /** Content by path relative to its directory. */
  readonly files?: Readonly<Record<string, string>>;
}
