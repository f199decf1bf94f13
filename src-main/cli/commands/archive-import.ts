import { formatBytes } from '#shared/base/bytes.ts';
import { userError } from '#shared/base/errors.ts';
import { mergedKinds, type FileHandle, type ImportReport } from '#shared/contract/areas/sharing.ts';
import type { ArchiveImportCommand } from '../archive-import-arguments.ts';
import type { ArchiveCore, World } from '../world.ts';
import { isAddress, withDownload } from './download.ts';
import { printJson, printTable } from './print.ts';
import { showProgress } from './progress.ts';

/** Imports archives one after the other; the first that cannot be imported ends it. */
export async function archiveImport(
  command: ArchiveImportCommand,
  world: World,
  core: ArchiveCore,
): Promise<void> {
  const { files, json } = command;
  const reports: ImportReport[] = [];
  for (const file of files) {
    const report = await withFile(file, world, core, (handle) => importOne(handle, command, world, core));
    reports.push(report);
    if (!json) {
      if (files.length > 1) world.out(`${file}\n`);
      print(world, report, command.dryRun);
    }
    if (report.conflicts.length > 0) break;
  }
  if (json) printJson(world, files.length === 1 ? reports[0] : reports);
  const conflict = reports.at(-1)?.conflicts[0];
  if (conflict !== undefined) {
    throw userError({
      code: 'import-conflicts',
      message: `Nothing was imported${files.length > 1 ? ` from ${files[reports.length - 1]}` : ''}: ${conflict.message}`,
      subject: conflict.subject,
    });
  }
}

async function withFile<T>(
  file: string,
  world: World,
  { files }: ArchiveCore,
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  if (!isAddress(file)) return work(await files.offer(file));
  return withDownload(file, world, async (path) => work(await files.offer(path)));
}

async function importOne(
  { handle }: FileHandle,
  { options, dryRun }: ArchiveImportCommand,
  world: World,
  { client }: ArchiveCore,
): Promise<ImportReport> {
  const input = { file: handle, options };
  const progress = showProgress(world);
  const name = dryRun ? 'archives.previewImport' : 'archives.import';
  for await (const item of client.listen(name, input, world.signal)) {
    if (item.kind === 'done') return item.report;
    progress(item.progress);
  }
  throw userError({ code: 'cancelled', message: 'The import was cancelled; nothing has changed.' });
}

const titles = { authInfos: 'logins' } as const;

function print(world: World, report: ImportReport, dryRun: boolean): void {
  const kinds = mergedKinds.filter((kind) => kind !== 'authInfos' || sum(report.authInfos) > 0);
  const anyConflict = report.conflicts.length > 0;
  printTable(world, [
    ['', 'new', 'there already', 'changed', ...(anyConflict ? ['in the way'] : [])],
    ...kinds.map((kind) => [
      kind === 'authInfos' ? titles[kind] : kind,
      report[kind].new,
      report[kind].identical,
      report[kind].changed,
      ...(anyConflict ? [report.conflicting[kind]] : []),
    ]),
  ]);
  const { disk, updates, group, resumed } = report;
  if (updates.extras > 0) world.out(`Nodes that are here and get other extras: ${updates.extras}.\n`);
  if (updates.comments > 0) world.out(`Comments that are here and get another text: ${updates.comments}.\n`);
  if (resumed !== null)
    world.out(
      `An earlier import of this archive was stopped: ${resumed.files} files of it (${formatBytes(resumed.bytes)}) were not copied again.\n`,
    );
  if (dryRun) {
    const { files, database, temporary, free } = disk;
    world.out(
      `It would take ${formatBytes(files)} for files and about ${formatBytes(database)} for the database, ` +
        `and ${formatBytes(temporary)} more while it runs; ${formatBytes(free)} are free.\n` +
        'Nothing was imported: this was a dry run.\n',
    );
  }
  if (group !== null) world.out(`The nodes are in the group ${group.label}.\n`);
  for (const note of report.notes) world.out(`${note}\n`);
}

const sum = (counts: ImportReport['nodes']): number => counts.new + counts.identical + counts.changed;
