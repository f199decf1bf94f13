import { assertNever } from '#shared/base/assert.ts';
import { errorInfo, errorLine } from '#shared/base/errors.ts';
import { parseArguments, type Command } from './arguments.ts';
import { archiveExport } from './commands/archive-export.ts';
import { archiveImport } from './commands/archive-import.ts';
import { archiveInfo } from './commands/archive-info.ts';
import { check } from './commands/check.ts';
import { exportScript } from './commands/export-script.ts';
import { exportTable } from './commands/export-table.ts';
import { exportWayOut } from './commands/export.ts';
import { deleteNodes } from './commands/delete-nodes.ts';
import { freeSpace, showStorage } from './commands/storage.ts';
import { importRecords } from './commands/import-records.ts';
import { launch } from './commands/launch.ts';
import { processAnswer } from './commands/process-answer.ts';
import { processCache } from './commands/process-cache.ts';
import { processList } from './commands/process-list.ts';
import { purge } from './commands/purge.ts';
import { restore } from './commands/restore.ts';
import { resume } from './commands/resume.ts';
import { help } from './help.ts';
import type { CommandCore, World } from './world.ts';

/** Runs one command line. @returns the exit status: 0; 1 with one line on stderr; 2 when the line itself was wrong */
export async function run(argv: readonly string[], world: World): Promise<number> {
  try {
    await perform(parseArguments(argv), world);
    return 0;
  } catch (thrown) {
    const info = errorInfo(thrown);
    world.note(errorLine(info));
    return info.code === 'bad-arguments' ? 2 : 1;
  }
}

function perform(command: Command, world: World): Promise<void> | void {
  switch (command.kind) {
    case 'help':
      return world.out(help);
    case 'version':
      return world.out(`${world.version}\n`);
    case 'serve':
      return world.serve({ ...command, profile: command.profile ?? world.defaultProfile });
    case 'archive-info':
      return archiveInfo(command, world);
    case 'archive-import':
      return withCore(command, world, (core) => archiveImport(command, world, core));
    case 'archive-export':
      return withCore(command, world, (core) => archiveExport(command, world, core));
    case 'export':
      return withCore(command, world, (core) => exportWayOut(command, world, core));
    case 'export-table':
      return withCore(command, world, (core) => exportTable(command, world, core));
    case 'export-script':
      return withCore(command, world, (core) => exportScript(command, world, core));
    case 'process-list':
      return withCore(command, world, (core) => processList(command, world, core));
    case 'process-answer':
      return withCore(command, world, (core) => processAnswer(command, world, core));
    case 'process-cache':
      return withCore(command, world, (core) => processCache(command, world, core));
    case 'launch':
      return withCore(command, world, (core) => launch(command, world, core));
    case 'resume':
      return withCore(command, world, (core) => resume(command, world, core));
    case 'delete':
      return withCore(command, world, (core) => deleteNodes(command, world, core));
    case 'purge':
      return withCore(command, world, (core) => purge(command, world, core));
    case 'storage':
      return withCore(command, world, (core) => showStorage(command, world, core));
    case 'free':
      return withCore(command, world, (core) => freeSpace(command, world, core));
    case 'restore':
      return withCore(command, world, (core) => restore(command, world, core));
    case 'import-records':
      return withCore(command, world, (core) => importRecords(command, world, core));
    case 'check':
      return withCore(command, world, (core) => check(command, world, core));
    default:
      return assertNever(command);
  }
}

async function withCore(
  command: { readonly profile: string | null },
  world: World,
  work: (core: CommandCore) => Promise<void>,
): Promise<void> {
  const core = await world.openCore(command.profile ?? world.defaultProfile);
  try {
    await work(core);
  } finally {
    await core.close();
  }
}
