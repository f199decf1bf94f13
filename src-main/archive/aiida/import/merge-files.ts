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
  const { container } = archive;
  const { named, newNodes } = await namedFiles(context);
  const missing: ObjectHash[] = [];
  /** What is nowhere. */
  const lost = new Set<ObjectHash>();
  let inArchive = 0;
  for (const page of pagesOf(named, 1000)) {
    const here = await repository.sizes(page, true);
    signal.throwIfAborted();
    for (const [i, hash] of page.entries()) {
      const size = container.objectSize(hash);
      if (size !== null) inArchive++;
      if (here[i] !== null) log.counts.files.identical++;
      else if (size === null) lost.add(hash);
      else {
        log.counts.files.new++;
        log.bytes += size;
        missing.push(hash);
      }
    }
  }
  if (lost.size > 0) await tellLost(context, lost);
  const unnamed = container.objectCount - inArchive;
  if (unnamed > 0)
    log.note(`Left out: ${counted(unnamed, 'file that no node names', 'files that no node names')}.`);
  if (container.ignored > 0) {
    log.note(
      `Left out: ${counted(container.ignored, 'entry', 'entries')} of the file that the format does not know.`,
    );
  }
  return { hashes: container.inFileOrder(missing), newNodes };
}

interface NamedFiles {
  readonly named: ReadonlySet<ObjectHash>;
  readonly newNodes: number;
}

async function namedFiles({ archive, log, here, signal }: FilesContext): Promise<NamedFiles> {
  const named = new Set<ObjectHash>();
  let newNodes = 0;
  for await (const page of archive.pages('nodeFiles', signal)) {
    newNodes += page.length - here(page).size;
    for (const { uuid, repository } of page) {
      const files = hashesIn(repository);
      if (files.ok) for (const hash of files.hashes) named.add(hash);
      else log.conflict('files', uuid, files.why);
    }
  }
  return { named, newNodes };
}

/** Says of each file that is nowhere which node names it; only then the archive is looked through for that. */
async function tellLost(
  { archive, log, signal }: FilesContext,
  lost: ReadonlySet<ObjectHash>,
): Promise<void> {
  const told = new Set<ObjectHash>();
  for await (const page of archive.pages('nodeFiles', signal)) {
    for (const { uuid, repository } of page) {
      const files = hashesIn(repository);
      for (const hash of files.ok ? files.hashes : []) {
        if (!lost.has(hash) || told.has(hash)) continue;
        told.add(hash);
        log.conflict(
          'files',
          uuid,
          `its file ${hash.slice(0, 12)}… is neither in the archive nor in this profile.`,
        );
      }
    }
    if (told.size === lost.size) return;
  }
}

type FileList =
  | { readonly ok: true; readonly hashes: readonly ObjectHash[] }
  | { readonly ok: false; readonly why: string };

const noFiles: FileList = { ok: true, hashes: [] };

/** @param repository the text in which a node names its files */
function hashesIn(repository: string): FileList {
  if (repository === '{}') return noFiles;
  const json = readJsonObject(repository);
  if (!json.ok) return { ok: false, why: `the text of its list of files ${json.why}.` };
  try {
    return { ok: true, hashes: [...filesOf(readRepositoryTree(json.value))].map(([, hash]) => hash) };
  } catch (error) {
    return { ok: false, why: `its list of files: ${(error as Error).message}` };
  }
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

function* pagesOf<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let page: T[] = [];
  for (const item of items) {
    page.push(item);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
