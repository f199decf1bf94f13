import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { Emitter } from '#shared/base/emitter.ts';
import type { RecentArchive } from '#shared/contract/areas/openings.ts';
import type { ArchiveInfo, FileHandle } from '#shared/contract/areas/sharing.ts';
import type { FileHandles } from '../profile/file-handles.ts';
import { replaceFile } from '../profile/replace-file.ts';

const remembered = z.object({
  path: z.string(),
  version: z.string(),
  nodes: z.number(),
  /** Milliseconds since 1970. */
  opened: z.number(),
});
type Remembered = z.infer<typeof remembered>;

export interface RecentPlace {
  /** A small JSON file of the profile. */
  readonly file: string;
  readonly files: Pick<FileHandles, 'offer' | 'known'>;
  readonly now: () => number;
  readonly warn: (message: string) => void;
}

const most = 10;
const nothing = (): null => null;

/** The archives that were opened last. Their paths stay in the core; a window gets a handle of each that is still there. */
export class RecentArchives {
  readonly changes = new Emitter<void>();
  readonly #place: RecentPlace;
  readonly #handles = new Map<string, string>();
  #entries: Promise<readonly Remembered[]> | null = null;
  #written: Promise<void> = Promise.resolve();

  constructor(place: RecentPlace) {
    this.#place = place;
  }

  /** Newest first. What was moved or deleted is passed over; it is back when the file is. */
  async list(): Promise<readonly RecentArchive[]> {
    const found: RecentArchive[] = [];
    for (const { path, version, nodes, opened } of await this.#all()) {
      const file = await this.#handle(path);
      if (file !== null) found.push({ file, folder: folderOf(path), version, nodes, opened });
    }
    return found;
  }

  /** @param handle by which windows know the file */
  async note(
    path: string,
    handle: string,
    { version, nodes }: Pick<ArchiveInfo, 'version' | 'nodes'>,
  ): Promise<void> {
    this.#handles.set(path, handle);
    const others = (await this.#all()).filter((other) => other.path !== path);
    await this.#keep([{ path, version, nodes, opened: this.#place.now() }, ...others].slice(0, most));
  }

  forget(): Promise<void> {
    return this.#keep([]);
  }

  #all(): Promise<readonly Remembered[]> {
    this.#entries ??= this.#read();
    return this.#entries;
  }

  /** A list for convenience: one that cannot be read begins anew. */
  async #read(): Promise<readonly Remembered[]> {
    const { file, warn } = this.#place;
    try {
      return z
        .array(remembered)
        .parse(JSON.parse(await readFile(file, 'utf8')))
        .slice(0, most);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        warn(`The list of archives that were opened last cannot be read (${(error as Error).message}).`);
      return [];
    }
  }

  async #keep(entries: readonly Remembered[]): Promise<void> {
    this.#entries = Promise.resolve(entries);
    this.changes.emit();
    const { file, warn } = this.#place;
    // one after the other: two drafts of one file must not meet
    this.#written = this.#written
      .then(() => replaceFile(file, `${JSON.stringify(entries, null, 2)}\n`))
      .catch((error: unknown) =>
        warn(`The list of archives that were opened last cannot be written (${(error as Error).message}).`),
      );
    await this.#written;
  }

  /** The same handle each time, so that a window can go on where it was; null where the file is not there now. */
  async #handle(path: string): Promise<FileHandle | null> {
    const { files } = this.#place;
    const handle = this.#handles.get(path);
    // so many files may have been chosen since that the handle is forgotten
    const known = handle === undefined ? null : await files.known(handle).catch(nothing);
    const file = known ?? (await files.offer(path).catch(nothing));
    if (file !== null) this.#handles.set(path, file.handle);
    return file;
  }
}

/** What a page has sent lies in a folder of its own, whose name says nothing. */
function folderOf(path: string): string {
  const name = basename(dirname(path));
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name) ? '' : name;
}
