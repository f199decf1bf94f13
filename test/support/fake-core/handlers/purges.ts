import { userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { Purge, PurgePreview, purgesArea, PurgeSelection } from '#shared/contract/areas/purges.ts';
import { watchValue } from '../watch.ts';
import type { FakeNode, World } from '../world.ts';

const dayMs = 86_400_000;

function chosen(world: World, selection: PurgeSelection): readonly FakeNode[] {
  if (selection.kind === 'nodes') return selection.uuids.flatMap((uuid) => world.byUuid.get(uuid) ?? []);
  const { nodeType, createdAs, olderThanDays, group } = selection;
  const members = (uuid: string) => world.groups.find((one) => one.uuid === uuid)?.nodes;
  return [...world.nodes.values()].filter((node) => {
    if (!node.nodeType.startsWith(nodeType)) return false;
    if (olderThanDays !== null && Date.now() - node.ctime < olderThanDays * dayMs) return false;
    if (group.kind === 'in' && members(group.uuid)?.has(node.uuid) !== true) return false;
    if (group.kind === 'not-in' && members(group.uuid)?.has(node.uuid) === true) return false;
    const made = world.incoming.get(node.pk)?.filter(({ type }) => type === 'create') ?? [];
    return createdAs === '' || made.some(({ label }) => label === createdAs);
  });
}

function preview(world: World, selection: PurgeSelection): PurgePreview & { readonly all: FakeNode[] } {
  const least = selection.kind === 'rule' ? (selection.largerThan ?? -1) : -1;
  const all = chosen(world, selection).filter(({ uuid, files }) => !world.purged.has(uuid) && files.size > 0);
  const told = all
    .map((node) => {
      const sizes = [...node.files.values()].map(({ length }) => length).filter((size) => size > least);
      return {
        uuid: node.uuid,
        name: world.nameOf(node),
        nodeType: node.nodeType,
        files: sizes.length,
        bytes: sizes.reduce((sum, size) => sum + size, 0),
      };
    })
    .filter(({ files }) => files > 0)
    .toSorted((a, b) => b.bytes - a.bytes);
  return {
    all,
    digest: told.map(({ uuid }) => uuid).join(),
    nodes: told.length,
    files: told.reduce((sum, { files }) => sum + files, 0),
    bytes: told.reduce((sum, { bytes }) => sum + bytes, 0),
    shared: { files: 2, bytes: 40_960, holders: told.slice(-1) },
    held: { files: 0, bytes: 0 },
    purgedBefore: 0,
    active: 1,
    runs: Math.floor(told.length / 2),
    byType: [...Map.groupBy(told, ({ nodeType }) => nodeType)].map(([nodeType, some]) => ({
      nodeType,
      nodes: some.length,
      bytes: some.reduce((sum, { bytes }) => sum + bytes, 0),
    })),
    largest: told.slice(0, 20),
  };
}

const step = (words: string) =>
  ({ kind: 'progress', progress: { done: 0, total: null, unit: 'files', words } }) as const;

export function purgeHandlers(world: World): Handlers<typeof purgesArea> {
  const records: { purge: Purge; nodes: readonly FakeNode[] }[] = [];
  return {
    async *'purges.preview'(selection) {
      await Promise.resolve();
      yield step('Looking at the files of the nodes');
      const { all: _all, ...found } = preview(world, selection);
      yield { kind: 'done', preview: found };
    },
    async *'purges.purge'({ selection }) {
      await Promise.resolve();
      yield step('Purging');
      const { all, nodes, files, bytes, runs, byType, largest } = preview(world, selection);
      const purge: Purge = {
        uuid: world.uuid(),
        time: Date.now(),
        state: 'restorable',
        words: selection.kind === 'nodes' ? 'of one node' : 'made as “retrieved”, older than 30 days',
        nodes,
        files,
        bytes,
        runs,
        byType,
        examples: largest.slice(0, 5).map(({ name }) => name),
      };
      for (const { uuid } of all) world.purged.set(uuid, purge);
      records.unshift({ purge, nodes: all });
      world.touch();
      yield { kind: 'done', purge };
    },
    'purges.list': (_input, { signal }) =>
      watchValue(world, signal, () => records.map(({ purge }) => ({ ...purge }))),
    async *'purges.restore'({ uuid }) {
      await Promise.resolve();
      const at = records.findIndex(({ purge }) => purge.uuid === uuid && purge.state === 'restorable');
      const [found] = at === -1 ? [] : records.splice(at, 1);
      if (found === undefined)
        throw userError({ code: 'purge-missing', message: 'It was restored already.' });
      yield step('Bringing content back');
      for (const node of found.nodes) world.purged.delete(node.uuid);
      world.touch();
      yield { kind: 'done', files: found.purge.files, bytes: found.purge.bytes, there: 0 };
    },
    async *'purges.forget'({ uuids }) {
      await Promise.resolve();
      const total = { files: 0, bytes: 0 };
      for (const { purge } of records.filter((one) => uuids.includes(one.purge.uuid))) {
        purge.state = 'final';
        total.files += purge.files;
        total.bytes += purge.bytes;
      }
      world.touch();
      yield { kind: 'done', ...total };
    },
  };
}
