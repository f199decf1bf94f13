import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { userError } from '#shared/base/errors.ts';
import type { ArchiveInfo, ExportSelectionInput } from '#shared/contract/areas/sharing.ts';
import type { Command, ExportWhat } from '../arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { first } from './first.ts';
import { printJson } from './print.ts';
import { showProgress } from './progress.ts';

export async function archiveExport(
  command: Extract<Command, { kind: 'archive-export' }>,
  world: World,
  core: CommandCore,
): Promise<void> {
  const out = resolve(command.out);
  if (!command.force && (await exists(out))) {
    throw userError({
      code: 'file-exists',
      message: `The file ${out} is there already.`,
      hint: 'Give another name, or --force to replace it.',
    });
  }
  const selection = { what: await resolveWhat(command.what, core, world.signal) };
  const { handle } = await core.files.reserve(out);
  const progress = showProgress(world);
  let info: ArchiveInfo | null = null;
  for await (const item of core.client.listen('archives.export', { selection, to: handle }, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else info = item.info;
  }
  if (info === null) throw userError({ code: 'cancelled', message: 'The export was cancelled.' });
  if (command.json) printJson(world, info);
  else world.out(`${out}: ${info.nodes} nodes, ${info.links} links, ${info.files} files\n`);
}

async function resolveWhat(
  what: ExportWhat,
  { client }: CommandCore,
  signal: AbortSignal,
): Promise<ExportSelectionInput['what']> {
  if (what.kind === 'nodes') return { kind: 'nodes', uuids: [...what.uuids] };
  if (what.kind === 'all') return what;
  const groups = await first(client.listen('groups.list', {}, signal));
  const found = groups.filter(({ label }) => label === what.label);
  if (found[0] === undefined) {
    throw userError({
      code: 'no-group',
      message: `There is no group “${what.label}” in this profile.`,
      hint: knownGroups(groups.map(({ label }) => label)),
    });
  }
  if (found.length > 1) {
    throw userError({
      code: 'group-ambiguous',
      message: `${found.length} groups of different types are called “${what.label}”.`,
      hint: 'Rename one of them, or export its nodes with --node.',
    });
  }
  return { kind: 'group', uuid: found[0].uuid };
}

const mostKnown = 20;

const knownGroups = (labels: readonly string[]): string => {
  if (labels.length === 0) return 'It has none. Export nodes with --node, or everything with --all.';
  const more = labels.length > mostKnown ? ` and ${labels.length - mostKnown} more` : '';
  return `Known are: ${labels.slice(0, mostKnown).join(', ')}${more}.`;
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
