import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ImportJobs } from '#main/handlers/import-jobs.ts';
import { nothingSaid } from '#shared/provenance/archive-words.ts';
import { userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { anonymousArea } from '#shared/contract/areas/anonymous.ts';
import type { ImportOptions } from '#shared/contract/areas/import-options.ts';
import type { importsArea } from '#shared/contract/areas/imports.ts';
import type { openingsArea, RecentArchive } from '#shared/contract/areas/openings.ts';
import type {
  ArchiveInfo,
  archivesArea,
  ImportReport,
  OpenedArchive,
} from '#shared/contract/areas/sharing.ts';
import { importReport } from '../../import-report.ts';
import { closureOf } from '../closure.ts';
import { watchValue } from '../watch.ts';
import type { World } from '../world.ts';

const info: ArchiveInfo = {
  version: 'main_0001',
  aiidaVersion: '2.6.3',
  writtenBy: 'AiiDA 2.6.3',
  about: nothingSaid,
  nodes: 312,
  links: 841,
  groups: 2,
  computers: 1,
  users: 1,
  logs: 12,
  comments: 0,
  files: 96,
};

interface Input {
  readonly file: string;
  readonly options: ImportOptions;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const counts = (fresh: number, identical = 0, changed = 0) => ({ new: fresh, identical, changed });

/** What the name of a file makes of it: `truncated.aiida`, `main_0002.aiida`, `conflict.aiida`, `known.aiida`, `full.aiida`, `stopped.aiida`. */
function reportOf(name: string, group: ImportReport['group'], options?: ImportOptions): ImportReport {
  if (name.includes('truncated')) {
    throw userError({
      code: 'archive-damaged',
      message: 'The archive is damaged: it ends too early.',
      subject: name,
      hint: 'Nothing was changed. Get the file again from where it came from.',
    });
  }
  if (name.includes('main_0002')) {
    throw userError({
      code: 'archive-version',
      message: `“${name}” has version main_0002, which is not known here; version main_0001 can be opened.`,
      subject: name,
      hint: 'It may come from a newer AiiDA: look for a newer version of this app.',
    });
  }
  const known = name.includes('known');
  const conflict = name.includes('conflict');
  const free = name.includes('full') ? 2_000_100_000 : 40e9;
  const extras = { none: 0, keep_existing: 3, update_existing: 5, mirror: 7 };
  return importReport({
    info,
    created: '2026-03-10T20:49:47',
    names: { groups: ['silicon', 'bands'], computers: ['granite'], users: ['ada@example.org'] },
    nodes: known ? counts(0, 312) : counts(299, 12, conflict ? 1 : 0),
    links: known ? counts(0, 841) : counts(820, 21),
    groups: known ? counts(0, 2) : counts(2),
    computers: counts(0, 1),
    users: counts(0, 1),
    logs: known ? counts(0, 12) : counts(12),
    comments: counts(0),
    files: known ? counts(0, 96) : counts(90, 6),
    bytes: known ? 0 : 4_100_000,
    disk: { files: known ? 0 : 4_100_000, database: 900_000, temporary: 900_000, free, keep: 2e9 },
    choices: { extras, comments: { leave: 0, newest: 1, overwrite: 2 } },
    updates: {
      extras: extras[options?.extrasExisting ?? 'none'],
      comments: 0,
    },
    resumed: name.includes('stopped') ? { files: 40, bytes: 2_000_000 } : null,
    notes: known
      ? []
      : ['The group “silicon” comes in as “silicon (Imported #0)”: another group has its label.'],
    conflicts: conflict
      ? [
          {
            of: 'nodes',
            subject: 'b1b7c7de-6f0c-4c55-9d0f-3d2b9d9c5f11',
            name: 'PwCalculation',
            message: 'a node with the same UUID and another content is in this profile: other attributes.',
            why: 'differs',
          },
        ]
      : [],
    group,
  });
}

/** One of an old version says how it was read. */
const contentOf = (name: string): Pick<OpenedArchive, 'info' | 'notes'> =>
  name.includes('old')
    ? {
        info: { ...info, version: '0.4', aiidaVersion: '1.0.0' },
        notes: [
          'The archive is of version 0.4. It was read as AiiDA’s migration would turn it into version main_0001; the file itself stays as it is.',
        ],
      }
    : { info, notes: [] };

async function* steps(signal: AbortSignal, times: number, words = 'Comparing nodes') {
  for (let i = 0; i <= times; i++) {
    const done = Math.round((i * 300) / times);
    yield {
      kind: 'progress' as const,
      progress: { done, total: 300, unit: 'nodes' as const, words },
    };
    await pause(60);
    signal.throwIfAborted();
  }
}

export function archiveHandlers(
  world: World,
): Handlers<typeof archivesArea & typeof importsArea & typeof anonymousArea & typeof openingsArea> {
  const nameOf = (handle: string): string => {
    const path = world.filePaths.get(handle);
    if (path !== undefined) return basename(path);
    throw userError({
      code: 'unknown-file',
      message: 'This file was not chosen here, or too long ago.',
      subject: handle,
      hint: 'Choose the file again.',
    });
  };
  async function* importing({ file, options }: Input, signal: AbortSignal) {
    const name = nameOf(file);
    yield* steps(signal, name.includes('slow') ? 200 : 5);
    world.isNew = false;
    const uuid = world.uuid();
    const label = options.group.kind === 'named' ? options.group.label : '20261122-140309';
    const fresh = [...world.nodes.values()].slice(0, 40).map((node) => node.uuid);
    world.groups.push({
      uuid,
      label,
      description: 'Group generated by archive import',
      typeString: options.group.kind === 'named' ? 'core' : 'core.import',
      time: Date.now(),
      nodes: new Set(fresh),
    });
    world.touch();
    yield { kind: 'done' as const, report: reportOf(name, { uuid, label }, options) };
  }

  const opened = ({ file, ...archive }: (typeof world.archives)[number]): OpenedArchive => ({
    ...archive,
    file,
    damage: null,
    ...contentOf(archive.name),
  });
  const open = (file: string): OpenedArchive => {
    const name = nameOf(file);
    reportOf(name, null);
    const archive = { source: `archive-${world.archives.length + 1}`, name, file, opened: Date.now() };
    world.archives.push(archive);
    const before = recent.findIndex((one) => one.file.handle === file);
    if (before !== -1) recent.splice(before, 1);
    recent.unshift({
      file: { handle: file, name, size: 4_100_000 },
      folder: 'papers',
      version: contentOf(name).info.version,
      nodes: info.nodes,
      opened: archive.opened,
    });
    world.touch();
    return opened(archive);
  };
  const recent: RecentArchive[] = [];
  const jobs = new ImportJobs(Date.now);
  jobs.changes.on(() => world.touch());
  return {
    'archives.previewExport': (selection) => closureOf(world, selection),
    'archives.export': async function* (input, { signal }) {
      const { selection, to } = input;
      world.exported.push(input);
      const { nodes, links } = closureOf(world, selection);
      yield* steps(signal, 5);
      const content = `${nodes} nodes\n`;
      await writeFile(world.filePaths.get(to) ?? '', content);
      const file = { handle: to, name: nameOf(to), size: content.length };
      yield { kind: 'done' as const, file, info: { ...info, nodes, links } };
    },
    async *'archives.previewAnonymous'(_selection, { signal }) {
      yield* steps(signal, 3);
      const [node] = world.nodes.values();
      yield {
        kind: 'done' as const,
        report: {
          replaced: [
            { kind: 'login' as const, was: 'ada', becomes: 'user-1', times: 41 },
            { kind: 'host' as const, was: 'granite.example.org', becomes: 'computer-1.invalid', times: 12 },
          ],
          replacedCount: 2,
          changes: [
            { where: 'attributes of nodes', texts: 50 },
            { where: 'email of users', texts: 1 },
          ],
          kept: [{ kind: 'name' as const, text: 'Ada', times: 3 }],
          files: [{ uuid: node?.uuid ?? '', node: 'pw', path: 'aiida.out', times: 2 }],
          filesCount: 1,
          contentsCount: 1,
          notText: 4,
        },
      };
    },
    async *'archives.previewImport'({ file, options }, { signal }) {
      const name = nameOf(file);
      if (name.includes('large')) yield* steps(signal, 200);
      await Promise.resolve();
      yield { kind: 'done', report: reportOf(name, null, options) };
    },
    'archives.import': (input, { signal }) => importing(input, signal),
    'imports.start': ({ file, options }) => {
      const handle = { handle: file, name: nameOf(file), size: 4_100_000 };
      return { id: jobs.begin(handle, (signal) => importing({ file, options }, signal)) };
    },
    'imports.list': (_input, { signal }) => watchValue(world, signal, () => [...jobs.list()]),
    'imports.cancel': ({ id }) => {
      jobs.cancel(id);
      return {};
    },
    'archives.open': ({ file }) => open(file),
    'archives.look': async function* ({ file }, { signal }) {
      yield* steps(signal, nameOf(file).includes('slow') ? 200 : 2, 'Converting nodes');
      yield { kind: 'done' as const, archive: open(file) };
    },
    'archives.recent': (_input, { signal }) => watchValue(world, signal, () => [...recent]),
    'archives.forgetRecent': () => {
      recent.length = 0;
      world.touch();
      return {};
    },
    'archives.opened': (_input, { signal }) => watchValue(world, signal, () => world.archives.map(opened)),
    'archives.close': ({ source }) => {
      const at = world.archives.findIndex((archive) => archive.source === source);
      if (at >= 0) world.archives.splice(at, 1);
      world.touch();
      return {};
    },
    'archives.demo': () => {
      world.filePaths.set('demo', 'demo.aiida');
      return { handle: 'demo', name: 'demo.aiida', size: 4_100_000 };
    },
  };
}
