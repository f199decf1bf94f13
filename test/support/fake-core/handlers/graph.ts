import type { Handlers } from '#shared/channel/server.ts';
import type { graphArea } from '#shared/contract/areas/nodes.ts';
import { linkTypes } from '#shared/provenance/links.ts';
import { nodeKinds } from '#shared/provenance/node-types.ts';
import { displayStates } from '#shared/process/states.ts';
import { type FakeLink, isCopy, type World } from '../world.ts';
import { nodeOf } from './processes.ts';

/** Every node that links lead to, without end. */
function closure(
  start: number,
  links: ReadonlyMap<number, FakeLink[]>,
  end: 'from' | 'to',
  allowed: ReadonlySet<string>,
): number {
  const seen = new Set([start]);
  for (const pk of seen) {
    for (const link of links.get(pk) ?? []) if (allowed.has(link.type)) seen.add(link[end]);
  }
  return seen.size - 1;
}

export function graphHandlers(world: World): Handlers<typeof graphArea> {
  return {
    'graph.around': ({ uuid, up, down, linkTypes: wanted, limit }) => {
      const root = nodeOf(world, uuid);
      const allowed = new Set<string>(wanted);
      const depth = new Map([[root.pk, 0]]);
      const grow = (
        links: ReadonlyMap<number, FakeLink[]>,
        end: 'from' | 'to',
        hops: number,
        sign: number,
      ): void => {
        let edge = [root.pk];
        for (let hop = 1; hop <= hops && edge.length > 0; hop++) {
          const next: number[] = [];
          for (const pk of edge) {
            for (const link of links.get(pk) ?? []) {
              if (!allowed.has(link.type) || depth.has(link[end]) || depth.size >= limit) continue;
              depth.set(link[end], hop * sign);
              next.push(link[end]);
            }
          }
          edge = next;
        }
      };
      grow(world.incoming, 'from', up, -1);
      grow(world.outgoing, 'to', down, 1);
      const nodes = [...depth.keys()].flatMap((pk) => world.nodes.get(pk) ?? []);
      const place = new Map(nodes.map(({ pk }, i) => [pk, i]));
      const links = nodes.flatMap(({ pk }) =>
        (world.outgoing.get(pk) ?? []).filter(({ to, type }) => allowed.has(type) && place.has(to)),
      );
      const hidden = (all: ReadonlyMap<number, FakeLink[]>, end: 'from' | 'to', type = '') =>
        Uint32Array.from(
          nodes,
          ({ pk }) =>
            (all.get(pk) ?? []).filter((link) => link.type.startsWith(type) && !place.has(link[end])).length,
        );
      return {
        root: root.pk,
        pk: Uint32Array.from(nodes, ({ pk }) => pk),
        kind: Uint8Array.from(nodes, ({ kind }) => nodeKinds.indexOf(kind)),
        state: Uint8Array.from(nodes, ({ process }) =>
          process === null ? 255 : displayStates.indexOf(process.state),
        ),
        cached: Uint8Array.from(nodes, (node) => Number(isCopy(node))),
        depth: Int32Array.from(nodes, ({ pk }) => depth.get(pk) ?? 0),
        uuid: nodes.map((node) => node.uuid),
        name: nodes.map((node) => world.nameOf(node)),
        summary: nodes.map(({ summary }) => summary),
        nodeType: nodes.map(({ nodeType }) => nodeType),
        ctime: Float64Array.from(nodes, ({ ctime }) => ctime * 1000),
        hiddenIncoming: hidden(world.incoming, 'from'),
        hiddenOutgoing: hidden(world.outgoing, 'to'),
        hiddenCallers: hidden(world.incoming, 'from', 'call_'),
        hiddenCalls: hidden(world.outgoing, 'to', 'call_'),
        from: Uint32Array.from(links, ({ from }) => place.get(from) ?? 0),
        to: Uint32Array.from(links, ({ to }) => place.get(to) ?? 0),
        linkType: Uint8Array.from(links, ({ type }) => linkTypes.indexOf(type)),
        linkLabel: links.map(({ label }) => label),
        linkInferred: new Uint8Array(links.length),
        ancestors: closure(root.pk, world.incoming, 'from', allowed),
        descendants: closure(root.pk, world.outgoing, 'to', allowed),
        truncated: depth.size >= limit,
      };
    },
  };
}
