import { toHex } from '#shared/base/bytes.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import { refused } from './import-log.ts';

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
 * All nodes of an archive in 30 bytes each: millions of them have to be at hand while links are merged. Nodes are
 * numbered 0, 1, … in the order in which they came.
 */
export class NodeTable {
  readonly #numbers = new Map<number, number>();
  readonly #uuids: Uint8Array;
  readonly #ids: Float64Array;
  readonly #roles: Uint8Array;
  readonly #isNew: Uint8Array;
  #count = 0;

  constructor(capacity: number) {
    if (capacity > most) throw refused('nodes', `it has ${capacity} nodes; ${most} can be merged at once.`);
    this.#uuids = new Uint8Array(capacity * 16);
    this.#ids = new Float64Array(capacity);
    this.#roles = new Uint8Array(capacity);
    this.#isNew = new Uint8Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  /** `id` in the profile; 0 in a preview for one that is not there yet. */
  add(archiveId: number, uuid: Uuid, role: NodeRole, id: number, isNew: boolean): void {
    const number = this.#count++;
    this.#numbers.set(archiveId, number);
    this.#uuids.set(Buffer.from(uuid.replaceAll('-', ''), 'hex'), number * 16);
    this.#ids[number] = id;
    this.#roles[number] = role;
    this.#isNew[number] = isNew ? 1 : 0;
  }

  /** null for an id that the archive uses and does not have. */
  numberOf(archiveId: number): number | null {
    return this.#numbers.get(archiveId) ?? null;
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
