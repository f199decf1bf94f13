import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { isCall, nodeCount } from '#shared/graph/columns.ts';
import { graphIndex, linksAt } from '#shared/graph/graph-index.ts';
import { lineageOf } from '#shared/graph/lineage.ts';

/** What a core answers to `graph.around`: the part of the graph around a node, nearest first. */
export function around(graph: GraphPart, uuid: string, up: number, down: number, limit: number): GraphPart {
  const root = graph.uuid.indexOf(uuid);
  const index = graphIndex(graph);
  const depth = new Map([[root, 0]]);
  const walk = (steps: number, sign: 1 | -1): void => {
    let rim = [root];
    for (let step = 1; step <= steps && depth.size < limit; step++) {
      const next: number[] = [];
      for (const node of rim) {
        for (const link of linksAt(sign < 0 ? index.incoming : index.outgoing, node)) {
          const other = (sign < 0 ? graph.from : graph.to)[link] as number;
          if (depth.has(other) || depth.size >= limit) continue;
          depth.set(other, step * sign);
          next.push(other);
        }
      }
      rim = next;
    }
  };
  walk(up, -1);
  walk(down, 1);
  return part(graph, root, depth, depth.size >= limit);
}

function part(
  graph: GraphPart,
  root: number,
  depth: ReadonlyMap<number, number>,
  truncated: boolean,
): GraphPart {
  const nodes = Array.from({ length: nodeCount(graph) }, (_, node) => node).filter((node) => depth.has(node));
  const at = new Map(nodes.map((node, i) => [node, i]));
  const links = [...graph.from.keys()].filter(
    (link) => at.has(graph.from[link] as number) && at.has(graph.to[link] as number),
  );
  const hidden = (ends: Uint32Array, only = (_type: number): boolean => true): Uint32Array<ArrayBuffer> => {
    const out = new Uint32Array(nodes.length);
    const inside = new Set(links);
    ends.forEach((node, link) => {
      const i = at.get(node);
      if (i !== undefined && !inside.has(link) && only(graph.linkType[link] as number))
        out[i] = (out[i] as number) + 1;
    });
    return out;
  };
  const pick = <T>(column: ArrayLike<T>): T[] => nodes.map((node) => column[node] as T);
  const end = (column: Uint32Array): Uint32Array<ArrayBuffer> =>
    Uint32Array.from(links, (link) => at.get(column[link] as number) ?? 0);
  const lineage = lineageOf(graph, [root]);
  return {
    root: at.get(root) ?? 0,
    pk: Uint32Array.from(pick(graph.pk)),
    kind: Uint8Array.from(pick(graph.kind)),
    state: Uint8Array.from(pick(graph.state)),
    cached: Uint8Array.from(pick(graph.cached)),
    depth: Int32Array.from(nodes, (node) => depth.get(node) ?? 0),
    uuid: pick(graph.uuid),
    name: pick(graph.name),
    summary: pick(graph.summary),
    nodeType: pick(graph.nodeType),
    ctime: Float64Array.from(pick(graph.ctime)),
    hiddenIncoming: hidden(graph.to),
    hiddenOutgoing: hidden(graph.from),
    hiddenCallers: hidden(graph.to, isCall),
    hiddenCalls: hidden(graph.from, isCall),
    from: end(graph.from),
    to: end(graph.to),
    linkType: Uint8Array.from(links, (link) => graph.linkType[link] as number),
    linkLabel: links.map((link) => graph.linkLabel[link] ?? ''),
    linkInferred: Uint8Array.from(links, (link) => graph.linkInferred[link] as number),
    ancestors: lineage.ancestors,
    descendants: lineage.descendants,
    truncated,
  };
}
