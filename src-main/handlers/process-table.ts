import type { Handlers } from '#shared/channel/server.ts';
import type { ProcessRow, ProcessTableItem } from '#shared/contract/areas/processes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Computers } from '../computers/computers.ts';
import type { ProcessWindow } from '../provenance/read-api.ts';
import { profileSource, type Readers } from '../provenance/readers.ts';
import type { ProvenanceStore } from '../provenance/types.ts';
import { lookWhenChanged } from './changed.ts';

export interface ProcessTableDeps {
  readonly readers: Readers;
  readonly store: ProvenanceStore;
  readonly computers: Pick<Computers, 'held' | 'changes'>;
}

/** A job waits for its computer without a change of its own: the computer says why. */
export const withHeldComputers = (
  window: ProcessWindow,
  held: ReadonlyMap<string, string>,
): ProcessWindow => ({
  ...window,
  rows: window.rows.map((row) => {
    const why = row.activity.words === '' ? undefined : held.get(row.computer);
    return why === undefined ? row : { ...row, activity: { ...row.activity, reason: why } };
  }),
});

/** What a window of the table has been told, so that only what differs is sent. */
class TableView {
  #rows = new Map<number, string>();
  #order = '';
  #summary = '';

  /** The first time the whole window, then what changed; null where nothing did. */
  next({ total, counts, rows }: ProcessWindow): ProcessTableItem | null {
    const isFirst = this.#summary === '';
    const order = rows.map((row) => row.pk);
    const summary = JSON.stringify([total, counts]);
    const known = this.#rows;
    this.#rows = new Map(rows.map((row) => [row.pk, JSON.stringify(row)]));
    const changed = rows.filter((row: ProcessRow) => known.get(row.pk) !== this.#rows.get(row.pk));
    const orderText = order.join();
    const sameOrder = orderText === this.#order;
    const sameSummary = summary === this.#summary;
    this.#order = orderText;
    this.#summary = summary;
    if (isFirst) return { kind: 'window', total, counts, order, rows: [...rows] };
    if (changed.length === 0 && sameOrder && sameSummary) return null;
    return { kind: 'change', total, counts, order: sameOrder ? null : order, rows: changed };
  }
}

export function makeProcessTableHandlers({
  readers,
  store,
  computers,
}: ProcessTableDeps): Pick<Handlers<Contract>, 'processes.table'> {
  return {
    async *'processes.table'({ source, ...query }, { signal }) {
      const { reader } = readers.source(source);
      const view = new TableView();
      const isHere = source === profileSource;
      for await (const seen of lookWhenChanged(
        () => reader.processWindow(query, signal),
        isHere ? store.changes : null,
        (one) => one.everything || one.nodes.size > 0 || one.computers || one.groups,
        signal,
        isHere ? computers.changes : undefined,
      )) {
        const item = view.next(isHere ? withHeldComputers(seen, computers.held()) : seen);
        if (item !== null) yield item;
      }
    },
  };
}
