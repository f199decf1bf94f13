import type { ExportPreview, ExportSelection } from '#shared/contract/areas/sharing.ts';
import { isTerminal, type ProcessState } from '#shared/process/states.ts';
import { exportRules, type TraversalRule } from '#shared/provenance/traversal-rules.ts';
import type { FakeNode, World } from './world.ts';

function chosenNodes(world: World, { what }: ExportSelection): readonly FakeNode[] {
  switch (what.kind) {
    case 'all':
      return [...world.nodes.values()];
    case 'nodes':
      return what.uuids.flatMap((uuid) => world.byUuid.get(uuid) ?? []);
    case 'group': {
      const group = world.groups.find(({ uuid }) => uuid === what.uuid);
      return [...(group?.nodes ?? [])].flatMap((uuid) => world.byUuid.get(uuid) ?? []);
    }
  }
}

/** What an export would take: the closure along the rules, breadth first. */
export function closureOf(world: World, selection: ExportSelection): ExportPreview {
  const rules = { ...exportRules, ...selection.rules };
  const found = new Map<number, string>();
  let front = chosenNodes(world, selection).map(({ pk }) => pk);
  for (const pk of front) found.set(pk, 'chosen');
  while (front.length > 0) {
    const next: number[] = [];
    const reach = (pk: number, rule: TraversalRule): void => {
      if (!rules[rule] || found.has(pk)) return;
      found.set(pk, rule);
      next.push(pk);
    };
    for (const pk of front) {
      for (const { to, type } of world.outgoing.get(pk) ?? []) reach(to, `${type}_forward`);
      for (const { from, type } of world.incoming.get(pk) ?? []) reach(from, `${type}_backward`);
    }
    front = next;
  }
  const nodes = [...found.keys()].flatMap((pk) => world.nodes.get(pk) ?? []);
  const files = nodes.flatMap((node) => [...node.files.values()]);
  const purged = nodes.flatMap(({ uuid, files: own }) => (world.purged.has(uuid) ? [...own.values()] : []));
  const count = (key: (node: FakeNode) => string): [string, number][] =>
    [...Map.groupBy(nodes, key)]
      .map(([value, list]): [string, number] => [value, list.length])
      .toSorted((a, b) => b[1] - a[1]);
  return {
    nodes: nodes.length,
    links: nodes.reduce((sum, { pk }) => sum + (world.outgoing.get(pk)?.length ?? 0), 0),
    files: files.length,
    bytes: files.reduce((sum, { length }) => sum + length, 0),
    purged: {
      files: purged.length,
      bytes: purged.reduce((sum, { length }) => sum + length, 0),
    },
    groups: selection.what.kind === 'group' ? 1 : selection.what.kind === 'all' ? world.groups.length : 0,
    computers: 1,
    users: 1,
    logs: selection.logs ? 12 : 0,
    comments: 0,
    byRule: count(({ pk }) => found.get(pk) ?? '').map(([rule, n]) => ({
      rule,
      words: rule.replaceAll('_', ' '),
      nodes: n,
      examples: nodes
        .filter(({ pk }) => (found.get(pk) ?? '') === rule)
        .slice(0, 5)
        .map((node) => ({ uuid: node.uuid, name: world.nameOf(node) })),
    })),
    byType: count(({ nodeType }) => nodeType).map(([nodeType, n]) => ({ nodeType, nodes: n })),
    unsealed: nodes
      .filter(({ process }) => process !== null && !isEnded(process.state))
      .slice(0, 100)
      .map((node) => ({ uuid: node.uuid, name: world.nameOf(node) })),
  };
}

const isEnded = (state: string): boolean => state === 'failed' || isTerminal(state as ProcessState);
