import { onTestFinished } from 'vitest';
import { openReaders, type Readers, type SourceObjects } from '#main/provenance/readers.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import { linkTypes } from '#shared/provenance/links.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { GraphWriter } from '../../support/profile-database.ts';

export const noObjects: SourceObjects = {
  sizes: (hashes) => Promise.resolve(hashes.map(() => null)),
  read: () => Promise.reject(new Error('no objects here')),
};

export function readersOf(store: ProvenanceStore): Readers {
  const readers = openReaders({ file: store.file, objects: noObjects });
  onTestFinished(() => readers.close());
  return readers;
}

export const uuidOf = (store: ProvenanceStore, id: NodeId): Uuid =>
  store.write((tx) => tx.node(id))?.uuid as Uuid;

export const around = { up: 1000, down: 1000, linkTypes: [...linkTypes], limit: 5000 };

/** Nodes as `pk:depth` and links as `from-label->to`, for comparing. */
export const drawn = (part: GraphPart): unknown => ({
  nodes: [...part.pk].map((pk, i) => `${pk}:${part.depth[i]}`).toSorted(),
  links: [...part.from]
    .map((from, j) => `${part.pk[from]}-${part.linkLabel[j]}->${part.pk[part.to[j] ?? -1]}`)
    .toSorted(),
});

/** A multiply_add: x·y by a function, then + z by a job; and a cycle by `return`. */
export function multiplyAdd(graph: GraphWriter) {
  const [x, y, z] = [graph.data({ label: 'x' }), graph.data({ label: 'y' }), graph.data({ label: 'z' })];
  const work = graph.workflow();
  const multiply = graph.node(NodeType.calcFunction, {
    attributes: { process_state: 'finished', exit_status: 0, process_label: 'multiply' },
  });
  const product = graph.data({ label: 'product' });
  const add = graph.calculation();
  const sum = graph.data({ label: 'sum' });
  for (const [node, label] of [
    [x, 'x'],
    [y, 'y'],
    [z, 'z'],
  ] as const) {
    graph.link(node, work, 'input_work', label);
  }
  graph.link(work, multiply, 'call_calc', 'multiply');
  graph.link(x, multiply, 'input_calc', 'x');
  graph.link(y, multiply, 'input_calc', 'y');
  graph.link(multiply, product, 'create', 'result');
  graph.link(work, add, 'call_calc', 'add');
  graph.link(product, add, 'input_calc', 'x');
  graph.link(z, add, 'input_calc', 'y');
  graph.link(add, sum, 'create', 'sum');
  graph.link(work, sum, 'return', 'result');
  return { x, y, z, work, multiply, product, add, sum };
}
