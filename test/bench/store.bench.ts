import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReaders } from '#main/provenance/readers.ts';
import { openStore } from '#main/provenance/store.ts';
import type { WriteTransaction } from '#main/provenance/types.ts';
import { newUuid, type NodeId } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { measureRate, measureTime, sized } from './measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'stemma-bench-'));
const file = join(folder, 'stemma.sqlite');
const store = openStore({ file });
const noObjects = { sizes: () => Promise.resolve([]), read: () => Promise.reject(new Error('no objects')) };

const data = (tx: WriteTransaction, value: number): NodeId =>
  tx.insertNode({
    uuid: newUuid(),
    nodeType: NodeType.int,
    processType: null,
    label: '',
    description: '',
    ctime: Date.now() * 1000,
    attributes: { value },
    computer: null,
  });

let last = newUuid();
const calculation = (tx: WriteTransaction): NodeId => {
  last = newUuid();
  return tx.insertNode({
    uuid: last,
    nodeType: NodeType.calcFunction,
    processType: 'aiida.calculations:core.arithmetic.multiply',
    label: '',
    description: '',
    ctime: Date.now() * 1000,
    attributes: { process_state: 'finished', process_label: 'multiply', exit_status: 0, sealed: false },
    computer: null,
  });
};

/** A chain: each calculation takes two numbers, one of them the result of the one before. Sealed as it goes. */
function chain(tx: WriteTransaction, length: number, from: NodeId): NodeId {
  let previous = from;
  for (let i = 0; i < length; i++) {
    const process = calculation(tx);
    tx.insertLink({ source: previous, target: process, type: 'input_calc', label: 'x' });
    tx.insertLink({ source: data(tx, i), target: process, type: 'input_calc', label: 'y' });
    previous = data(tx, i);
    tx.insertLink({ source: process, target: previous, type: 'create', label: 'result' });
    tx.seal(process);
  }
  return previous;
}

const step = sized(500, 50);
const perRun = sized(20, 2);
const singles = sized(2000, 20);
let tail = store.write((tx) => data(tx, 0));
// 3 nodes and 3 links for each step of the chain, in transactions of 500 steps
await measureRate(
  { name: 'nodes and links written, in batches', unit: 'rows/s', runs: 3 },
  step * perRun * 6,
  () => {
    for (let i = 0; i < perRun; i++) tail = store.write((tx) => chain(tx, step, tail));
  },
);

await measureRate({ name: 'small durable transactions (one node)', unit: '/s' }, singles, () => {
  for (let i = 0; i < singles; i++) store.write((tx) => data(tx, i));
});

const readers = openReaders({ file, objects: noObjects });
const { nodes, links } = await readers.profile.counts(null);
process.stderr.write(`The graph has ${nodes} nodes and ${links} links.\n`);
const around = {
  uuid: last,
  up: 1_000_000,
  down: 0,
  linkTypes: ['input_calc', 'create'],
  limit: 400,
} as const;
await readers.profile.warmGraph(null);
await measureTime({ name: `ancestors of a node, in a chain of ${nodes} nodes`, runs: 7 }, async () => {
  const part = await readers.profile.graphAround({ ...around, linkTypes: [...around.linkTypes] });
  if (part === null || part.ancestors < sized(100_000, 100))
    throw new Error(`Only ${part?.ancestors} ancestors`);
});
await measureTime({ name: 'neighbourhood of a node (2 up, 2 down)', runs: 7 }, () =>
  readers.profile.graphAround({ ...around, up: 2, down: 2, linkTypes: [...around.linkTypes] }),
);
await measureTime({ name: 'first 100 rows of the process table', runs: 7 }, () =>
  readers.profile.processWindow({
    filter: '',
    rootsOnly: false,
    sort: 'ctime',
    descending: true,
    offset: 0,
    limit: 100,
  }),
);
await measureTime({ name: 'search by words', runs: 7 }, () =>
  readers.profile.searchWords({ words: 'multiply', limit: 30 }),
);
readers.close();
store.close();
rmSync(folder, { recursive: true, force: true });
