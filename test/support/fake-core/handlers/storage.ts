import { userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type {
  Deletion,
  DeletionPreview,
  DeletionSelection,
  StorageReport,
  storageArea,
} from '#shared/contract/areas/storage.ts';
import { isTerminal, type ProcessState } from '#shared/process/states.ts';
import { deleteRules, type TraversalRule } from '#shared/provenance/traversal-rules.ts';
import { filterTest } from '../filter.ts';
import { watchValue } from '../watch.ts';
import type { FakeNode, World } from '../world.ts';

const isEnded = (state: string): boolean => state === 'failed' || isTerminal(state as ProcessState);

function chosenBy(world: World, what: DeletionSelection['what']): readonly string[] {
  if (what.kind === 'nodes') return what.uuids;
  if (what.kind === 'group') return [...(world.groups.find(({ uuid }) => uuid === what.uuid)?.nodes ?? [])];
  const fits = filterTest(world, what.filter);
  const fitting = [...world.nodes.values()].filter(
    (node) => node.nodeType.startsWith(what.typePrefix) && fits(node),
  );
  return fitting.map(({ uuid }) => uuid);
}

/** What a deletion would take, breadth first. */
function doomed(world: World, { what, rules }: DeletionSelection): ReadonlyMap<FakeNode, string> {
  const turned = { ...deleteRules, ...rules };
  const chosen = chosenBy(world, what);
  const found = new Map<FakeNode, string>();
  const front = chosen.flatMap((uuid) => world.byUuid.get(uuid) ?? []);
  for (const node of front) found.set(node, 'chosen');
  for (const node of front) {
    const reach = (pk: number, rule: TraversalRule): void => {
      const other = world.nodes.get(pk);
      if (other === undefined || !turned[rule] || found.has(other)) return;
      found.set(other, rule);
      front.push(other);
    };
    for (const { to, type } of world.outgoing.get(node.pk) ?? []) reach(to, `${type}_forward`);
    for (const { from, type } of world.incoming.get(node.pk) ?? []) reach(from, `${type}_backward`);
  }
  return found;
}

function preview(world: World, selection: DeletionSelection): DeletionPreview {
  const found = [...doomed(world, selection)];
  const refer = (node: FakeNode) => ({ uuid: node.uuid, name: world.nameOf(node), nodeType: node.nodeType });
  const unended = found.filter(([{ process }]) => process !== null && !isEnded(process.state));
  const files = found.flatMap(([{ files }]) => [...files.values()]);
  return {
    digest: String(found.length),
    nodes: found.length,
    links: found.reduce((sum, [{ pk }]) => sum + (world.outgoing.get(pk)?.length ?? 0), 0),
    memberships: 1,
    logs: 4,
    comments: 0,
    files: files.length,
    bytes: files.reduce((sum, { length }) => sum + length, 0),
    byRule: [...Map.groupBy(found, ([, rule]) => rule)].map(([rule, nodes]) => ({
      rule,
      words: rule.replaceAll('_', ' '),
      nodes: nodes.length,
      examples: nodes.slice(0, 5).map(([node]) => refer(node)),
    })),
    byType: [...Map.groupBy(found, ([{ nodeType }]) => nodeType)].map(([nodeType, nodes]) => ({
      nodeType,
      nodes: nodes.length,
    })),
    obstacles:
      unended.length === 0
        ? []
        : [
            {
              message: 'Processes that have not ended cannot be deleted:',
              count: unended.length,
              nodes: unended.slice(0, 100).map(([node]) => refer(node)),
            },
          ],
  };
}

function reportOf(world: World, deletions: readonly Deletion[]): StorageReport {
  const nodes = [...world.nodes.values()];
  const shareOf = (some: readonly FakeNode[]) => ({
    nodes: some.length,
    files: some.reduce((sum, { files }) => sum + files.size, 0),
    bytes: some.reduce((sum, node) => sum + bytesOf(node), 0),
  });
  const largest = nodes.toSorted((a, b) => bytesOf(b) - bytesOf(a)).slice(0, 50);
  const all = shareOf(nodes);
  return {
    nodes: nodes.length,
    database: 2_400_000,
    files: all.files + 12,
    bytes: all.bytes + 4_100_000,
    unnamed: { files: 12, bytes: 4_100_000 },
    deleted: {
      deletions: deletions.length,
      nodes: deletions.reduce((sum, each) => sum + each.nodes, 0),
      bytes: deletions.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    purged: {
      ...[...new Set(world.purged.values())].reduce(
        (sum, { state, files, bytes }) =>
          state === 'final' ? sum : { files: sum.files + files, bytes: sum.bytes + bytes },
        { files: 0, bytes: 0 },
      ),
      purges: [],
    },
    loose: 700_000,
    freeRoom: 212_000_000_000,
    byType: [...Map.groupBy(nodes, ({ nodeType }) => nodeType)]
      .map(([nodeType, some]) => ({ nodeType, ...shareOf(some) }))
      .toSorted((a, b) => b.bytes - a.bytes),
    byAge: (['week', 'month', 'year', 'older'] as const).map((age, i) => ({
      age,
      ...shareOf(nodes.filter((_, at) => at % 4 === i)),
    })),
    byGroup: world.groups.map(({ uuid, label, nodes: members }) => ({
      uuid,
      label,
      ...shareOf(nodes.filter((node) => members.has(node.uuid))),
    })),
    largestNodes: largest.map((node) => ({
      uuid: node.uuid,
      name: world.nameOf(node),
      nodeType: node.nodeType,
      files: node.files.size,
      bytes: bytesOf(node),
    })),
    largestFiles: [],
  };
}

const bytesOf = ({ files }: FakeNode): number =>
  [...files.values()].reduce((sum, { length }) => sum + length, 0);

const step = {
  kind: 'progress',
  progress: { done: 0, total: null, unit: 'nodes', words: 'Deleting' },
} as const;

export function storageHandlers(world: World): Handlers<typeof storageArea> {
  const stopFreeing: ((stopped: true) => void)[] = [];
  const kept = world.deletions;
  const previewed = new Map<string, DeletionSelection>();
  return {
    'storage.previewDeletion'(selection) {
      const found = preview(world, selection);
      previewed.set(found.digest, selection);
      return found;
    },
    async *'storage.delete'({ digest }) {
      const selection = previewed.get(digest);
      if (selection === undefined || preview(world, selection).digest !== digest)
        throw userError({ code: 'deletion-outdated', message: 'What would be deleted has changed.' });
      const { obstacles, byRule: _byRule, digest: _digest, ...counts } = preview(world, selection);
      if (obstacles[0] !== undefined)
        throw userError({ code: 'deletion-refused', message: obstacles[0].message });
      const nodes = [...doomed(world, selection).keys()];
      await Promise.resolve();
      yield step;
      for (const { pk, uuid } of nodes) {
        world.nodes.delete(pk);
        world.byUuid.delete(uuid);
      }
      const deletion = {
        ...counts,
        uuid: world.uuid(),
        time: Date.now(),
        examples: nodes.slice(0, 5).map((node) => world.nameOf(node)),
      };
      kept.unshift({ deletion, nodes });
      world.touch();
      yield { kind: 'done', deletion };
    },
    'storage.deletions': ({ skip, limit }, { signal }) =>
      watchValue(world, signal, () => ({
        rows: kept.slice(skip, skip + limit).map(({ deletion }) => deletion),
        skip,
        total: kept.length,
        nodes: kept.reduce((sum, { nodes }) => sum + nodes.length, 0),
      })),
    async *'storage.restore'({ uuid }) {
      const at = kept.findIndex(({ deletion }) => deletion.uuid === uuid);
      const [found] = at === -1 ? [] : kept.splice(at, 1);
      if (found === undefined)
        throw userError({ code: 'deletion-missing', message: 'It was restored already.' });
      await Promise.resolve();
      yield step;
      for (const node of found.nodes) {
        world.nodes.set(node.pk, node);
        world.byUuid.set(node.uuid, node);
      }
      world.touch();
      yield { kind: 'done', nodes: found.nodes.length, there: 0, links: found.deletion.links };
    },
    async *'storage.report'() {
      await Promise.resolve();
      yield {
        kind: 'done',
        report: reportOf(
          world,
          kept.map(({ deletion }) => deletion),
        ),
      };
    },
    async *'storage.free'() {
      await Promise.resolve();
      yield {
        kind: 'progress',
        progress: { done: 5, total: null, unit: 'files', words: 'Letting go of files that nothing names' },
      };
      const stopped = world.holdsFreeing && (await new Promise<true>((resolve) => stopFreeing.push(resolve)));
      yield {
        kind: 'done',
        report: {
          files: 12,
          bytes: 4_100_000,
          held: 0,
          compacted: 4_096_000,
          database: { before: 2_400_000, after: 1_700_000 },
          stopped,
          unfinished: [],
        },
      };
    },
    'storage.stopFreeing'() {
      for (const stop of stopFreeing.splice(0)) stop(true);
      return {};
    },
    async *'storage.forget'({ what }) {
      const uuids = what.kind === 'all' ? kept.map(({ deletion }) => deletion.uuid) : what.uuids;
      let nodes = 0;
      await Promise.resolve();
      for (const uuid of uuids) {
        const at = kept.findIndex(({ deletion }) => deletion.uuid === uuid);
        if (at !== -1) nodes += kept.splice(at, 1)[0]?.nodes.length ?? 0;
      }
      world.touch();
      yield { kind: 'done', nodes };
    },
  };
}
