import path from 'node:path';
import { notAnArchive } from './archive-errors.ts';
import { FileReader } from './file-reader.ts';

/** @throws StemmaError `not-an-archive` where the file cannot be opened */
export function openFile(file: string): FileReader {
  try {
    return new FileReader(file);
  } catch (error) {
    throw notAnArchive(path.basename(file), `it cannot be opened (${(error as Error).message})`, error);
  }
}
