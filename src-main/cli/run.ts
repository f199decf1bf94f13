import { assertNever } from '#shared/base/assert.ts';
import { errorInfo, errorLine } from '#shared/base/errors.ts';
import { parseArguments, type Command } from './arguments.ts';
import { help } from './help.ts';
import type { ArchiveCore, CommandCore, World } from './world.ts';

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

/** Each command is loaded when it is asked for: half of the time of a short one would be the loading of the others. */
async function perform(command: Command, world: World): Promise<void> {
  switch (command.kind) {
    case 'help':
      return world.out(help);
    case 'version':
      return world.out(`${world.version}\n`);
    case 'serve':
      return world.serve({ ...command, profile: command.profile ?? world.defaultProfile });
    case 'archive-info': {
      const { archiveInfo } = await import('./commands/archive-info.ts');
      return archiveInfo(command, world);
    }
    case 'archive-import': {
      const { archiveImport } = await import('./commands/archive-import.ts');
      return withArchives(command, world, (core) => archiveImport(command, world, core));
    }
    case 'archive-export': {
      const { archiveExport } = await import('./commands/archive-export.ts');
      return withArchives(command, world, (core) => archiveExport(command, world, core));
    }
    case 'export': {
      const { exportWayOut } = await import('./commands/export.ts');
      return withCore(command, world, (core) => exportWayOut(command, world, core));
    }
    case 'export-table': {
      const { exportTable } = await import('./commands/export-table.ts');
      return withCore(command, world, (core) => exportTable(command, world, core));
    }
    case 'export-script': {
      const { exportScript } = await import('./commands/export-script.ts');
      return withCore(command, world, (core) => exportScript(command, world, core));
    }
    case 'process-list': {
      const { processList } = await import('./commands/process-list.ts');
      return withCore(command, world, (core) => processList(command, world, core));
    }
    case 'process-answer': {
      const { processAnswer } = await import('./commands/process-answer.ts');
      return withCore(command, world, (core) => processAnswer(command, world, core));
    }
    case 'process-cache': {
      const { processCache } = await import('./commands/process-cache.ts');
      return withCore(command, world, (core) => processCache(command, world, core));
    }
    case 'launch': {
      const { launch } = await import('./commands/launch.ts');
      return withCore(command, world, (core) => launch(command, world, core));
    }
    case 'resume': {
      const { resume } = await import('./commands/resume.ts');
      return withCore(command, world, (core) => resume(command, world, core));
    }
    case 'delete': {
      const { deleteNodes } = await import('./commands/delete-nodes.ts');
      return withCore(command, world, (core) => deleteNodes(command, world, core));
    }
    case 'purge': {
      const { purge } = await import('./commands/purge.ts');
      return withCore(command, world, (core) => purge(command, world, core));
    }
    case 'storage': {
      const { showStorage } = await import('./commands/storage.ts');
      return withCore(command, world, (core) => showStorage(command, world, core));
    }
    case 'free': {
      const { freeSpace } = await import('./commands/storage.ts');
      return withCore(command, world, (core) => freeSpace(command, world, core));
    }
    case 'restore': {
      const { restore } = await import('./commands/restore.ts');
      return withCore(command, world, (core) => restore(command, world, core));
    }
    case 'import-records': {
      const { importRecords } = await import('./commands/import-records.ts');
      return withCore(command, world, (core) => importRecords(command, world, core));
    }
    case 'check': {
      const { check } = await import('./commands/check.ts');
      return withCore(command, world, (core) => check(command, world, core));
    }
    default:
      return assertNever(command);
  }
}

const withCore = (
  command: { readonly profile: string | null },
  world: World,
  work: (core: CommandCore) => Promise<void>,
): Promise<void> => within(world.openCore(command.profile ?? world.defaultProfile), work);

const withArchives = (
  command: { readonly profile: string | null },
  world: World,
  work: (core: ArchiveCore) => Promise<void>,
): Promise<void> => within(world.openArchives(command.profile ?? world.defaultProfile), work);

async function within<Core extends ArchiveCore>(
  opening: Promise<Core>,
  work: (core: Core) => Promise<void>,
): Promise<void> {
  const core = await opening;
  try {
    await work(core);
  } finally {
    await core.close();
  }
}
