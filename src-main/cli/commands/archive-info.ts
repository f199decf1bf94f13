import { aboutWords, writerWords } from '#shared/provenance/archive-words.ts';
import type { Command } from '../arguments.ts';
import type { World } from '../world.ts';
import { printJson, printTable } from './print.ts';

/** `stemma archive info`: no profile is opened, so it works beside a running app. */
export async function archiveInfo(
  command: Extract<Command, { kind: 'archive-info' }>,
  world: World,
): Promise<void> {
  const info = await world.readArchiveInfo(command.file, world.signal);
  if (command.json) return printJson(world, info);
  printTable(world, [
    ['format', info.version],
    ['written by', writerWords(info)],
    ...aboutWords(info.about).map(({ name, value }) => [name.toLowerCase(), value]),
    ['nodes', info.nodes],
    ['links', info.links],
    ['groups', info.groups],
    ['computers', info.computers],
    ['users', info.users],
    ['logs', info.logs],
    ['comments', info.comments],
    ['files', info.files],
  ]);
}
