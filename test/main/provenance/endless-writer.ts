/** Writes calculations with inputs and outputs until it is killed; prints the UUID of each that was committed. */
import { writeSync } from 'node:fs';
import { openStore } from '../../../src-main/provenance/store.ts';
import { newUuid, type NodeId, type Uuid } from '../../../src-shared/provenance/ids.ts';
import { NodeType } from '../../../src-shared/provenance/node-types.ts';

const store = openStore({ file: process.argv[2] ?? '', indexAfterMs: 1 });

for (let n = 0; ; n++) {
  const uuid = store.write((tx) => {
    const node = (nodeType: string, made: Uuid): NodeId =>
      tx.insertNode({
        uuid: made,
        nodeType,
        processType: null,
        label: `number ${n}`,
        description: '',
        ctime: n,
        attributes: { process_state: 'finished' },
        computer: null,
      });
    const calc = newUuid();
    const [input, process, output] = [
      node(NodeType.int, newUuid()),
      node(NodeType.calcFunction, calc),
      node(NodeType.int, newUuid()),
    ];
    tx.insertLink({ source: input, target: process, type: 'input_calc', label: 'x' });
    tx.insertLink({ source: process, target: output, type: 'create', label: 'result' });
    tx.seal(process);
    return calc;
  });
  // synchronous, so that a line that was printed is a commit that returned
  writeSync(1, `${uuid}\n`);
  // timers of the search index get their turn
  if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
}
