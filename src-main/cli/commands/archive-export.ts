import { resolve } from 'node:path';
import { userError } from '#shared/base/errors.ts';
import type { ArchiveInfo } from '#shared/contract/areas/sharing.ts';
import type { Command } from '../arguments.ts';
import type { ArchiveCore, World } from '../world.ts';
import { previewAnonymous } from './preview-anonymous.ts';
import { printJson } from './print.ts';
import { showProgress } from './progress.ts';
import { refuseExisting, resolveWhat } from './selection.ts';

/** `stemma archive export`. @throws StemmaError `file-exists` without `--force`, and what the export throws */
export async function archiveExport(
  command: Extract<Command, { kind: 'archive-export' }>,
  world: World,
  core: ArchiveCore,
): Promise<void> {
  const out = resolve(command.out);
  const what = await resolveWhat(command.what, core, world.signal);
  const selection = { what, withoutPurged: command.withoutPurged };
  if (command.dryRun) return previewAnonymous(selection, command.json, world, core);
  await refuseExisting(out, command.force);
  const { handle } = await core.files.reserve(out);
  const { about, anonymous } = command;
  const request = { selection, to: handle, about, anonymous };
  const progress = showProgress(world);
  let info: ArchiveInfo | null = null;
  for await (const item of core.client.listen('archives.export', request, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else info = item.info;
  }
  if (info === null) throw userError({ code: 'cancelled', message: 'The export was cancelled.' });
  if (command.json) printJson(world, info);
  else world.out(`${out}: ${info.nodes} nodes, ${info.links} links, ${info.files} files\n`);
}
