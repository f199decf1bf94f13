import type { ImportReport, MergedKind } from '#shared/contract/areas/sharing.ts';
import { countWords, plural } from '#renderer/model/count-words.ts';
import { conflictCount } from './conflict-words.ts';

type Part = MergedKind;

interface PartWords {
  readonly part: Part;
  readonly title: string;
  readonly one: string;
}

export const parts: readonly PartWords[] = [
  { part: 'nodes', title: 'Nodes', one: 'node' },
  { part: 'links', title: 'Links', one: 'link' },
  { part: 'files', title: 'Files', one: 'file' },
  { part: 'groups', title: 'Groups', one: 'group' },
  { part: 'computers', title: 'Computers', one: 'computer' },
  { part: 'users', title: 'Users', one: 'user' },
  { part: 'logs', title: 'Log lines', one: 'log line' },
  { part: 'comments', title: 'Comments', one: 'comment' },
  { part: 'authInfos', title: 'Logins', one: 'login' },
];

/** What becomes of those that are here with another content. */
export function differsWords(report: ImportReport, part: Part): string {
  const { updates } = report;
  const inTheWay = report.conflicting[part];
  if (inTheWay > 0)
    return inTheWay === report[part].changed ? 'in the way' : `${countWords(inTheWay)} in the way`;
  if (part === 'nodes' && updates.extras > 0) return `${countWords(updates.extras)} with other extras then`;
  if (part === 'comments' && updates.comments > 0)
    return `${countWords(updates.comments)} with another text then`;
  return 'kept as here';
}

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
export const bringsNew = (report: ImportReport): boolean =>
  parts.some(({ part }) => report[part].new > 0) || report.updates.extras + report.updates.comments > 0;

const hasConflict = ({ conflicts }: ImportReport): boolean => conflicts.length > 0;

/** What becomes of what is here, by the options; empty where nothing does. */
function changesWords({ updates }: ImportReport): string {
  const changes = [
    ...(updates.extras > 0 ? [`the extras of ${plural(updates.extras, 'node', 'nodes')}`] : []),
    ...(updates.comments > 0 ? [plural(updates.comments, 'comment', 'comments')] : []),
  ];
  return changes.length === 0 ? '' : `Of what is here it changes ${joined(changes)}.`;
}

/** What an import would do. */
export function previewWords(report: ImportReport): string {
  const { nodes, info } = report;
  if (hasConflict(report)) {
    const problems = plural(conflictCount(report), 'thing stands', 'things stand');
    return `This archive cannot be imported as it is: ${problems} in the way.`;
  }
  if (info.nodes === 0) return 'There is no node in this archive.';
  const fresh = newWords(report);
  if (fresh === '' && bringsNew(report))
    return `Everything in this archive is here already. ${changesWords(report)}`;
  if (fresh === '')
    return 'Everything in this archive is here already: an import would change nothing, unless its nodes are to be in a group of yours.';
  if (nodes.new === 0) return `All of its nodes are here already. New would be ${fresh}.`;
  const known =
    nodes.identical > 0
      ? ` ${plural(nodes.identical, 'of its nodes is', 'of its nodes are')} here already.`
      : '';
  return [`An import brings ${fresh}.${known}`, changesWords(report)].join(' ').trim();
}

/** What an import did. */
export function reportWords(report: ImportReport): string {
  const { nodes, group } = report;
  const fresh = newWords(report);
  const into = group === null ? '' : ` All of its nodes are in the group “${group.label}”.`;
  const changed = changesWords(report).replace('it changes', 'it has changed');
  if (fresh === '') {
    return changed === ''
      ? `Everything in it was here already, so nothing has changed.${into}`
      : `Everything in it was here already. ${changed}${into}`;
  }
  const known =
    nodes.identical > 0
      ? nodes.identical === 1
        ? ' One node was here already and stays as it is.'
        : ` ${countWords(nodes.identical)} nodes were here already and stay as they are.`
      : '';
  return `${fresh} came in.${known}${changed === '' ? '' : ` ${changed}`}${into}`;
}
