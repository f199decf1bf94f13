import { userError } from '#shared/base/errors.ts';
import type { ArchiveInfo, ImportReport } from '#shared/contract/areas/sharing.ts';

export interface Counts {
  new: number;
  identical: number;
  changed: number;
}

export type Counted = 'nodes' | 'links' | 'groups' | 'computers' | 'users' | 'logs' | 'comments' | 'files';

/** Kinds of things that are listed by name. */
export type Named = keyof ImportReport['names'];

const mostNames = 50;
const mostNotes = 100;
const mostConflicts = 100;
const none = (): Counts => ({ new: 0, identical: 0, changed: 0 });

/**
 * What an import found, and whether it may go on: a preview collects what stands in the way, an import stops at the
 * first of it.
 */
export class ImportLog {
  readonly counts: Readonly<Record<Counted, Counts>> = {
    nodes: none(),
    links: none(),
    groups: none(),
    computers: none(),
    users: none(),
    logs: none(),
    comments: none(),
    files: none(),
  };
  bytes = 0;
  readonly #stopAtConflict: boolean;
  readonly #names: Readonly<Record<Named, string[]>> = { groups: [], computers: [], users: [] };
  readonly #notes: string[] = [];
  readonly #conflicts: { subject: string; message: string }[] = [];
  #moreConflicts = 0;
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

  /** @throws StemmaError `import-refused` in an import; a preview goes on, to show all of them */
  conflict(subject: string, message: string): void {
    if (this.#stopAtConflict) throw refused(subject, message);
    if (this.#conflicts.length < mostConflicts) this.#conflicts.push({ subject, message });
    else this.#moreConflicts++;
  }

  report(info: ArchiveInfo, created: string, group: ImportReport['group']): ImportReport {
    const notes = [...this.#notes];
    if (this.#moreNotes > 0) notes.push(`There are ${this.#moreNotes} more notes.`);
    const conflicts = [...this.#conflicts];
    if (this.#moreConflicts > 0) {
      const message = `There are ${this.#moreConflicts} more problems.`;
      conflicts.push({ subject: 'archive', message });
    }
    return { info, created, names: this.#names, ...this.counts, bytes: this.bytes, notes, conflicts, group };
  }
}

export const refused = (subject: string, message: string): Error =>
  userError({
    code: 'import-refused',
    message: `The archive was not imported: ${message}`,
    subject,
    hint: 'Nothing was changed.',
  });
