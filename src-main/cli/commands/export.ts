import { resolve } from 'node:path';
import { formatBytes } from '#shared/base/bytes.ts';
import { userError } from '#shared/base/errors.ts';
import type { WayOutReport } from '#shared/contract/areas/ways-out.ts';
import type { WayOutCommand } from '../export-arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { printJson } from './print.ts';
import { showProgress } from './progress.ts';
import { refuseExisting, resolveWhat } from './selection.ts';

/** Writes provenance in a form for readers that are not AiiDA. */
export async function exportWayOut(command: WayOutCommand, world: World, core: CommandCore): Promise<void> {
  const out = resolve(command.out);
  await refuseExisting(out, command.force);
  const selection = { what: await resolveWhat(command.what, core, world.signal) };
  const { handle } = await core.files.reserve(out);
  const progress = showProgress(world);
  let report: WayOutReport | null = null;
  const request = { selection, form: command.form, to: handle };
  for await (const item of core.client.listen('waysOut.write', request, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else ({ report } = item);
  }
  if (report === null) throw userError({ code: 'cancelled', message: 'The export was cancelled.' });
  if (command.json) printJson(world, report);
  else {
    const { processes, nodes, files, bytes, notes } = report;
    for (const note of notes) world.note(note);
    world.out(`${out}: ${processes} processes of ${nodes} nodes, ${files} files, ${formatBytes(bytes)}\n`);
  }
}
