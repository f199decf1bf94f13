import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { StemmaError } from '#shared/base/errors.ts';
import { notAnArchive } from './archive-errors.ts';
import { budgets } from './budgets.ts';
import type { FileReader } from './file-reader.ts';
import { foreignVersion, parseMetadata } from './metadata.ts';

/** How far into a tar file the metadata is looked for. */
const searchBytes = 64e6;

/**
 * What a file is that is no zip: an error that says so, with its version where it is an archive of old (AiiDA before
 * 1.0 wrote tar files). null for what looks like a zip.
 */
export async function describeOther(file: FileReader, name: string): Promise<StemmaError | null> {
  const start = file.at(0, 262);
  if (start.length === 0) return notAnArchive(name, 'it is empty');
  const gzip = start[0] === 0x1f && start[1] === 0x8b;
  const tar = start.toString('latin1', 257, 262) === 'ustar';
  if (!gzip && !tar) return null;
  const version = await tarVersion(file, gzip).catch(() => null);
  return version === null
    ? notAnArchive(name, `it is a ${gzip ? 'gzip' : 'tar'} file without the metadata of an archive`)
    : foreignVersion(name, version);
}

async function tarVersion(file: FileReader, gzip: boolean): Promise<string | null> {
  const raw = Readable.from(piecesOf(file, gzip ? searchBytes / 4 : searchBytes));
  const content = gzip ? raw.pipe(createGunzip()) : raw;
  const tar = extract();
  content.on('error', (error) => tar.destroy(error));
  let seen = 0;
  for await (const entry of content.pipe(tar)) {
    seen += entry.header.size ?? 0;
    if (seen > searchBytes) return null;
    if (entry.header.name.replace(/^\.\//, '') !== 'metadata.json' || seen > budgets.metadata) {
      entry.resume();
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    return parseMetadata(Buffer.concat(chunks), 'metadata.json').version;
  }
  return null;
}

function* piecesOf(file: FileReader, limit: number): Generator<Buffer> {
  for (let at = 0; at < Math.min(file.size, limit); at += 1 << 16) yield file.at(at, 1 << 16);
}
