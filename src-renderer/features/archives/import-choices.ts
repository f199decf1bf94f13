import type { CommentMode, ExtrasMode } from '#shared/contract/areas/import-modes.ts';
import type { ImportOptions } from '#shared/contract/areas/import-options.ts';
import { formatBytes } from '#shared/base/bytes.ts';
import type { DiskUse, ImportReport } from '#shared/contract/areas/sharing.ts';
import type { Option } from '#renderer/design/option.ts';
import { plural } from '#renderer/model/count-words.ts';

const effect = (count: number, one: string, many: string): string =>
  count === 0 ? 'changes nothing here' : `changes ${plural(count, one, many)} here`;

/** What can become of the extras of nodes that are here, with what each choice would change. */
export function extrasChoices({ choices }: ImportReport): readonly Option<ExtrasMode>[] {
  const hint = (mode: ExtrasMode): string => effect(choices.extras[mode], 'node', 'nodes');
  return [
    { value: 'none', label: 'Stay as they are here', hint: hint('none') },
    { value: 'keep_existing', label: 'Stay, and get those that are lacking', hint: hint('keep_existing') },
    {
      value: 'update_existing',
      label: 'Take over those of the archive, keep the others',
      hint: hint('update_existing'),
    },
    { value: 'mirror', label: 'Become exactly those of the archive', hint: hint('mirror') },
  ];
}

/** What can become of comments that are here with another text. */
export function commentChoices({ choices }: ImportReport): readonly Option<CommentMode>[] {
  const hint = (mode: CommentMode): string => effect(choices.comments[mode], 'comment', 'comments');
  return [
    { value: 'leave', label: 'Stay as they are here', hint: hint('leave') },
    { value: 'newest', label: 'The later of the two stays', hint: hint('newest') },
    { value: 'overwrite', label: 'Become those of the archive', hint: hint('overwrite') },
  ];
}

/** What is chosen, for options that are folded: `as AiiDA does by itself`, or what differs from that. */
export function optionsWords({ extrasExisting, extrasNew, comments, authInfos }: ImportOptions): string {
  const changed = [
    ...(extrasExisting === 'none' ? [] : ['extras of nodes here']),
    ...(extrasNew === 'import' ? [] : ['extras of new nodes']),
    ...(comments === 'leave' ? [] : ['comments']),
    ...(authInfos ? ['logins'] : []),
  ];
  if (changed.length === 0) return 'Extras, comments, logins: what is here stays as it is';
  return `Chosen otherwise: ${changed.join(', ')}`;
}

/** Why the disk has no room for it; null where it has. */
export function roomProblem({ files, database, temporary, free, keep }: DiskUse): string | null {
  const lacking = files + database + temporary + keep - free;
  if (lacking <= 0) return null;
  return `There is not enough room on the disk of this profile: ${formatBytes(lacking)} more must be free. ${formatBytes(free)} are, of which ${formatBytes(keep)} are kept for other work.`;
}

/** `1.2 GB (1.1 GB of files, about 80 MB in the database), and 80 MB while it runs` */
export function roomWords({ files, database, temporary }: DiskUse): string {
  if (files + database === 0) return 'next to nothing';
  const inFiles = files === 0 ? '' : `${formatBytes(files)} of files, `;
  return `${formatBytes(files + database)} (${inFiles}about ${formatBytes(database)} in the database), and ${formatBytes(temporary)} while it runs`;
}
