import type { ReadApi, SourceCounts } from '../read-api.ts';
import { cacheFacts } from './cache-facts.ts';
import { checkGraph } from './check.ts';
import { exportClosure } from './closure.ts';
import { codeRows, computerRows } from './codes.ts';
import { deletionPlan, deletionRows } from './deletion.ts';
import { findNodes } from './find-nodes.ts';
import { graphAround } from './graph-around.ts';
import { groupRows } from './groups.ts';
import { MemoryGraph } from './memory-graph.ts';
import { fileHash, nodeDetail, nodeTypes, resolveNodes } from './nodes.ts';
import { objectHashes } from './object-hashes.ts';
import { countStates, processWindow } from './process-table.ts';
import { purgeRows } from './purges.ts';
import { storedProcess } from './process.ts';
import { searchAll } from './search.ts';
import type { ReadSession } from './session.ts';

const counted = ['nodes', 'links', 'groups', 'computers', 'users', 'logs', 'comments'] as const;

/** All questions, on one connection. */
export function createReadApi(session: ReadSession): ReadApi {
  const graph = new MemoryGraph(session);
  return {
    counts: () =>
      Object.fromEntries(
        counted.map((table) => [table, session.value<number>(`SELECT count(*) FROM ${table}`) ?? 0]),
      ) as Record<keyof SourceCounts, number>,
    findNodes: (input) => findNodes(session, input),
    nodeTypes: () => nodeTypes(session),
    node: ({ uuid }) => nodeDetail(session, uuid),
    resolveNodes: ({ text }) => resolveNodes(session, text),
    fileHash: ({ uuid, path }) => fileHash(session, uuid, path),
    searchWords: ({ words, limit }) => searchAll(session, words, limit),
    graphAround: (input) => graphAround(session, graph, input),
    warmGraph: () => {
      const { csr } = graph.current();
      return { nodes: csr.nodes, links: csr.edges };
    },
    groups: () => groupRows(session),
    processWindow: (input) => processWindow(session, input),
    stateCounts: () => countStates(session),
    process: ({ uuid }) => storedProcess(session, uuid),
    cacheFacts: ({ uuid }) => cacheFacts(session, uuid),
    codes: (input) => codeRows(session, input),
    computerRows: () => computerRows(session),
    exportClosure: (input) => exportClosure(session, graph, input),
    deletionPlan: (input) => deletionPlan(session, graph, input),
    deletions: (page) => deletionRows(session, page),
    purges: () => purgeRows(session),
    objects: () => objectHashes(session),
    checkGraph: () => checkGraph(session),
  };
}
