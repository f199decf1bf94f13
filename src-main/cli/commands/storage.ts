import { formatBytes } from '#shared/base/bytes.ts';
import { userError } from '#shared/base/errors.ts';
import type { FreeReport, StorageReport } from '#shared/contract/areas/storage.ts';
import type { StorageCommand } from '../delete-arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { first } from './first.ts';
import { printJson, printTable } from './print.ts';
import { showProgress } from './progress.ts';

const mostRows = 10;

const ageWords = {
  week: 'up to a week',
  month: 'up to 30 days',
  year: 'up to a year',
  older: 'older',
} as const;

/** Where the room on the disk goes. */
export async function showStorage(command: StorageCommand, world: World, core: CommandCore): Promise<void> {
  const report = await reportOf(world, core);
  if (command.json) return printJson(world, report);
  const share = ({ nodes, bytes }: { nodes: number; bytes: number }): string[] => [
    formatBytes(bytes),
    `${nodes} nodes`,
  ];
  printTable(world, [
    ['files', formatBytes(report.bytes), `${report.files} files`],
    ['database', formatBytes(report.database), `${report.nodes} nodes`],
    ['unused inside of databases', formatBytes(report.loose), ''],
    ['that nothing names', formatBytes(report.unnamed.bytes), `${report.unnamed.files} files`],
    [
      'deleted, can be restored',
      formatBytes(report.deleted.bytes),
      `${report.deleted.nodes} nodes in ${report.deleted.deletions} deletions`,
    ],
    ['purged, can be restored', formatBytes(report.purged.bytes), `${report.purged.files} files`],
    ['free on the disk', report.freeRoom === null ? 'not known' : formatBytes(report.freeRoom), ''],
  ]);
  const table = (title: string, rows: readonly (readonly string[])[]): void => {
    if (rows.length === 0) return;
    world.out(`\n${title}\n`);
    printTable(world, rows.slice(0, mostRows));
  };
  table(
    'By type',
    report.byType.map((each) => [each.nodeType, ...share(each)]),
  );
  table(
    'By age',
    report.byAge.map((each) => [ageWords[each.age], ...share(each)]),
  );
  table(
    'By group',
    report.byGroup.map((each) => [each.label, ...share(each)]),
  );
  table(
    'Largest nodes',
    report.largestNodes.map(({ uuid, name, bytes }) => [uuid, name, formatBytes(bytes)]),
  );
}

/** Lets go of what nothing needs. */
export async function freeSpace(command: StorageCommand, world: World, core: CommandCore): Promise<void> {
  const { client } = core;
  if (command.dryRun) {
    const { unnamed, deleted, purged, loose } = await reportOf(world, core);
    const would = {
      unnamed,
      loose,
      deleted: command.deleted ? deleted : null,
      purged: command.purged ? { files: purged.files, bytes: purged.bytes } : null,
    };
    if (command.json) return printJson(world, would);
    world.out(`Would let go of ${unnamed.files} files that nothing names (${formatBytes(unnamed.bytes)}).\n`);
    if (loose > 0) world.out(`Would give ${formatBytes(loose)} inside of databases back to the disk.\n`);
    if (command.deleted)
      world.out(`Would let go of ${deleted.nodes} deleted nodes for good (${formatBytes(deleted.bytes)}).\n`);
    if (command.purged)
      world.out(`Would let go of ${purged.files} purged files for good (${formatBytes(purged.bytes)}).\n`);
    return;
  }
  const progress = showProgress(world);
  let forgotten = 0;
  if (command.deleted) {
    const input = { what: { kind: 'all' } } as const;
    for await (const item of client.listen('storage.forget', input, world.signal)) {
      if (item.kind === 'progress') progress(item.progress);
      else forgotten = item.nodes;
    }
  }
  if (command.purged) {
    const purges = await first(client.listen('purges.list', {}, world.signal));
    const uuids = purges.filter(({ state }) => state === 'restorable').map(({ uuid }) => uuid);
    if (uuids.length > 0) {
      for await (const item of client.listen('purges.forget', { uuids }, world.signal)) {
        if (item.kind === 'progress') progress(item.progress);
      }
    }
  }
  const report = await freeAsFarAsAllowed(world, core);
  if (command.json) return printJson(world, { ...report, deletedNodes: forgotten });
  if (command.deleted) world.out(`Let go of ${forgotten} deleted nodes for good.\n`);
  world.out(freedWords(report));
}

/** Ctrl-C ends it early, and what was done by then is told. */
async function freeAsFarAsAllowed(world: World, { client }: CommandCore): Promise<FreeReport> {
  const progress = showProgress(world);
  world.signal.throwIfAborted();
  const stop = (): void => void client.call('storage.stopFreeing', {});
  world.signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const item of client.listen('storage.free', {})) {
      if (item.kind === 'progress') progress(item.progress);
      else return item.report;
    }
  } finally {
    world.signal.removeEventListener('abort', stop);
  }
  throw userError({ code: 'cancelled', message: 'It was cancelled.' });
}

/** Lines for a terminal. */
export function freedWords(report: FreeReport): string {
  const { files, bytes, compacted, held, database, stopped, unfinished } = report;
  const lines = [`Let go of ${files} files (${formatBytes(bytes)}).`];
  if (compacted > 0) lines.push(`The index of files gave ${formatBytes(compacted)} back to the disk.`);
  if (database.after < database.before) {
    const [before, after] = [database.before, database.after].map(formatBytes);
    lines.push(`The database has ${after} now; before, it had ${before}.`);
  }
  if (held > 0) lines.push(`${held} files stay that the running app has put or found.`);
  lines.push(...unfinished);
  if (stopped) lines.push('It was stopped: the rest is found the next time.');
  return `${lines.join('\n')}\n`;
}

async function reportOf(world: World, { client }: CommandCore): Promise<StorageReport> {
  const progress = showProgress(world);
  for await (const item of client.listen('storage.report', {}, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else return item.report;
  }
  throw userError({ code: 'cancelled', message: 'It was cancelled.' });
}
