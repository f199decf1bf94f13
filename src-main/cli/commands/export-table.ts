import { resolve } from 'node:path';
import { userError } from '#shared/base/errors.ts';
import type { TableCommand } from '../export-arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { printJson } from './print.ts';
import { showProgress } from './progress.ts';
import { refuseExisting } from './selection.ts';

/** Writes the table of processes or of data as CSV. */
export async function exportTable(command: TableCommand, world: World, core: CommandCore): Promise<void> {
  const out = resolve(command.out);
  await refuseExisting(out, command.force);
  const { handle } = await core.files.reserve(out);
  const progress = showProgress(world);
  const { filter } = command;
  const table =
    command.table === 'data'
      ? ({ kind: 'data', filter, typePrefix: 'data.' } as const)
      : ({ kind: 'processes', filter } as const);
  const request = { source: 'profile', table, to: handle };
  let rows: number | null = null;
  for await (const item of core.client.listen('waysOut.table', request, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else ({ rows } = item);
  }
  if (rows === null) throw userError({ code: 'cancelled', message: 'The export was cancelled.' });
  if (command.json) printJson(world, { rows });
  else world.out(`${out}: ${rows} rows\n`);
}
