import { buildCsr, type Csr } from '#shared/graph/csr.ts';
import { linkTypes } from '#shared/provenance/links.ts';
import type { ReadSession } from './session.ts';

const rowsAtOnce = 10_000;

/** Number of a link type in `linkTypes`, worked out by SQLite so that no text is made for each link. */
const typeNumber = `CASE type ${linkTypes.map((type, i) => `WHEN '${type}' THEN ${i}`).join(' ')} ELSE 255 END`;

/** Grows by doubling; `used` is its current content. */
class Column {
  used = 0;
  #cells = new Uint32Array(1024);

  push(value: number): void {
    if (this.used === this.#cells.length) {
      const grown = new Uint32Array(this.#cells.length * 2);
      grown.set(this.#cells);
      this.#cells = grown;
    }
    this.#cells[this.used++] = value;
  }

  get cells(): Uint32Array {
    return this.#cells.subarray(0, this.used);
  }
}

export interface GraphSnapshot {
  readonly csr: Csr;
  /** Id of each node, ascending; a node's place here is its number in `csr`. */
  readonly ids: Uint32Array;
  /** Id of each link, by the number of the edge. */
  readonly links: Uint32Array;
  /** The number of a node; -1 where it is not there. */
  indexOf(id: number): number;
}

/**
 * All links of a source in memory: 34 bytes each, and 20 for a node. Ids only grow, so what is new is added at the end; a
 * deletion, which is rare, makes it start again.
 */
export class MemoryGraph {
  readonly #session: ReadSession;
  #ids = new Column();
  #links = new Column();
  #from = new Column();
  #to = new Column();
  #kind = new Column();
  #lastLink = 0;
  #deletions = -1;
  #version: unknown = null;
  #snapshot: GraphSnapshot | null = null;

  constructor(session: ReadSession) {
    this.#session = session;
  }

  /** As of now. Inside of a snapshot of the session. */
  current(): GraphSnapshot {
    const version = this.#session.version;
    if (this.#snapshot !== null && version === this.#version) return this.#snapshot;
    const deletions = this.#session.value<number>(`SELECT value FROM counters WHERE name = 'deletions'`) ?? 0;
    if (deletions !== this.#deletions || !this.#addNew()) {
      this.#startAgain();
      this.#addNew();
    }
    this.#deletions = deletions;
    this.#version = version;
    return (this.#snapshot ??= this.#build());
  }

  #startAgain(): void {
    this.#ids = new Column();
    this.#links = new Column();
    this.#from = new Column();
    this.#to = new Column();
    this.#kind = new Column();
    this.#lastLink = 0;
    this.#snapshot = null;
  }

  /** @returns false where a link joins a node that came in under a lower id than we have seen */
  #addNew(): boolean {
    for (;;) {
      const rows = this.#session.column<number>(
        'SELECT id FROM nodes WHERE id > ? ORDER BY id LIMIT ?',
        this.#ids.cells.at(-1) ?? -1,
        rowsAtOnce,
      );
      for (const id of rows) this.#ids.push(id);
      if (rows.length > 0) this.#snapshot = null;
      if (rows.length < rowsAtOnce) break;
    }
    const indexOf = finder(this.#ids.cells);
    for (;;) {
      const rows = this.#session.raw<readonly [id: number, source: number, target: number, type: number]>(
        `SELECT id, source_id, target_id, ${typeNumber} FROM links WHERE id > ? ORDER BY id LIMIT ?`,
        this.#lastLink,
        rowsAtOnce,
      );
      for (const [id, source, target, type] of rows) {
        this.#lastLink = id;
        const [from, to] = [indexOf(source), indexOf(target)];
        // only an archive of a stranger has links to nowhere, or of no known type
        if (type === 255) continue;
        if (from === -1 || to === -1) {
          if (this.#deletions !== -1) return false;
          continue;
        }
        this.#links.push(id);
        this.#from.push(from);
        this.#to.push(to);
        this.#kind.push(type);
      }
      if (rows.length > 0) this.#snapshot = null;
      if (rows.length < rowsAtOnce) return true;
    }
  }

  #build(): GraphSnapshot {
    const ids = this.#ids.cells.slice();
    const edges = { from: this.#from.cells, to: this.#to.cells, kind: Uint8Array.from(this.#kind.cells) };
    return { csr: buildCsr(ids.length, edges), ids, links: this.#links.cells, indexOf: finder(ids) };
  }
}

/** Looks ids up in an ascending list: at once where they are dense, else by halving. */
function finder(ids: Uint32Array): (id: number) => number {
  const last = ids.at(-1) ?? 0;
  if (last <= ids.length * 4 + 1024) {
    const places = new Int32Array(last + 1).fill(-1);
    for (let i = 0; i < ids.length; i++) places[ids[i] as number] = i;
    return (id) => places[id] ?? -1;
  }
  return (id) => {
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ids[middle] as number) < id) low = middle + 1;
      else high = middle;
    }
    return ids[low] === id ? low : -1;
  };
}
