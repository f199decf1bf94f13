import type { RecordsFound } from '#shared/contract/areas/records.ts';
import { Lane } from '../../isolate/lane.ts';
import { forkChild, type StartChild } from '../../isolate/peer.ts';
import { residentMemory } from '../../isolate/resident-memory.ts';

export interface ConvertQuestion {
  /** The folder or file of the other system. */
  readonly place: string;
  /** Where the archive goes, a new file of ours. */
  readonly target: string;
}

/** What was found, before anything is imported. */
export type RecordsSummary = Omit<RecordsFound, 'archive' | 'name'> & { readonly nodes: number };

const words = {
  code: 'records-reader-stopped',
  what: 'The process that reads the records',
  hint: 'Nothing was changed. The files may be made to do harm; ask whoever gave them to you.',
};

/**
 * Writes the records of another system (signac, Parsl, FireWorks, Snakemake) as an archive, in a process that may die.
 * @param startChild how a shell starts processes, where it is not by `fork`
 * @throws StemmaError `no-records`, `records-damaged`, `records-too-large`, `records-reader-stopped`
 */
export async function convertRecords(
  question: ConvertQuestion,
  signal: AbortSignal,
  startChild: StartChild = forkChild(residentMemory),
): Promise<RecordsSummary> {
  signal.throwIfAborted();
  const limits = { deadlineMs: 10 * 60_000, memoryBytes: 2_000_000_000 };
  const lane = new Lane(startChild('records-child'), limits, words);
  const stop = (): void => lane.close();
  signal.addEventListener('abort', stop);
  try {
    return (await lane.ask('convert', question)) as RecordsSummary;
  } finally {
    signal.removeEventListener('abort', stop);
    lane.close();
  }
}
