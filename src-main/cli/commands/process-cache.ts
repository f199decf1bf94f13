import type { CacheDifferenceItem } from '#shared/contract/areas/processes.ts';
import type { Command } from '../arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { printJson, printTable } from './print.ts';
import { processOf } from './process-of.ts';

/** Whose copy a process is, or why it is none. */
export async function processCache(
  { uuid: text, json }: Extract<Command, { kind: 'process-cache' }>,
  world: World,
  core: CommandCore,
): Promise<void> {
  const uuid = await processOf(text, world, core);
  const report = await core.client.call('processes.cache', { uuid }, world.signal);
  if (json) {
    printJson(world, report);
    return;
  }
  const { headline, detail, source, nearest } = report;
  const whose = source === null ? [] : [[`It is a copy of ${source.uuid}.`]];
  printTable(world, [[headline], ...(detail === '' ? [] : [[detail]]), ...whose]);
  if (nearest === null || nearest.differences.length === 0) return;
  printTable(world, [
    ['differs', `in ${nearest.node.uuid}`, `in ${uuid}`],
    ...nearest.differences.flatMap((one) => [
      [one.name, words(one.there), words(one.here)],
      ...one.inside.map(({ path, there, here }) => [`  ${path}`, there ?? 'none', here ?? 'none']),
    ]),
  ]);
}

const words = (end: CacheDifferenceItem['here']): string => end?.words ?? 'none';
