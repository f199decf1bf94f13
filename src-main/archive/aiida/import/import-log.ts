import { userError } from '#shared/base/errors.ts';
import {
  commentModes,
  extrasModes,
  type CommentMode,
  type ExtrasMode,
} from '#shared/contract/areas/import-modes.ts';
import {
  mergedKinds,
  type ArchiveInfo,
  type ConflictReason,
  type DiskUse,
  type ImportReport,
  type MergedKind,
} from '#shared/contract/areas/sharing.ts';

/** `new` is what came, `identical` what is here as it is, `changed` what is here with another content. */
export interface Counts {
  new: number;
  identical: number;
  changed: number;
}

/** Kinds of things that are listed by name. */
export type Named = keyof ImportReport['names'];

const mostNames = 50;
const mostNotes = 100;
const mostConflicts = 100;
const mostDiffering = 50;
const none = (): Counts => ({ new: 0, identical: 0, changed: 0 });

/**
 * What an import found, and whether it may go on: a preview collects what stands in the way, an import stops at the
 * first of it.
 */
export class ImportLog {
  readonly counts = forEach(mergedKinds, none);
  readonly conflicting = forEach(mergedKinds, () => 0);
  readonly updates = { extras: 0, comments: 0 };
  /** What each mode would change. */
  readonly choices: {
    readonly extras: Record<ExtrasMode, number>;
    readonly comments: Record<CommentMode, number>;
  } = { extras: forEach(extrasModes, () => 0), comments: forEach(commentModes, () => 0) };
  resumed: ImportReport['resumed'] = null;
  disk: DiskUse = { files: 0, database: 0, temporary: 0, free: 0, keep: 0 };
  bytes = 0;
  readonly #stopAtConflict: boolean;
  readonly #names: Readonly<Record<Named, string[]>> = { groups: [], computers: [], users: [] };
  readonly #notes: string[] = [];
  readonly #conflicts: ImportReport['conflicts'] = [];
  readonly #differing: ImportReport['differing'] = [];
  #moreNotes = 0;

  constructor(stopAtConflict: boolean) {
    this.#stopAtConflict = stopAtConflict;
  }

  /** What the archive calls one of its groups, computers or users. */
  name(of: Named, text: string): void {
    if (this.#names[of].length < mostNames) this.#names[of].push(text);
  }

  note(text: string): void {
    if (this.#notes.length < mostNotes) this.#notes.push(text);
    else this.#moreNotes++;
  }

  /** Something that is here with another content. */
  differs(one: ImportReport['differing'][number]): void {
    if (this.#differing.length < mostDiffering) this.#differing.push(one);
  }

  /**
   * @param name what people call the subject; empty where it has no name
   * @param why otherwise than because the archive contradicts itself
   * @throws StemmaError `import-refused` in an import; a preview goes on, to show all of them
   */
  conflict(
    of: MergedKind,
    subject: string,
    message: string,
    name = '',
    why: ConflictReason = 'damaged',
  ): void {
    if (this.#stopAtConflict) throw refused(subject, message, name);
    this.conflicting[of]++;
    if (this.#conflicts.length < mostConflicts) this.#conflicts.push({ of, subject, name, message, why });
  }

  report(info: ArchiveInfo, created: string, group: ImportReport['group']): ImportReport {
    const notes = [...this.#notes];
    if (this.#moreNotes > 0) notes.push(`There are ${this.#moreNotes} more notes.`);
    const { updates, choices, resumed, disk, bytes, conflicting } = this;
    return {
      info,
      created,
      names: this.#names,
      ...this.counts,
      bytes,
      disk,
      updates,
      choices,
      differing: this.#differing,
      resumed,
      notes,
      conflicts: this.#conflicts,
      conflicting,
      group,
    };
  }
}

function forEach<Key extends string, Value>(keys: readonly Key[], value: () => Value): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, value()])) as Record<Key, Value>;
}

/** An archive that is sound, but does not go together with what is here. @param name as for `conflict` */
export const refused = (subject: string, message: string, name = ''): Error =>
  userError({
    code: 'import-refused',
    message: `The archive was not imported: ${name === '' ? '' : `${name}: `}${message}`,
    subject,
    hint: 'Nothing was changed.',
  });
