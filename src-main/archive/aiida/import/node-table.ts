import { toHex } from '#shared/base/bytes.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import { archiveDamaged } from '../container/archive-errors.ts';
import { refused } from './import-log.ts';
import { NumberIndex } from './number-index.ts';

/** What a link needs to know of a node. */
export const NodeRole = { data: 0, calculation: 1, workflow: 2, other: 3 } as const;
export type NodeRole = (typeof NodeRole)[keyof typeof NodeRole];

/** Judged by the prefix of the type, as AiiDA does: `data.`, `process.calculation.`, `process.workflow.` */
export function roleOf(nodeType: string): NodeRole {
  if (nodeType.startsWith('data.')) return NodeRole.data;
  if (nodeType.startsWith('process.calculation.')) return NodeRole.calculation;
  return nodeType.startsWith('process.workflow.') ? NodeRole.workflow : NodeRole.other;
}

const most = 16_000_000;

/**
 * All nodes of an archive in 37 bytes each: millions of them have to be at hand while links are merged. Nodes are
 * numbered 0, 1, … in the order in which they came.
 */
export class NodeTable {
  readonly #numbers: NumberIndex;
  readonly #uuids: Buffer;
  readonly #ids: Float64Array;
  readonly #roles: Uint8Array;
  readonly #isNew: Uint8Array;
  #count = 0;
  #firstNew = 0;
  #lastNew = -1;

  constructor(capacity: number) {
    if (capacity > most) throw refused('nodes', `it has ${capacity} nodes; ${most} can be merged at once.`);
    this.#numbers = new NumberIndex(capacity);
    this.#uuids = Buffer.alloc(capacity * 16);
    this.#ids = new Float64Array(capacity);
    this.#roles = new Uint8Array(capacity);
    this.#isNew = new Uint8Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  /** `id` in the profile; 0 in a preview for one that is not there yet. */
  add(archiveId: number, uuid: Uuid, role: NodeRole, id: number, isNew: boolean): void {
    if (this.#count === this.#roles.length)
      throw archiveDamaged('db.sqlite3', 'its database has more nodes than it says');
    const number = this.#count++;
    this.#numbers.add(archiveId);
    this.#uuids.write(uuid.replaceAll('-', ''), number * 16, 'hex');
    this.#ids[number] = id;
    this.#roles[number] = role;
    if (!isNew) return;
    this.#isNew[number] = 1;
    if (this.#lastNew === -1) this.#firstNew = id;
    this.#lastNew = id;
  }

  /** null for an id that the archive uses and does not have. */
  numberOf(archiveId: number): number | null {
    return this.#numbers.numberOf(archiveId);
  }

  /** Between which ids all new nodes stand, and no other; `last` is less than `first` where there are none. */
  newIds(): { readonly first: number; readonly last: number } {
    return { first: this.#firstNew, last: this.#lastNew };
  }

  uuid(number: number): Uuid {
    const hex = toHex(this.#uuids.subarray(number * 16, number * 16 + 16));
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
      '-',
    ) as Uuid;
  }

  id(number: number): NodeId {
    return (this.#ids[number] ?? 0) as NodeId;
  }

  role(number: number): NodeRole {
    return (this.#roles[number] ?? NodeRole.other) as NodeRole;
  }

  isNew(number: number): boolean {
    return this.#isNew[number] === 1;
  }
}
