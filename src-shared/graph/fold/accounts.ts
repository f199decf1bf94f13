import { flowLink, linkCount } from '../columns.ts';
import { type Folded, Role } from './folded.ts';
import type { View } from './view-of.ts';

/** Where every node and every link of the graph is in a view. Each is in exactly one place, so the figures add up. */
export interface Accounts {
  readonly nodes: {
    readonly drawn: number;
    readonly merged: number;
    readonly chips: number;
    readonly onFlows: number;
    readonly outside: number;
  };
  readonly links: {
    readonly drawn: number;
    /** Of types that were switched off. */
    readonly hidden: number;
    /** Between two nodes that the same node stands for. */
    readonly merged: number;
    readonly chips: number;
    readonly onFlows: number;
    readonly outside: number;
  };
}

/**
 * Counts for the line below the picture. The places of `nodes` add up to all nodes of the graph, those of `links` to all
 * links.
 */
export function accounts(view: View): Accounts {
  const { folded } = view;
  const nodes = { drawn: 0, merged: 0, chips: 0, onFlows: 0, outside: 0 };
  const places = ['drawn', 'merged', 'chips', 'chips', 'onFlows', 'outside'] as const;
  for (const role of folded.role) nodes[places[role] ?? 'outside']++;
  const drawn = new Set<number>();
  for (let line = 0; line < view.carries.length; line++) {
    if ((view.type[line] as number) < flowLink) for (const link of view.carries[line] ?? []) drawn.add(link);
  }
  const links = { drawn: drawn.size, hidden: 0, merged: 0, chips: 0, onFlows: 0, outside: 0 };
  for (let link = 0; link < linkCount(folded.graph); link++) {
    if (!drawn.has(link)) links[linkPlace(folded, link)]++;
  }
  return { nodes, links };
}

function linkPlace(folded: Folded, link: number): 'hidden' | 'merged' | 'chips' | 'onFlows' | 'outside' {
  const from = folded.graph.from[link] as number;
  const to = folded.graph.to[link] as number;
  const either = (role: number): boolean => folded.role[from] === role || folded.role[to] === role;
  if (either(Role.outside)) return 'outside';
  if (either(Role.privateChip) || either(Role.hubChip)) return 'chips';
  if (either(Role.onFlow)) return 'onFlows';
  return folded.head[from] === folded.head[to] ? 'merged' : 'hidden';
}
