import { access, mkdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { safeName } from './uploads.ts';

/** Gives out paths for new files: `name.aiida`, `name (2).aiida` …; none is given twice, and none is there already. */
export function createFreePaths(folder: string): (name: string) => Promise<string> {
  const given = new Set<string>();
  const isTaken = async (path: string): Promise<boolean> =>
    given.has(path) ||
    (await access(path).then(
      () => true,
      () => false,
    ));
  return async (name) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { name: stem, ext } = parse(safeName(name));
    for (let number = 1; ; number++) {
      const path = join(folder, number === 1 ? `${stem}${ext}` : `${stem} (${number})${ext}`);
      if ((await isTaken(path)) || given.has(path)) continue;
      given.add(path);
      return path;
    }
  };
}
