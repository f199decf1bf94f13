import { formatBytes } from '#shared/base/bytes.ts';
import { userError } from '#shared/base/errors.ts';
import type { Deletion } from '#shared/contract/areas/storage.ts';
import type { Command } from '../arguments.ts';
import { timestampText } from '../timestamp-text.ts';
import type { CommandCore, World } from '../world.ts';
import { first } from './first.ts';
import { printJson, printTable } from './print.ts';
import { showProgress } from './progress.ts';

/** Takes a deletion or a purge back, or lists those that can be. */
export async function restore(
  command: Extract<Command, { kind: 'restore' }>,
  world: World,
  { client }: CommandCore,
): Promise<void> {
  const purges = await first(client.listen('purges.list', {}, world.signal));
  const restorable = purges.filter(({ state }) => state === 'restorable');
  if (command.uuid === null) {
    const deletions = await allDeletions(client, world.signal);
    if (command.json)
      return printJson(world, [
        ...deletions.map((each) => ({ kind: 'deletion', ...each })),
        ...purges.map((each) => ({ kind: 'purge', ...each })),
      ]);
    if (deletions.length === 0 && restorable.length === 0) return world.out('There is nothing to restore.\n');
    return printTable(world, [
      ['uuid', 'what', 'when', 'nodes', 'files', 'with'],
      ...deletions.map((each) => [
        each.uuid,
        'deleted',
        timestampText(each.time),
        each.nodes,
        each.files,
        each.examples.join(', '),
      ]),
      ...restorable.map((each) => [
        each.uuid,
        'purged',
        timestampText(each.time),
        each.nodes,
        each.files,
        each.words,
      ]),
    ]);
  }
  if (purges.some(({ uuid }) => uuid === command.uuid))
    return restorePurge(command, command.uuid, world, client);
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

const pageSize = 1000;

/** Page by page: there may be more than one answer holds. */
async function allDeletions(
  client: CommandCore['client'],
  signal: AbortSignal,
): Promise<readonly Deletion[]> {
  const found: Deletion[] = [];
  for (;;) {
    const input = { skip: found.length, limit: pageSize };
    const { rows, total } = await first(client.listen('storage.deletions', input, signal));
    found.push(...rows);
    if (rows.length === 0 || found.length >= total) return found;
  }
}

async function restorePurge(
  { json }: { readonly json: boolean },
  uuid: string,
  world: World,
  client: CommandCore['client'],
): Promise<void> {
  const progress = showProgress(world);
  let report: { files: number; bytes: number; there: number } | null = null;
  for await (const item of client.listen('purges.restore', { uuid }, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else report = { files: item.files, bytes: item.bytes, there: item.there };
  }
  if (report === null)
    throw userError({ code: 'cancelled', message: 'It was cancelled; nothing has changed.' });
  if (json) return printJson(world, report);
  const there = report.there === 0 ? '' : `; ${report.there} were here again already`;
  world.out(`Restored the content of ${report.files} files (${formatBytes(report.bytes)})${there}.\n`);
}
