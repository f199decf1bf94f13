/** What is spoilt: small archives that are made here, and real ones where they are. */
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { fromBufferPromise } from 'yauzl';
import { legacyVersions } from '#main/archive/aiida/container/versions.ts';
import { sharedArchives } from '../support/shared-archives.ts';
import type { Container, Source } from './draft.ts';
import { oldSource } from './made/old-source.ts';
import { smallSource } from './made/small-source.ts';

/** Larger ones take too long for what they add. */
const largest = 300_000;

async function zipEntries(bytes: Buffer): Promise<Source['entries']> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false });
  const entries: { name: string; data: Buffer }[] = [];
  for await (const entry of zip.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
    entries.push({ name: entry.fileNameRaw.toString('latin1'), data: Buffer.concat(pieces) });
  }
  return entries;
}

async function tarEntries(bytes: Buffer): Promise<Source['entries']> {
  const entries: { name: string; data: Buffer }[] = [];
  for await (const entry of Readable.from([bytes]).pipe(extract())) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    if (entry.header.type === 'file') entries.push({ name: entry.header.name, data: Buffer.concat(pieces) });
  }
  return entries;
}

async function readSource(path: string, name: string, version: string): Promise<Source | null> {
  const bytes = readFileSync(path);
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const container: Container = bytes.toString('latin1', 0, 2) === 'PK' ? 'zip' : gzip ? 'tar.gz' : 'tar';
  try {
    const entries =
      container === 'zip' ? await zipEntries(bytes) : await tarEntries(gzip ? gunzipSync(bytes) : bytes);
    return entries.length === 0 ? null : { name, version, container, entries };
  } catch {
    // the collection holds files that are no archives; spoilt further they show nothing new
    return null;
  }
}

/** Of every version; understood best, and smallest. */
export function sourcesMadeHere(folder: string): readonly Source[] {
  return [
    smallSource(folder, 1),
    smallSource(folder, 3),
    smallSource(folder, 40),
    ...['1.0', 'main_0000', 'main_0002'].map((version) => smallSource(folder, 1, version)),
    ...legacyVersions.flatMap((version) => [oldSource(version, 'zip'), oldSource(version, 'tar.gz')]),
  ];
}

/** Those that are made here, and the real ones where they are; without any of the latter a seed means the same everywhere. */
export async function sources(folder: string, own: boolean): Promise<Sources> {
  const made = sourcesMadeHere(folder);
  if (own) return { made, real: [] };
  const real: Source[] = [];
  for (const { path, file, version } of sharedArchives()) {
    const bytes = readFileSync(path);
    if (bytes.length > largest) continue;
    const source = await readSource(path, file, version);
    if (source !== null) real.push(source);
  }
  return { made, real };
}

export interface Sources {
  readonly made: readonly Source[];
  readonly real: readonly Source[];
}
