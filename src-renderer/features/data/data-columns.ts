import { formatLocal } from '#shared/base/time.ts';
import { className } from '#shared/provenance/node-types.ts';
import type { Column } from '#renderer/design/table/columns.ts';
import type { NodeRow } from '#renderer/state/node-pages.svelte.ts';

/** The columns of the table of nodes. The core gives them newest first, whatever is shown. */
export const dataColumns: readonly Column[] = [
  { id: 'name', title: 'Node', width: 210, grow: 2, fixed: true },
  { id: 'content', title: 'Content', width: 220, grow: 3 },
  { id: 'type', title: 'Type', width: 150 },
  { id: 'ctime', title: 'Created', width: 110, align: 'end' },
  { id: 'mtime', title: 'Changed', width: 110, align: 'end', hidden: true },
  { id: 'pk', title: 'PK', width: 72, align: 'end' },
  { id: 'uuid', title: 'UUID', width: 280, hidden: true },
];

/** A cell for the clipboard. */
export function dataText(row: NodeRow, column: string): string {
  switch (column) {
    case 'name':
      return row.name;
    case 'content':
      return row.summary;
    case 'type':
      return className(row.nodeType);
    case 'ctime':
      return formatLocal(row.ctime);
    case 'mtime':
      return formatLocal(row.mtime);
    case 'pk':
      return String(row.pk);
    case 'uuid':
      return row.uuid;
    default:
      throw new Error(`The table of nodes has no column ${column}`);
  }
}
