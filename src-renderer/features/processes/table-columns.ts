import { formatDuration, formatLocal } from '#shared/base/time.ts';
import type { Activity, ProcessRow } from '#shared/contract/areas/processes.ts';
import { stateWords } from '#shared/process/states.ts';
import type { Column } from '#renderer/design/table/columns.ts';
import { isActive } from '#renderer/model/bulk.ts';

/** The columns of the table of processes. Those that can be sorted have the ids that the core sorts by. */
export const processColumns: readonly Column[] = [
  { id: 'state', title: 'State', width: 120, sortable: true },
  { id: 'name', title: 'Name', width: 220, grow: 3, sortable: true, fixed: true },
  { id: 'activity', title: 'Now', width: 220, grow: 3 },
  { id: 'computer', title: 'Computer', width: 96, grow: 1, sortable: true },
  { id: 'elapsed', title: 'Time taken', width: 100, align: 'end' },
  { id: 'ctime', title: 'Created', width: 110, align: 'end', sortable: true },
  { id: 'mtime', title: 'Changed', width: 110, align: 'end', sortable: true, hidden: true },
  { id: 'pk', title: 'PK', width: 72, align: 'end', sortable: true },
  { id: 'uuid', title: 'UUID', width: 280, hidden: true },
];

/** What a process is called first: its label, else its class or function. */
export const nameOf = ({ label, name }: ProcessRow): string => (label === '' ? name : label);

/** `in queue · seen 12:03 · Priority`: what it does, how old that is, and why. */
export const activityWords = ({ words, reason, needsYou, seen }: Activity): string =>
  [
    ...(needsYou === true && words !== 'needs you' ? ['needs you'] : []),
    words,
    ...(seen === undefined ? [] : [`seen ${formatLocal(seen)}`]),
    ...(reason === '' ? [] : [reason]),
  ].join(' · ');

/** A cell for the clipboard. */
export function cellText(row: ProcessRow, column: string, now: number): string {
  switch (column) {
    case 'state':
      return row.exitStatus === null ? stateWords[row.state] : `${stateWords[row.state]} ${row.exitStatus}`;
    case 'name':
      return row.label === '' ? row.name : `${row.label} (${row.name})`;
    case 'activity':
      return row.cached === true ? 'from the cache' : activityWords(row.activity);
    case 'computer':
      return row.computer;
    case 'elapsed':
      return formatDuration((isActive(row.state) ? now : row.mtime) - row.ctime);
    case 'ctime':
      return formatLocal(row.ctime);
    case 'mtime':
      return formatLocal(row.mtime);
    case 'pk':
      return String(row.pk);
    case 'uuid':
      return row.uuid;
    default:
      throw new Error(`The table of processes has no column ${column}`);
  }
}
