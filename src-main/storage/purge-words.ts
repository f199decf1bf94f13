import { formatBytes } from '#shared/base/bytes.ts';
import type { PurgeSelection } from '#shared/contract/areas/purges.ts';

/** What was chosen, for the record. @param label of a group by its UUID; null where there is none any more */
export function wordsOfPurge(selection: PurgeSelection, label: (uuid: string) => string | null): string {
  if (selection.kind === 'nodes')
    return selection.uuids.length === 1 ? 'of one node' : `of ${selection.uuids.length} chosen nodes`;
  const { nodeType, createdAs, olderThanDays, largerThan, group } = selection;
  const named = (uuid: string): string => `“${label(uuid) ?? uuid.slice(0, 8)}”`;
  const words = [
    nodeType === '' ? '' : `of type ${nodeType}`,
    createdAs === '' ? '' : `made as “${createdAs}”`,
    olderThanDays === null ? '' : `older than ${olderThanDays} ${olderThanDays === 1 ? 'day' : 'days'}`,
    group.kind === 'in' ? `in the group ${named(group.uuid)}` : '',
    group.kind === 'not-in' ? `not in the group ${named(group.uuid)}` : '',
    group.kind === 'in-none' ? 'in no group' : '',
    largerThan === null ? '' : `files larger than ${formatBytes(largerThan)}`,
  ];
  return words.filter((one) => one !== '').join(', ');
}
