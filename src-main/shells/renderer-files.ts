import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { operationalError } from '#shared/base/errors.ts';

export interface RendererFile {
  readonly path: string;
  readonly contentType: string;
  /** Its name carries a hash of its content. */
  readonly immutable: boolean;
}

export interface RendererFiles {
  /** @param pathname of a URL, still encoded; `/` is the page. @returns null for whatever is not one of our files */
  find(pathname: string): RendererFile | null;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The built renderer, listed once. A request is looked up in the list and never turned into a path, so no spelling
 * of `..` leads out of the folder.
 * @throws StemmaError `renderer-missing`
 */
export function listRendererFiles(folder: string): RendererFiles {
  const files = new Map<string, RendererFile>();
  const list = (directory: string, prefix: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) list(path, `${prefix}${entry.name}/`);
      const contentType = contentTypes[extname(entry.name)];
      if (!entry.isFile() || contentType === undefined) continue;
      files.set(`${prefix}${entry.name}`, { path, contentType, immutable: prefix === '/assets/' });
    }
  };
  try {
    list(folder, '/');
  } catch (error) {
    throw missing(folder, error);
  }
  const page = files.get('/index.html');
  if (page === undefined) throw missing(folder);
  files.set('/', page);
  return { find: (pathname) => files.get(pathname) ?? null };
}

const missing = (folder: string, cause?: unknown): Error =>
  operationalError(
    {
      code: 'renderer-missing',
      message: `The interface of Stemma is not in ${folder}.`,
      hint: 'Build it with `npm run build`.',
    },
    cause,
  );
