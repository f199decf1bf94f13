import type { ObjectHash, Uuid } from '#shared/provenance/ids.ts';
import { archiveUnsafe } from './archive-errors.ts';
import { budgets } from './budgets.ts';
import { entryKind } from './entry-grammar.ts';
import type { Member } from './member.ts';

/** A file of a node of an archive before AiiDA 2.0; no member for a folder. */
export interface NodePath {
  readonly uuid: Uuid;
  readonly path: string;
  readonly member: Member | null;
}

/** Whether a container may hand out what an entry says it is. */
export type EntryType = 'file' | 'folder' | 'other';

/** Objects by their hash. */
export interface ObjectMembers {
  readonly size: number;
  has(hash: ObjectHash): boolean;
  get(hash: ObjectHash): Member | undefined;
  values(): Iterable<Member>;
}

/** What a container holds, sorted by the grammar of names. */
export class FoundMembers {
  readonly objects: ObjectMembers;
  readonly loose = new Map<ObjectHash, Member>();
  readonly nodePaths: NodePath[] = [];
  metadata: Member | null = null;
  database: Member | null = null;
  data: Member | null = null;
  /** Entries that are not of the format. */
  ignored = 0;
  /** How many of them are folders. */
  ignoredFolders = 0;
  readonly #archive: string;
  readonly #objects = new Map<ObjectHash, Member>();
  #entries = 0;

  /** @param objects where a container has a place of its own for them: it adds them itself, and counts them here */
  constructor(archive: string, objects?: ObjectMembers) {
    this.#archive = archive;
    this.objects = objects ?? this.#objects;
  }

  /** One more entry. @throws StemmaError `archive-unsafe` where there are too many */
  count(): void {
    if (++this.#entries > budgets.entries) throw this.#unsafe(`it has more than ${budgets.entries} entries`);
  }

  /**
   * @param name of the entry, a folder's with `/` at its end
   * @param member makes the member; asked only for a file that the format knows
   * @throws StemmaError `archive-unsafe` for a part that is there twice or is no file
   */
  take(name: string, type: EntryType, member: () => Member): void {
    this.count();
    const kind = entryKind(name);
    switch (kind.kind) {
      case 'ignored':
        this.ignored++;
        if (name.endsWith('/')) this.ignoredFolders++;
        return;
      case 'folder':
        this.nodePaths.push({ uuid: kind.uuid, path: kind.path, member: null });
        return;
      case 'file':
        // a link, as some calculations have them: AiiDA leaves it out, too
        if (type === 'file') this.nodePaths.push({ uuid: kind.uuid, path: kind.path, member: member() });
        else this.ignored++;
        return;
      default:
    }
    if (type !== 'file') throw notRegular(this.#archive, name);
    if (kind.kind === 'object' || kind.kind === 'loose') {
      const objects = kind.kind === 'object' ? this.#objects : this.loose;
      if (objects.has(kind.hash)) throw thereTwice(this.#archive, name);
      objects.set(kind.hash, member());
      return;
    }
    if (this[kind.kind] !== null) throw thereTwice(this.#archive, name);
    this[kind.kind] = member();
  }

  #unsafe(why: string): Error {
    return archiveUnsafe(this.#archive, why);
  }
}

/** A part of the format that is a link, a device or a folder. */
export const notRegular = (archive: string, name: string): Error =>
  archiveUnsafe(archive, `“${name}” is not a regular file`);

/** Which of the two is meant? */
export const thereTwice = (archive: string, name: string): Error =>
  archiveUnsafe(archive, `“${name}” is in it twice`);

/** A container that was opened, and what closes it. */
export interface OpenMembers {
  readonly name: string;
  readonly found: FoundMembers;
  close(): void;
}
