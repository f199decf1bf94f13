import type { ErrorInfo } from '#shared/base/errors.ts';
import { Lru } from '#shared/base/lru.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { InputOf } from '#shared/contract/define.ts';
import type { ProcessRow, ProcessTableItem } from '#shared/contract/areas/processes.ts';
import type { RowSet } from '../design/table/row-set.ts';
import { foldWindow, windowLimit, windowOffset, type TableWindow } from '../model/table-window.ts';
import { getCore, type Core } from './core.svelte.ts';
import { live, type Live } from './live.svelte.ts';

export type TableQuery = Omit<InputOf<Contract['processes.table']>, 'offset' | 'limit'>;

/** A fast scroll passes many windows: only where it rests is asked for. */
const settleMs = 40;
const pageLimit = 500;
/** What the core takes in one command. */
export const mostSelected = 10_000;

/** The table of processes: a window of the core's list that follows the screen. Called while a page is made. */
export class ProcessTable {
  readonly #core: Core;
  readonly #query: () => TableQuery;
  readonly #live: Live<TableWindow>;
  #offset = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Rows by UUID as they were last seen, for those that are selected and have scrolled away. */
  readonly #seen = new Lru<string, ProcessRow>(2 * mostSelected);

  constructor(query: () => TableQuery) {
    this.#core = getCore();
    this.#query = query;
    // A function: what is read of own state inside of a constructor itself is not followed.
    this.#live = live('processes.table', () => this.#input(), {
      keep: true,
      fold: (before: TableWindow | undefined, item: ProcessTableItem, { offset = 0 }) => {
        for (const row of item.rows) this.#seen.set(row.uuid, row);
        return foldWindow(before, item, offset);
      },
    });
  }

  #input(): InputOf<Contract['processes.table']> {
    return { ...this.#query(), offset: this.#offset, limit: windowLimit };
  }

  get window(): TableWindow | undefined {
    return this.#live.value;
  }

  get error(): ErrorInfo | null {
    return this.#live.error;
  }

  get loading(): boolean {
    return this.#live.loading;
  }

  get stale(): boolean {
    return this.#live.stale;
  }

  retry(): void {
    this.#live.retry();
  }

  readonly rows: RowSet<ProcessRow> = $derived.by(() => {
    const { offset = 0, total = 0, order = [], rows } = this.window ?? {};
    let places: Map<string, number> | null = null;
    return {
      length: total,
      at: (index) => rows?.get(order[index - offset] ?? -1),
      keyOf: ({ uuid }) => uuid,
      indexOf(key) {
        places ??= new Map(order.map((pk, i) => [rows?.get(pk)?.uuid ?? '', offset + i]));
        return places.get(key) ?? -1;
      },
    };
  });

  /** The rows on screen. */
  follow(first: number, last: number): void {
    const next = windowOffset(this.#offset, first, last);
    clearTimeout(this.#timer);
    if (next !== this.#offset) this.#timer = setTimeout(() => (this.#offset = next), settleMs);
  }

  toTop(): void {
    clearTimeout(this.#timer);
    this.#offset = 0;
  }

  /** The rows of these UUIDs as they were last seen; those that never were are left out. */
  seen(uuids: Iterable<string>): readonly ProcessRow[] {
    return [...uuids].flatMap((uuid) => this.#seen.get(uuid) ?? []);
  }

  /** Every process that fits, page by page, up to what one command takes. */
  async all(): Promise<readonly ProcessRow[]> {
    const found: ProcessRow[] = [];
    const { client } = this.#core;
    if (client === null) return found;
    for (let offset = 0; offset < mostSelected; offset += pageLimit) {
      const page = { ...this.#query(), offset, limit: pageLimit };
      for await (const item of client.listen('processes.table', page)) {
        found.push(...item.rows);
        break;
      }
      if (found.length < offset + pageLimit) break;
    }
    for (const row of found) this.#seen.set(row.uuid, row);
    return found;
  }
}
