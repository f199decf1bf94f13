import { Readable } from 'node:stream';
import type { Progress } from '#shared/contract/common.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { filesOf, readRepositoryTree } from '#shared/provenance/repository-tree.ts';
import { letGoOf } from '../../../isolate/lean-heap.ts';
import type { Repository } from '../../../repository/types.ts';
import { archiveDamaged } from '../container/archive-errors.ts';
import type { OpenArchive } from '../open-archive.ts';
import type { HereByUuid } from './here-by-uuid.ts';
import type { ImportLog } from './import-log.ts';
import { readJsonObject } from './json-text.ts';
import { counted } from './words.ts';

const pageBytes = 1 << 18;

export interface FilesContext {
  readonly archive: OpenArchive;
  readonly repository: Repository;
  readonly log: ImportLog;
  /** Which nodes are in the profile. */
  readonly here: HereByUuid<number>;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** What an import has to copy. */
export interface MissingFiles {
  /** In the order in which the archive has them. */
  readonly hashes: readonly ObjectHash[];
  /** How many nodes are not here yet. */
  readonly newNodes: number;
}

/** The files that nodes name and that are not here yet. */
export async function missingFiles(context: FilesContext): Promise<MissingFiles> {
  const { archive, repository, log, signal } = context;
  const { named, newNodes } = await namedFiles(context);
  const missing: ObjectHash[] = [];
  for (const page of pagesOf([...named], 1000)) {
    const sizes = await repository.sizes(
      page.map(([hash]) => hash),
      true,
    );
    signal.throwIfAborted();
    for (const [i, [hash, node]] of page.entries()) {
      if (sizes[i] !== null) {
        log.counts.files.identical++;
        continue;
      }
      const size = archive.container.objectSize(hash);
      if (size === null) {
        log.conflict(
          'files',
          node,
          `its file ${hash.slice(0, 12)}… is neither in the archive nor in this profile.`,
        );
        continue;
      }
      log.counts.files.new++;
      log.bytes += size;
      missing.push(hash);
    }
  }
  const unnamed =
    archive.container.objectCount -
    [...named.keys()].filter((hash) => archive.container.objectSize(hash) !== null).length;
  if (unnamed > 0)
    log.note(`Left out: ${counted(unnamed, 'file that no node names', 'files that no node names')}.`);
  if (archive.container.ignored > 0) {
    log.note(
      `Left out: ${counted(archive.container.ignored, 'entry', 'entries')} of the file that the format does not know.`,
    );
  }
  return { hashes: archive.container.inFileOrder(missing), newNodes };
}

interface NamedFiles {
  /** Each file with one node that names it, for messages. */
  readonly named: ReadonlyMap<ObjectHash, string>;
  readonly newNodes: number;
}

async function namedFiles({ archive, log, here, signal }: FilesContext): Promise<NamedFiles> {
  const named = new Map<ObjectHash, string>();
  let newNodes = 0;
  for await (const page of archive.pages('nodeFiles', signal)) {
    newNodes += page.length - here(page).size;
    for (const { uuid, repository } of page) {
      if (repository === '{}') continue;
      const json = readJsonObject(repository);
      if (!json.ok) {
        log.conflict('files', uuid, `the text of its list of files ${json.why}.`);
        continue;
      }
      try {
        for (const [, hash] of filesOf(readRepositoryTree(json.value))) {
          if (!named.has(hash)) named.set(hash, uuid);
        }
      } catch (error) {
        log.conflict('files', uuid, `its list of files: ${(error as Error).message}`);
      }
    }
  }
  return { named, newNodes };
}

/**
 * Stores files. They are durable when it returns; no row names them yet, so that an import that ends here has changed
 * nothing. @throws StemmaError `archive-damaged` for a file whose content is not what its name says
 */
export async function storeFiles(
  { archive, repository, log, progress, signal }: FilesContext,
  hashes: readonly ObjectHash[],
): Promise<void> {
  let done = 0;
  const tell = (bytes: number): void => {
    done += bytes;
    progress({ done, total: log.bytes, unit: 'bytes', words: 'Storing files' });
  };
  let page: { readonly hash: ObjectHash; readonly content: Buffer }[] = [];
  let size = 0;
  /** One page is stored while the next one is read. */
  let storing: Promise<void> = Promise.resolve();
  const store = async (sent: typeof page, bytes: number): Promise<void> => {
    const stored = await repository.putMany(sent.map(({ content }) => content));
    for (const [i, { hash }] of sent.entries()) expectHash(hash, stored[i]?.hash);
    tell(bytes);
    letGoOf(bytes * 2);
  };
  const flush = async (): Promise<void> => {
    await storing;
    signal.throwIfAborted();
    storing = store(page, size);
    storing.catch(() => undefined); // heard at the next page, or at the end
    page = [];
    size = 0;
  };
  for (const hash of hashes) {
    const content = archive.container.object(hash);
    if (content instanceof Readable) {
      const counted = Readable.from(told(content, tell));
      expectHash(hash, (await repository.putStream(counted, signal)).hash);
      continue;
    }
    page.push({ hash, content });
    size += content.length;
    if (size >= pageBytes || page.length >= 256) await flush();
  }
  await flush();
  await storing;
  signal.throwIfAborted();
}

async function* told(content: Readable, tell: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const piece of content) {
    yield piece as Buffer;
    tell((piece as Buffer).length);
  }
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
