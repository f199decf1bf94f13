import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A line of the index of real archives. Counts are those that AiiDA's own tools give. */
export interface IndexedArchive {
  readonly file: string;
  readonly path: string;
  readonly version: string;
  readonly aiida: string;
  readonly nodes: number;
  readonly links: number;
  readonly groups: number;
  readonly computers: number;
  readonly logs: number;
  readonly comments: number;
  readonly repo: number;
}

/** Where the collection of real archives would be. */
export const sharedFolder = join(
  process.env['STEMMA_SHARED'] ?? resolve(import.meta.dirname, '../../../shared'),
  'archives',
);
const index = join(sharedFolder, 'index.csv');

/** Why real archives cannot be read here; null where they are there. */
export const noSharedArchives: string | null = existsSync(index)
  ? null
  : `the collection of real archives is not at ${sharedFolder} (STEMMA_SHARED)`;

export function sharedArchives(): readonly IndexedArchive[] {
  if (noSharedArchives !== null) return [];
  const [head = '', ...lines] = readFileSync(index, 'utf8').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const number = (name: string): number => Number(cell(name));
    return {
      file: cell('file'),
      path: join(sharedFolder, cell('file')),
      version: cell('version'),
      aiida: cell('aiida'),
      nodes: number('nodes'),
      links: number('links'),
      groups: number('groups'),
      computers: number('computers'),
      logs: number('logs'),
      comments: number('comments'),
      repo: number('repo'),
    };
  });
}
