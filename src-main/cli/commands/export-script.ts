import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ScriptCommand } from '../export-arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { printJson } from './print.ts';
import { refuseExisting } from './selection.ts';

/** Writes what runs a process again, and says what it needs. */
export async function exportScript(command: ScriptCommand, world: World, core: CommandCore): Promise<void> {
  const out = resolve(command.out);
  await refuseExisting(out, command.force);
  const { uuid, language: kind } = command;
  const script = await core.client.call('waysOut.script', { source: 'profile', uuid, kind }, world.signal);
  await writeFile(out, script.text, { flag: command.force ? 'w' : 'wx' });
  if (command.json) printJson(world, { needs: script.needs });
  else {
    world.out(`${out}\n`);
    for (const need of script.needs) world.note(`It needs ${need}.`);
  }
}
