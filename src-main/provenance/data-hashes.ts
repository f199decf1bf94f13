import { ensure } from '#shared/base/assert.ts';
import { Lru } from '#shared/base/lru.ts';
import { dataHash } from '#shared/provenance/hash/node-hash.ts';
import { isCoreType } from '#shared/provenance/hash/python-class.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { readPyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { readRepositoryTree, treeOf } from '#shared/provenance/repository-tree.ts';
import type { NewNode } from '../engine/ports.ts';
import type { Statements } from './statements.ts';

const emptyTree = treeOf([]);

/**
 * AiiDA's hashes of data, remembered: data never changes. By UUID, because a transaction that is rolled back gives its
 * ids to others.
 */
export class DataHashes {
  readonly #statements: Statements;
  readonly #known = new Lru<string, string>(20_000);

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  ofNew({ uuid, nodeType, attributes, repository = emptyTree, computer }: NewNode): string {
    const hash = dataHash({ nodeType, attributes, repository, computer: this.#computer(computer) });
    this.#known.set(uuid, hash);
    return hash;
  }

  /**
   * Worked out again even where the node has one among its extras: that may come from an AiiDA which hashed otherwise
   * (before 2.6). Only the class of a type that a plugin of AiiDA brought is known to nobody but its own AiiDA.
   */
  of(id: NodeId): string {
    const uuid = ensure(this.#statements.uuid.get(id), `node ${id}`);
    const known = this.#known.get(uuid);
    if (known !== undefined) return known;
    const row = ensure(this.#statements.node.get(id), `node ${id}`);
    const stored = isCoreType(row.node_type) ? null : this.#statements.storedHash.get(id);
    const hash =
      typeof stored === 'string'
        ? stored
        : dataHash({
            nodeType: row.node_type,
            attributes: readPyJson(row.attributes) as { readonly [key: string]: PyJson },
            repository: readRepositoryTree(JSON.parse(row.repository_metadata)),
            computer: this.#computer(row.computer_id),
          });
    this.#known.set(uuid, hash);
    return hash;
  }

  #computer(id: number | null): string | null {
    return id === null ? null : (this.#statements.computerUuid.get(id) ?? null);
  }
}
