import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { hasWildcard, nameMatcher } from '#shared/paths/name-pattern.ts';
import { parsePattern, type Pattern } from '../../files/patterns.ts';
import { rawBytes, rawPath, uniqueTexts, type RawPath } from '../../files/raw-path.ts';
import { mismatch } from '../../files/shell-files.ts';
import type { ListedFile, Manifest, UploadRequest, WantedFile } from '../../transport.ts';
import { localError } from './local-errors.ts';

/** Names are bytes: a Buffer as path gives and takes them as they are. */
const absolute = (directory: string, raw: string): Buffer =>
  Buffer.concat([Buffer.from(`${directory}/`), rawBytes(raw as RawPath)]);

const exists = (path: Buffer | string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Below this a file is read and written at once, which is ten times as fast for a small one as a stream. */
const smallFile = 1_000_000;

async function hashOf(path: Buffer | string, size: number, signal: AbortSignal): Promise<ObjectHash> {
  const hash = createHash('sha256');
  if (size <= smallFile) return hash.update(await readFile(path)).digest('hex') as string as ObjectHash;
  await pipeline(createReadStream(path, { signal, highWaterMark: 1 << 18 }), hash);
  return hash.digest('hex') as string as ObjectHash;
}

async function collect(content: Readable): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/**
 * Begins anew where it was broken off: to compare what is there with what is ours, both would be read, which takes as
 * long as writing it.
 */
export async function localUpload(request: UploadRequest): Promise<{ readonly kept: boolean }> {
  const { directory, files, keepIf, open, signal } = request;
  try {
    for (const name of keepIf) if (await exists(join(directory, name))) return { kept: true };
    await outOfTheWay(directory);
    await mkdir(directory, { recursive: true });
    const folders = new Set(files.map((file) => dirname(join(directory, file.path))));
    for (const folder of folders) await mkdir(folder, { recursive: true });
    for (const file of files) {
      const path = join(directory, file.path);
      const mode = file.executable ? 0o755 : 0o644;
      if (file.size <= smallFile) {
        signal.throwIfAborted();
        await writeFile(path, await collect(open(file)), { flag: 'wx', mode });
      } else await pipeline(open(file), createWriteStream(path, { flags: 'wx', mode }), { signal });
    }
    for (const file of files) {
      signal.throwIfAborted();
      if ((await hashOf(join(directory, file.path), file.size, signal)) !== file.hash)
        throw mismatch(file.path, directory);
    }
    return { kept: false };
  } catch (thrown) {
    throw localError(thrown, directory);
  }
}

/** By renaming it first: nothing that still writes to the old folder writes to the new one. */
async function outOfTheWay(directory: string): Promise<void> {
  const old = `${directory}.old.${randomUUID()}`;
  try {
    await rename(directory, old);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw thrown;
  }
  await rm(old, { recursive: true, force: true });
}

/** Paths that a pattern stands for, one segment after the other, with `/` between. */
async function matches(directory: string, pattern: Pattern): Promise<RawPath[]> {
  if (pattern.kind === 'name') {
    return (await exists(absolute(directory, pattern.raw))) ? [pattern.raw] : [];
  }
  let found: string[] = [''];
  for (const segment of pattern.raw.split('/')) {
    const next: string[] = [];
    const fits = hasWildcard(segment) ? nameMatcher(segment) : null;
    for (const parent of found) {
      const names = fits === null ? [segment as RawPath] : await namesIn(absolute(directory, parent));
      for (const name of names) {
        const path = parent === '' ? name : `${parent}/${name}`;
        if (fits === null ? await exists(absolute(directory, path)) : fits(name)) next.push(path);
      }
    }
    found = next;
  }
  return found as RawPath[];
}

async function namesIn(folder: Buffer): Promise<RawPath[]> {
  try {
    return (await readdir(folder, { encoding: 'buffer' })).map(rawPath).toSorted();
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw thrown;
  }
}

interface Found {
  readonly files: Map<RawPath, number>;
  readonly skipped: Map<RawPath, string>;
}

/** @param named the person named it by itself, so a link is followed wherever it leads */
async function walk(
  directory: string,
  root: string,
  raw: RawPath,
  named: boolean,
  found: Found,
): Promise<void> {
  const path = absolute(directory, raw);
  const own = await lstat(path);
  const info = own.isSymbolicLink() && named ? await stat(path).catch(() => own) : own;
  if (info.isDirectory()) {
    for (const name of await namesIn(path)) {
      await walk(directory, root, `${raw}/${name}` as RawPath, false, found);
    }
  } else if (info.isFile()) found.files.set(raw, info.size);
  else if (info.isSymbolicLink()) {
    const target = await realpath(path, { encoding: 'buffer' }).catch(() => null);
    const behind = target === null ? null : await stat(target);
    if (target !== null && rawPath(target).startsWith(root + sep) && behind?.isFile() === true) {
      found.files.set(raw, behind.size);
    } else found.skipped.set(raw, 'it is a link out of the work directory');
  } else found.skipped.set(raw, 'it is no regular file');
}

/**
 * As `Transport.manifest`: names as bytes, links that lead out of the directory skipped, every file hashed. @throws
 * StemmaError with a cause of transport
 */
export async function localManifest(
  directory: string,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Manifest> {
  try {
    const root = rawPath(await realpath(directory, { encoding: 'buffer' }));
    const found: Found = { files: new Map(), skipped: new Map() };
    const unmatched: string[] = [];
    for (const text of texts) {
      signal.throwIfAborted();
      const pattern = parsePattern(text);
      const paths = await matches(directory, pattern);
      if (paths.length === 0) unmatched.push(text);
      for (const raw of paths) await walk(directory, root, raw, pattern.kind === 'name', found);
    }
    const names = uniqueTexts([...found.files.keys()]);
    const files: ListedFile[] = [];
    for (const [raw, size] of found.files) {
      const hash = await hashOf(absolute(directory, raw), size, signal);
      files.push({ raw, path: names[files.length] ?? '', size, hash });
    }
    const skippedNames = uniqueTexts([...found.skipped.keys()]);
    const whys = [...found.skipped.values()];
    return {
      files,
      unmatched,
      skipped: skippedNames.map((path, index) => ({ path, why: whys[index] ?? '' })),
    };
  } catch (thrown) {
    throw localError(thrown, directory);
  }
}

/**
 * As `Transport.fetch`: one file after the other, each from `from` on (bytes). @throws StemmaError with a cause of
 * transport
 */
export async function localFetch(
  directory: string,
  files: readonly WantedFile[],
  receive: (file: WantedFile, content: Readable) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (const file of files) {
    signal.throwIfAborted();
    const path = absolute(directory, file.raw);
    let content: Readable | null = null;
    try {
      content =
        file.size <= smallFile && file.from === undefined
          ? Readable.from([await readFile(path)])
          : createReadStream(path, { signal, start: file.from ?? 0, highWaterMark: 1 << 18 });
      await receive(file, content);
    } catch (thrown) {
      throw localError(thrown, directory);
    } finally {
      content?.destroy();
    }
  }
}
