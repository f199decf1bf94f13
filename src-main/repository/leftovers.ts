import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { discard } from './durable.ts';
import { hashOfLargeFile, type Layout } from './layout.ts';
import type { IndexReader } from './object-index.ts';
import type { ObjectWriter } from './object-writer.ts';

/** A file in the repository that is no object. */
export interface Leftover {
  readonly file: string;
  /** Relative to the root, for people. */
  readonly name: string;
  /** Whether we made it and nobody can want it: half written, or never entered in the index. */
  readonly ours: boolean;
}

async function* namesIn(directory: string): AsyncGenerator<{ name: string; isDirectory: boolean }> {
  for await (const entry of await opendir(directory)) {
    yield { name: entry.name, isDirectory: entry.isDirectory() };
  }
}

/** Everything in the folders of a repository that is no object, except what is being written at this moment. */
export async function* leftovers(
  layout: Layout,
  index: IndexReader,
  writer: Pick<ObjectWriter, 'live' | 'arriving'>,
): AsyncGenerator<Leftover> {
  for await (const { name } of namesIn(layout.temporary)) {
    if (writer.live.has(name)) continue;
    yield { file: path.join(layout.temporary, name), name: `temporary/${name}`, ours: true };
  }
  for await (const folder of namesIn(layout.large)) {
    const directory = path.join(layout.large, folder.name);
    if (!folder.isDirectory) {
      yield { file: directory, name: `large/${folder.name}`, ours: false };
      continue;
    }
    for await (const { name } of namesIn(directory)) {
      const found = { file: path.join(directory, name), name: `large/${folder.name}/${name}` };
      const hash = hashOfLargeFile(folder.name, name);
      if (hash === null) yield { ...found, ours: false };
      else if (!writer.arriving.has(hash) && !index.isFile(hash)) yield { ...found, ours: true };
    }
  }
}

/** Only for one that is `ours`; that it is gone already is fine. */
export const removeLeftover = (leftover: Leftover): Promise<void> => discard(leftover.file);
