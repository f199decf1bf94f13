import { formatBytes } from '#shared/base/bytes.ts';
import { userError } from '#shared/base/errors.ts';
import type { Purge, PurgePreview, PurgeSelection } from '#shared/contract/areas/purges.ts';
import type { PurgeCommand, PurgeWhat } from '../purge-arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { printJson, printTable } from './print.ts';
import { showProgress } from './progress.ts';
import { resolveWhat } from './selection.ts';

/** Purges the content of files, or says exactly what that would be. */
export async function purge(command: PurgeCommand, world: World, core: CommandCore): Promise<void> {
  const { client } = core;
  const selection = await resolve(command.what, core, world.signal);
  const progress = showProgress(world);
  let preview: PurgePreview | null = null;
  for await (const item of client.listen('purges.preview', selection, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else preview = item.preview;
  }
  if (preview === null) throw cancelled();
  if (!command.yes) {
    if (command.json) printJson(world, preview);
    else print(world, preview);
    if (command.dryRun) return;
    throw userError({
      code: 'not-confirmed',
      message: 'Nothing was purged.',
      hint: 'Say --yes to purge all of this, or --dry-run to see only what would go.',
    });
  }
  let done: Purge | null = null;
  const input = { selection, digest: preview.digest };
  for await (const item of client.listen('purges.purge', input, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else done = item.purge;
  }
  if (done === null) throw cancelled();
  if (command.json) return printJson(world, done);
  world.out(
    `Purged ${done.files} files of ${done.nodes} nodes (${formatBytes(done.bytes)}); names, sizes and hashes stay.\n`,
  );
  world.out(`To take it back: stemma restore ${done.uuid}\n`);
  world.out('To give the room back to the disk: stemma free --purged\n');
}

const cancelled = (): Error =>
  userError({ code: 'cancelled', message: 'It was cancelled; nothing has changed.' });

async function resolve(what: PurgeWhat, core: CommandCore, signal: AbortSignal): Promise<PurgeSelection> {
  if (what.kind === 'nodes') return { kind: 'nodes', uuids: [...what.uuids] };
  const { group } = what;
  if (!('label' in group)) return { ...what, group };
  const found = await resolveWhat({ kind: 'group', label: group.label }, core, signal);
  if (found.kind !== 'group') throw new Error('A label stands for a group.');
  return { ...what, group: { kind: group.kind, uuid: found.uuid } };
}

function print(world: World, preview: PurgePreview): void {
  const { shared, held, active, runs, purgedBefore } = preview;
  const amount = ({ files, bytes }: { files: number; bytes: number }): string =>
    `${files} (${formatBytes(bytes)})`;
  printTable(world, [
    ['files whose content goes', amount(preview)],
    ['nodes that lose content', preview.nodes],
    ['processes that cannot run again from it', runs],
    ['files that stay: others have them', amount(shared)],
    ['files that stay: written since the start', amount(held)],
    ['nodes that stay: a process works with them', active],
    ['files that were purged before', purgedBefore],
  ]);
  if (shared.holders.length > 0) {
    const named = shared.holders.map(({ name, uuid }) => `${name} (${uuid.slice(0, 8)})`);
    world.out(`\nOthers that have files of these nodes: ${named.join(', ')}\n`);
  }
  world.out('\n');
  printTable(
    world,
    preview.byType.map(({ nodeType, nodes, bytes }) => [nodeType, nodes, formatBytes(bytes)]),
  );
}
