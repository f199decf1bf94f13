import { Readable } from 'node:stream';
import type { Progress } from '#shared/contract/common.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { filesOf, readRepositoryTree } from '#shared/provenance/repository-tree.ts';
import type { Repository } from '../../../repository/types.ts';
import { checkRoom } from '../container/budgets.ts';
import { archiveDamaged } from '../container/archive-errors.ts';
import type { OpenArchive } from '../open-archive.ts';
import type { ImportLog } from './import-log.ts';
import { readJsonObject } from './json-text.ts';
import { counted } from './words.ts';

const pageBytes = 4 << 20;

export interface FilesContext {
  readonly archive: OpenArchive;
  readonly repository: Repository;
  readonly log: ImportLog;
  /** On the disk that receives the files. */
  readonly cache: string;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** The files that nodes name and that are not here yet, in the order in which the archive has them. */
export async function missingFiles({
  archive,
  repository,
  log,
  signal,
}: FilesContext): Promise<readonly ObjectHash[]> {
  const named = await namedFiles(archive, log, signal);
  const missing: ObjectHash[] = [];
  for (const page of pagesOf([...named], 1000)) {
    const sizes = await repository.sizes(page.map(([hash]) => hash));
    signal.throwIfAborted();
    for (const [i, [hash, node]] of page.entries()) {
      if (sizes[i] !== null) {
        log.counts.files.identical++;
        continue;
      }
      const size = archive.zip.objectSize(hash);
      if (size === null) {
        log.conflict(node, `its file ${hash.slice(0, 12)}… is neither in the archive nor in this profile.`);
        continue;
      }
      log.counts.files.new++;
      log.bytes += size;
      missing.push(hash);
    }
  }
  const unnamed =
    archive.zip.objectCount -
    [...named.keys()].filter((hash) => archive.zip.objectSize(hash) !== null).length;
  if (unnamed > 0)
    log.note(`Left out: ${counted(unnamed, 'file that no node names', 'files that no node names')}.`);
  if (archive.zip.ignored > 0) {
    log.note(
      `Left out: ${counted(archive.zip.ignored, 'entry', 'entries')} of the file that the format does not know.`,
    );
  }
  return archive.zip.inFileOrder(missing);
}

/** Each file with one node that names it, for messages. */
async function namedFiles(
  archive: OpenArchive,
  log: ImportLog,
  signal: AbortSignal,
): Promise<ReadonlyMap<ObjectHash, string>> {
  const named = new Map<ObjectHash, string>();
  for await (const page of archive.pages('nodeFiles', signal)) {
    for (const { uuid, repository } of page) {
      if (repository === '{}') continue;
      const json = readJsonObject(repository);
      if (!json.ok) {
        log.conflict(uuid, `the text of its list of files ${json.why}.`);
        continue;
      }
      try {
        for (const [, hash] of filesOf(readRepositoryTree(json.value))) {
          if (!named.has(hash)) named.set(hash, uuid);
        }
      } catch (error) {
        log.conflict(uuid, `its list of files: ${(error as Error).message}`);
      }
    }
  }
  return named;
}

/**
 * Stores files. They are durable when it returns; no row names them yet, so that an import that ends here has changed
 * nothing. @throws StemmaError `archive-damaged` for a file whose content is not what its name says
 */
export async function storeFiles(
  { archive, repository, log, cache, progress, signal }: FilesContext,
  hashes: readonly ObjectHash[],
): Promise<void> {
  checkRoom(archive.zip.name, log.bytes, cache);
  let done = 0;
  let page: { readonly hash: ObjectHash; readonly content: Buffer }[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    const stored = await repository.putMany(page.map(({ content }) => content));
    for (const [i, { hash }] of page.entries()) expectHash(hash, stored[i]?.hash);
    done += page.length;
    page = [];
    size = 0;
    progress({ done, total: hashes.length, unit: 'files', words: 'Storing files' });
    signal.throwIfAborted();
  };
  for (const hash of hashes) {
    const content = archive.zip.object(hash);
    if (content instanceof Readable) {
      expectHash(hash, (await repository.putStream(content, signal)).hash);
      done++;
      continue;
    }
    page.push({ hash, content });
    size += content.length;
    if (size >= pageBytes || page.length >= 1000) await flush();
  }
  await flush();
}

function expectHash(wanted: ObjectHash, got: ObjectHash | undefined): void {
  if (got === wanted) return;
  throw archiveDamaged(
    wanted,
    `the content of the file ${wanted.slice(0, 12)}… does not have the hash that is its name`,
  );
}

function* pagesOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
