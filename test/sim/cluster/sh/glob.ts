import type { RemoteFiles, Viewer } from '../files/remote-files.ts';
import type { RemoteFolder } from '../files/nodes.ts';
import { hasPattern, patternOf } from './patterns.ts';

/** Paths that a pattern stands for, sorted as in the C locale. */
export function globPaths(files: RemoteFiles, viewer: Viewer, pattern: string): string[] {
  const isAbsolute = pattern.startsWith('/');
  let found: { readonly path: string; readonly folder: RemoteFolder | null }[] = [
    { path: isAbsolute ? '/' : '', folder: isAbsolute ? files.root : viewer.cwd },
  ];
  const parts = pattern.split('/').filter((part) => part !== '');
  for (const part of parts) {
    const next: typeof found = [];
    for (const { path, folder } of found) {
      if (folder === null) continue;
      const below = path === '' || path.endsWith('/') ? path : `${path}/`;
      const names = namesFor(files, viewer, folder, part);
      for (const name of names) {
        const full = `${below}${name}`;
        const node = files.look(viewer, full);
        next.push({ path: full, folder: node?.kind === 'folder' ? node : null });
      }
    }
    found = next;
  }
  return found.map(({ path }) => path);
}

function namesFor(files: RemoteFiles, viewer: Viewer, folder: RemoteFolder, part: string): string[] {
  const plain = part.replaceAll(/\\(.)/g, '$1');
  if (plain === '.' || plain === '..') return [plain];
  if (!hasPattern(part.replaceAll(/\\./g, ''))) {
    return files.child(viewer, folder, plain) === null ? [] : [plain];
  }
  const fits = patternOf(part);
  return files
    .names(viewer, folder)
    .filter((name) => (part.startsWith('.') || !name.startsWith('.')) && fits.test(name));
}
