import type { ImportReport } from '#shared/contract/areas/sharing.ts';
import { countWords, plural } from '#renderer/model/count-words.ts';

type Part = 'nodes' | 'links' | 'files' | 'groups' | 'computers' | 'users' | 'logs' | 'comments';

interface PartWords {
  readonly part: Part;
  readonly title: string;
  readonly one: string;
  /** What becomes of those that are here with another content. */
  readonly differs: string;
}

export const parts: readonly PartWords[] = [
  { part: 'nodes', title: 'Nodes', one: 'node', differs: 'stands in the way' },
  { part: 'links', title: 'Links', one: 'link', differs: 'stands in the way' },
  { part: 'files', title: 'Files', one: 'file', differs: 'stands in the way' },
  { part: 'groups', title: 'Groups', one: 'group', differs: 'kept as here' },
  { part: 'computers', title: 'Computers', one: 'computer', differs: 'kept as here' },
  { part: 'users', title: 'Users', one: 'user', differs: 'kept as here' },
  { part: 'logs', title: 'Log lines', one: 'log line', differs: 'kept as here' },
  { part: 'comments', title: 'Comments', one: 'comment', differs: 'kept as here' },
];

const joined = (list: readonly string[]): string =>
  list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;

/** What is new, in one breath: `299 nodes, 820 links and 90 files`; empty where nothing is. */
function newWords(report: ImportReport): string {
  return joined(
    parts.flatMap(({ part, one }) => {
      const { new: fresh } = report[part];
      return fresh === 0 ? [] : [plural(fresh, one, `${one}s`)];
    }),
  );
}

/** Whether an import would change anything at all. */
export const bringsNew = (report: ImportReport): boolean => parts.some(({ part }) => report[part].new > 0);

const hasConflict = ({ conflicts }: ImportReport): boolean => conflicts.length > 0;

/** What an import would do. */
export function previewWords(report: ImportReport): string {
  const { nodes, conflicts, info } = report;
  if (hasConflict(report)) {
    const problems = plural(conflicts.length, 'thing does', 'things do');
    return `This archive cannot be imported as it is: ${problems} not fit to what is here.`;
  }
  if (info.nodes === 0) return 'There is no node in this archive.';
  const fresh = newWords(report);
  if (fresh === '')
    return 'Everything in this archive is here already: an import would change nothing, unless its nodes are to be in a group of yours.';
  if (nodes.new === 0) return `All of its nodes are here already. New would be ${fresh}.`;
  const known =
    nodes.identical > 0
      ? ` ${plural(nodes.identical, 'of its nodes is', 'of its nodes are')} here already.`
      : '';
  return `An import brings ${fresh}.${known}`;
}

/** What an import did. */
export function reportWords(report: ImportReport): string {
  const { nodes, group } = report;
  const fresh = newWords(report);
  const into = group === null ? '' : ` All of its nodes are in the group “${group.label}”.`;
  if (fresh === '') return `Everything in it was here already, so nothing has changed.${into}`;
  const known =
    nodes.identical > 0
      ? nodes.identical === 1
        ? ' One node was here already and stays as it is.'
        : ` ${countWords(nodes.identical)} nodes were here already and stay as they are.`
      : '';
  return `${fresh} came in.${known}${into}`;
}
