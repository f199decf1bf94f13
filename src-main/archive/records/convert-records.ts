import { Lane } from '../../isolate/lane.ts';
import { forkChild } from '../../isolate/peer.ts';
import { residentMemory } from '../../isolate/resident-memory.ts';

export interface ConvertQuestion {
  /** The folder or file of the other system. */
  readonly place: string;
  /** Where the archive goes, a new file of ours. */
  readonly target: string;
}

/** What was found, before anything is imported. */
export interface RecordsSummary {
  readonly system: string;
  /** Of their format; empty where it says none. */
  readonly version: string;
  readonly nodes: number;
  readonly links: number;
  /** Links that the system did not record itself. */
  readonly inferredLinks: number;
  readonly notes: readonly string[];
}

const words = {
  code: 'records-reader-stopped',
  what: 'The process that reads the records',
  hint: 'Nothing was changed. The files may be made to do harm; ask whoever gave them to you.',
};

/**
 * Writes the records of another system (signac, Parsl, FireWorks, Snakemake) as an archive, in a process that may die.
 * @throws StemmaError `no-records`, `records-damaged`, `records-too-large`, `records-reader-stopped`
 */
export async function convertRecords(
  question: ConvertQuestion,
  signal: AbortSignal,
): Promise<RecordsSummary> {
  signal.throwIfAborted();
  const limits = { deadlineMs: 10 * 60_000, memoryBytes: 2_000_000_000 };
  const lane = new Lane(forkChild(residentMemory)('records-child'), limits, words);
  const stop = (): void => lane.close();
  signal.addEventListener('abort', stop);
  try {
    return (await lane.ask('convert', question)) as RecordsSummary;
  } finally {
    signal.removeEventListener('abort', stop);
    lane.close();
  }
}
