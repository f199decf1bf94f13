import { userError } from '#shared/base/errors.ts';
import type { ImportReport } from '#shared/contract/areas/sharing.ts';
import type { Command } from '../arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { printJson, printTable } from './print.ts';
import { showProgress } from './progress.ts';

export async function archiveImport(
  command: Extract<Command, { kind: 'archive-import' }>,
  world: World,
  { client, files }: CommandCore,
): Promise<void> {
  const { handle } = await files.offer(command.file);
  const progress = showProgress(world);
  let report: ImportReport | null = null;
  const input = { file: handle, group: command.group };
  for await (const item of client.listen('archives.import', input, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else report = item.report;
  }
  if (report === null)
    throw userError({ code: 'cancelled', message: 'The import was cancelled; nothing has changed.' });
  if (command.json) printJson(world, report);
  else print(world, report);
  const [conflict] = report.conflicts;
  if (conflict !== undefined) {
    throw userError({
      code: 'import-conflicts',
      message: `Nothing was imported: ${conflict.message}`,
      subject: conflict.subject,
    });
  }
}

function print(world: World, report: ImportReport): void {
  const kinds = ['nodes', 'links', 'groups', 'computers', 'users', 'logs', 'comments', 'files'] as const;
  printTable(world, [
    ['', 'new', 'there already', 'changed'],
    ...kinds.map((kind) => [kind, report[kind].new, report[kind].identical, report[kind].changed]),
  ]);
  if (report.group !== null) world.out(`The new nodes are in the group ${report.group.label}.\n`);
  for (const note of report.notes) world.out(`${note}\n`);
}
