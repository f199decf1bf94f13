import { userError } from '#shared/base/errors.ts';
import type { Command } from '../arguments.ts';
import { timestampText } from '../timestamp-text.ts';
import type { CommandCore, World } from '../world.ts';
import { first } from './first.ts';
import { printJson, printTable } from './print.ts';
import { showProgress } from './progress.ts';

/** Takes a deletion back, or lists those that can be. */
export async function restore(
  command: Extract<Command, { kind: 'restore' }>,
  world: World,
  { client }: CommandCore,
): Promise<void> {
  if (command.uuid === null) {
    const deletions = await first(client.listen('storage.deletions', {}, world.signal));
    if (command.json) return printJson(world, deletions);
    if (deletions.length === 0) return world.out('There is nothing to restore.\n');
    return printTable(world, [
      ['uuid', 'deleted', 'nodes', 'links', 'with'],
      ...deletions.map((each) => [
        each.uuid,
        timestampText(each.time),
        each.nodes,
        each.links,
        each.examples.join(', '),
      ]),
    ]);
  }
  const progress = showProgress(world);
  let report: { nodes: number; there: number; links: number } | null = null;
  for await (const item of client.listen('storage.restore', { uuid: command.uuid }, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else report = { nodes: item.nodes, there: item.there, links: item.links };
  }
  if (report === null)
    throw userError({ code: 'cancelled', message: 'It was cancelled; nothing has changed.' });
  if (command.json) return printJson(world, report);
  const there = report.there === 0 ? '' : `; ${report.there} nodes were here again already`;
  world.out(`Restored ${report.nodes} nodes and ${report.links} links${there}.\n`);
}
