import { userError } from '#shared/base/errors.ts';
import { formatBytes } from '#shared/base/bytes.ts';
import type { Deletion, DeletionPreview, DeletionSelectionInput } from '#shared/contract/areas/storage.ts';
import type { Command } from '../arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { printJson, printTable } from './print.ts';
import { showProgress } from './progress.ts';
import { resolveWhat } from './selection.ts';

/**
 * `stemma delete`: without `--yes` it only says what would go.
 * @throws StemmaError `not-confirmed`, `deletion-refused`, `cancelled`
 */
export async function deleteNodes(
  command: Extract<Command, { kind: 'delete' }>,
  world: World,
  core: CommandCore,
): Promise<void> {
  const { client } = core;
  const what =
    command.what.kind === 'fitting' ? command.what : await resolveWhat(command.what, core, world.signal);
  if (what.kind === 'all') throw new Error('A deletion never means everything.');
  const selection: DeletionSelectionInput = { what, rules: command.rules };
  const preview = await client.call('storage.previewDeletion', selection, world.signal);
  if (!command.yes) {
    if (command.json) printJson(world, preview);
    else print(world, preview);
    if (command.dryRun) return;
    throw userError({
      code: 'not-confirmed',
      message: 'Nothing was deleted.',
      hint: 'Say --yes to delete all of this, or --dry-run to see only what would go.',
    });
  }
  const [obstacle] = preview.obstacles;
  if (obstacle !== undefined) {
    throw userError({
      code: 'deletion-refused',
      message: `${obstacle.message} ${obstacle.nodes
        .slice(0, 3)
        .map(({ name, uuid }) => `${name} (${uuid.slice(0, 8)})`)
        .join(', ')}.`,
    });
  }
  const progress = showProgress(world);
  let deletion: Deletion | null = null;
  const { digest } = preview;
  for await (const item of client.listen('storage.delete', { digest }, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else deletion = item.deletion;
  }
  if (deletion === null)
    throw userError({ code: 'cancelled', message: 'The deletion was cancelled; nothing has changed.' });
  if (command.json) printJson(world, deletion);
  else {
    world.out(`Deleted ${deletion.nodes} nodes and ${deletion.links} links.\n`);
    world.out(`To take it back: stemma restore ${deletion.uuid}\n`);
  }
}

function print(world: World, preview: DeletionPreview): void {
  printTable(world, [
    ['nodes', preview.nodes],
    ['links', preview.links],
    ['memberships of groups', preview.memberships],
    ['logs', preview.logs],
    ['comments', preview.comments],
    ['files that no other node has', `${preview.files} (${formatBytes(preview.bytes)})`],
  ]);
  world.out('\n');
  printTable(
    world,
    preview.byRule.map(({ rule, words, nodes, examples }) => [
      rule,
      nodes,
      words,
      examples.map(({ name }) => name).join(', ') + (nodes > examples.length ? ', …' : ''),
    ]),
  );
  world.out('\n');
  printTable(
    world,
    preview.byType.map(({ nodeType, nodes }) => [nodeType, nodes]),
  );
  for (const { message, count, nodes } of preview.obstacles) {
    const named = nodes.slice(0, 5).map(({ name, uuid }) => `${name} (${uuid.slice(0, 8)})`);
    world.out(`\n${message} ${named.join(', ')}${count > named.length ? `, … (${count})` : ''}\n`);
  }
}
