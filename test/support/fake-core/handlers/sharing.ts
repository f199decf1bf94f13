import type { Handlers } from '#shared/channel/server.ts';
import type { archivesArea, groupsArea, ImportReport } from '#shared/contract/areas/sharing.ts';
import { watchValue } from '../watch.ts';
import type { World } from '../world.ts';

const info = {
  version: 'main_0001',
  aiidaVersion: '2.9.0',
  nodes: 312,
  links: 841,
  groups: 2,
  computers: 1,
  users: 1,
  logs: 12,
  comments: 0,
  files: 96,
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const counts = (fresh: number, identical = 0) => ({ new: fresh, identical, changed: 0 });

const report = (group: ImportReport['group']): ImportReport => ({
  info,
  nodes: counts(300, 12),
  links: counts(820, 21),
  groups: counts(2),
  computers: counts(0, 1),
  users: counts(1),
  logs: counts(12),
  comments: counts(0),
  files: counts(90, 6),
  bytes: 4_100_000,
  notes: [],
  conflicts: [],
  group,
});

export function sharingHandlers(world: World): Handlers<typeof groupsArea & typeof archivesArea> {
  const group = (uuid: string) => world.groups.find((each) => each.uuid === uuid);
  return {
    'groups.list': (_input, { signal }) =>
      watchValue(world, signal, () =>
        world.groups.map(({ nodes, ...rest }) => ({ ...rest, user: 'ada@example.org', count: nodes.size })),
      ),
    'groups.create': ({ label, description }) => {
      const uuid = world.uuid();
      world.groups.push({ uuid, label, description, typeString: 'core', time: Date.now(), nodes: new Set() });
      world.touch();
      return { uuid };
    },
    'groups.update': ({ uuid, label, description }) => {
      Object.assign(group(uuid) ?? {}, { label, description });
      world.touch();
      return {};
    },
    'groups.remove': ({ uuid }) => {
      const at = world.groups.findIndex((each) => each.uuid === uuid);
      if (at >= 0) world.groups.splice(at, 1);
      world.touch();
      return {};
    },
    'groups.addNodes': ({ uuid, nodes }) => {
      for (const node of nodes) group(uuid)?.nodes.add(node);
      world.touch();
      return { changed: nodes.length };
    },
    'groups.removeNodes': ({ uuid, nodes }) => {
      for (const node of nodes) group(uuid)?.nodes.delete(node);
      world.touch();
      return { changed: nodes.length };
    },
    'archives.previewExport': () => ({
      ...info,
      bytes: 4_100_000,
      byRule: [
        { rule: 'chosen', words: 'chosen', nodes: 12 },
        { rule: 'input_calc_backward', words: 'inputs of calculations', nodes: 300 },
      ],
      byType: [{ nodeType: 'data.core.dict.Dict.', nodes: 120 }],
      unsealed: [],
    }),
    'archives.export': async function* ({ to }) {
      for (let done = 0; done <= 300; done += 50) {
        yield {
          kind: 'progress' as const,
          progress: { done, total: 300, unit: 'nodes' as const, words: 'nodes' },
        };
        await pause(100);
      }
      yield { kind: 'done' as const, file: { handle: to, name: 'export.aiida', size: 4_100_000 }, info };
    },
    'archives.previewImport': () => report(null),
    'archives.import': async function* () {
      for (let done = 0; done <= 300; done += 50) {
        yield {
          kind: 'progress' as const,
          progress: { done, total: 300, unit: 'nodes' as const, words: 'nodes' },
        };
        await pause(100);
      }
      world.isNew = false;
      const uuid = world.uuid();
      world.groups.push({
        uuid,
        label: 'import 2026-11-22',
        description: '',
        typeString: 'core.import',
        time: Date.now(),
        nodes: new Set(),
      });
      world.touch();
      yield { kind: 'done' as const, report: report({ uuid, label: 'import 2026-11-22' }) };
    },
    'archives.open': ({ file }) => {
      const source = `archive-${world.archives.length + 1}`;
      world.archives.push({ source, name: `${file}.aiida`, opened: Date.now() });
      world.touch();
      return { source, name: `${file}.aiida`, info };
    },
    'archives.opened': (_input, { signal }) =>
      watchValue(world, signal, () => world.archives.map((archive) => ({ ...archive, info }))),
    'archives.close': ({ source }) => {
      const at = world.archives.findIndex((archive) => archive.source === source);
      if (at >= 0) world.archives.splice(at, 1);
      world.touch();
      return {};
    },
    'archives.demo': () => ({ handle: 'demo', name: 'demo.aiida', size: 4_100_000 }),
  };
}
