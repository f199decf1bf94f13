import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EngineTransaction } from '#main/engine/ports.ts';
import { openStore, type StoreOptions } from '#main/provenance/store.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';
import { newUuid, type ComputerId, type NodeId } from '#shared/provenance/ids.ts';
import type { LinkType } from '#shared/provenance/links.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import type { RepositoryTree } from '#shared/provenance/repository-tree.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The store of a new profile; closed when the test ends. */
export function temporaryStore(options: Partial<StoreOptions> = {}): ProvenanceStore {
  const store = openStore({ file: join(temporaryFolder(), 'stemma.sqlite'), ...options });
  onTestFinished(() => store.close());
  return store;
}

interface More {
  readonly label?: string;
  readonly attributes?: { readonly [key: string]: PyJson };
  readonly extras?: { readonly [key: string]: PyJson };
  readonly nodeType?: string;
  readonly processType?: string;
  readonly computer?: ComputerId;
  readonly ctime?: number;
  readonly repository?: RepositoryTree;
}

/** Nodes and links in few words, inside of a transaction. Times are 1, 2, … µs, so that their order is known. */
export class GraphWriter {
  readonly #tx: EngineTransaction;
  static #time = 0;

  constructor(tx: EngineTransaction) {
    this.#tx = tx;
  }

  node(nodeType: string, { label = '', attributes = {}, ...more }: More = {}): NodeId {
    return this.#tx.insertNode({
      uuid: newUuid(),
      nodeType,
      processType: more.processType ?? null,
      label,
      description: '',
      ctime: more.ctime ?? ++GraphWriter.#time,
      attributes,
      extras: more.extras ?? {},
      computer: more.computer ?? null,
      ...(more.repository === undefined ? {} : { repository: more.repository }),
    });
  }

  data(more: More = {}): NodeId {
    return this.node(more.nodeType ?? NodeType.int, { attributes: { value: 1 }, ...more });
  }

  calculation(more: More = {}): NodeId {
    return this.node(more.nodeType ?? NodeType.calcJob, {
      processType: 'aiida.calculations:core.arithmetic.add',
      attributes: { process_state: 'created', process_label: 'ArithmeticAddCalculation' },
      ...more,
    });
  }

  workflow(more: More = {}): NodeId {
    return this.node(more.nodeType ?? NodeType.workChain, {
      processType: 'aiida.workflows:core.arithmetic.multiply_add',
      attributes: { process_state: 'created', process_label: 'MultiplyAddWorkChain' },
      ...more,
    });
  }

  link(source: NodeId, target: NodeId, type: LinkType, label = `l${source}`): void {
    this.#tx.insertLink({ source, target, type, label });
  }

  /** Ends a process with an exit status. */
  end(process: NodeId, exitStatus = 0): void {
    this.#tx.patchAttributes(
      process,
      { process_state: 'finished', exit_status: exitStatus },
      ++GraphWriter.#time,
    );
    this.#tx.seal(process);
  }
}

/** One transaction of a {@link GraphWriter}. */
export const build = <T>(store: ProvenanceStore, work: (graph: GraphWriter, tx: EngineTransaction) => T): T =>
  store.write((tx) => work(new GraphWriter(tx), tx));
