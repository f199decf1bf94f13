import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { InputOf, OutputOf } from '#shared/contract/define.ts';
import type { RowSet } from '../design/table/row-set.ts';
import { getCore, type Core } from './core.svelte.ts';

export type NodeQuery = Omit<InputOf<Contract['nodes.find']>, 'after' | 'limit'>;
type Page = OutputOf<Contract['nodes.find']>;
export type NodeRow = Page['rows'][number];

const pageSize = 200;
/** Rows beyond the screen that are asked for before they are needed. */
const ahead = 60;

/** Nodes newest first, page after page as the screen gets there. Called while a component is made. */
export class NodePages {
  readonly #core: Core;
  #rows: readonly NodeRow[] = $state.raw([]);
  #total = $state(0);
  #exact = $state(true);
  #error: ErrorInfo | null = $state.raw(null);
  #loading = $state(true);
  #round = $state(0);
  #next: string | null = null;
  #last = 0;
  #query: NodeQuery | null = null;
  #abort: AbortController | null = null;

  /** @param query null: not now */
  constructor(query: () => NodeQuery | null) {
    this.#core = getCore();
    const text = $derived.by(() => JSON.stringify(query()));
    $effect(() => {
      void this.#round;
      const wanted = JSON.parse(text) as NodeQuery | null;
      this.#query = wanted;
      if (wanted === null || this.#core.client === null) return undefined;
      this.#loading = true;
      this.#error = null;
      const abort = new AbortController();
      this.#abort = abort;
      void this.#load(null, abort.signal);
      return () => abort.abort();
    });
  }

  get total(): number {
    return this.#total;
  }

  /** There may be more than `total`. */
  get exact(): boolean {
    return this.#exact;
  }

  get error(): ErrorInfo | null {
    return this.#error;
  }

  /** Nothing has come for the present query yet; rows of the one before may still be shown. */
  get loading(): boolean {
    return this.#loading;
  }

  readonly rows: RowSet<NodeRow> = $derived.by(() => {
    const rows = this.#rows;
    let places: Map<string, number> | null = null;
    return {
      length: Math.max(rows.length, this.#total),
      at: (index) => rows[index],
      keyOf: ({ uuid }) => uuid,
      indexOf(key) {
        places ??= new Map(rows.map(({ uuid }, i) => [uuid, i]));
        return places.get(key) ?? -1;
      },
    };
  });

  /** The rows on screen. */
  follow(_first: number, last: number): void {
    this.#last = last;
    void this.#more();
  }

  /** Asks again from the start; what is shown stays until the answer comes. */
  reload(): void {
    this.#round++;
  }

  async #more(): Promise<void> {
    const isEnough = this.#rows.length > this.#last + ahead;
    if (this.#next === null || isEnough || this.#abort === null || this.#abort.signal.aborted) return;
    const after = this.#next;
    this.#next = null;
    await this.#load(after, this.#abort.signal);
  }

  async #load(after: string | null, signal: AbortSignal): Promise<void> {
    try {
      const page = await this.#core.call('nodes.find', { ...this.#query, after, limit: pageSize }, signal);
      if (signal.aborted) return;
      this.#rows = after === null ? page.rows : [...this.#rows, ...page.rows];
      this.#next = page.next;
      // Of a list that grew meanwhile no more rows may be promised than will come.
      this.#total = page.next === null ? this.#rows.length : page.total;
      this.#exact = page.exact;
      this.#loading = false;
    } catch (thrown) {
      const info = errorInfo(thrown);
      if (signal.aborted || info.code === 'disconnected' || info.code === 'cancelled') return;
      this.#error = info;
      this.#loading = false;
      return;
    }
    await this.#more();
  }
}
