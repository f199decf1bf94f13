import type { ConflictReason, ImportReport } from '#shared/contract/areas/sharing.ts';

type Conflict = ImportReport['conflicts'][number];

/** Conflicts of one kind, with what a person can do about them. */
export interface ConflictGroup {
  readonly why: ConflictReason;
  readonly title: string;
  readonly whatToDo: string;
  readonly conflicts: readonly Conflict[];
}

/** In the order in which they matter. */
const words: Readonly<Record<ConflictReason, { readonly title: string; readonly whatToDo: string }>> = {
  differs: {
    title: 'Here already, with another content',
    whatToDo:
      'The same UUID must mean the same thing everywhere, so nothing is imported and nothing of yours is overwritten. ' +
      'Look at the one that is here, and at the other one inside the archive. If the archive is right, delete the one ' +
      'here first: that can be undone. If you need both, import the archive into another profile.',
  },
  'not-ended': {
    title: 'Had not ended',
    whatToDo:
      'An archive of a process that still ran has neither its end nor all that it made. Ask for one that was made ' +
      'after its end; until then you can look inside this one.',
  },
  damaged: {
    title: 'The archive contradicts itself',
    whatToDo:
      'Get the archive again from where it came from, or ask whoever made it to export it anew. You can still look inside.',
  },
};

/** Only what there is. */
export const conflictGroups = ({ conflicts }: Pick<ImportReport, 'conflicts'>): readonly ConflictGroup[] =>
  (Object.keys(words) as ConflictReason[]).flatMap((why) => {
    const some = conflicts.filter((one) => one.why === why);
    return some.length === 0 ? [] : [{ why, ...words[why], conflicts: some }];
  });

/** All that stand in the way, also those that are not listed. */
export const conflictCount = ({ conflicts, conflicting }: ImportReport): number =>
  Math.max(
    conflicts.length,
    Object.values(conflicting).reduce((sum, count) => sum + count, 0),
  );

/** Whether the subject is a node, which can be here. */
export const isNode = ({ of, subject }: Conflict): boolean =>
  (of === 'nodes' || of === 'links' || of === 'files') && /^[0-9a-f-]{36}$/.test(subject);
