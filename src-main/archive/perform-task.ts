import type Database from 'better-sqlite3';
import { assertNever, ensure } from '#shared/base/assert.ts';
import type { Progress } from '#shared/contract/common.ts';
import { openCopier, openReader, openSecondWriter } from '../provenance/database.ts';
import { ObjectReader } from '../repository/object-reader.ts';
import type { Repository } from '../repository/types.ts';
import { thisMachine } from './aiida/anonymous/this-machine.ts';
import type { ArchiveSurroundings } from './aiida/open-archive.ts';
import type { ArchiveResults, ArchiveTask } from './tasks.ts';

/** The profile that a task works on. */
export interface TaskProfile {
  readonly database: string;
  readonly repositoryRoot: string;
  /** Asked once, by a task that stores files. */
  readonly openRepository: () => Repository;
}

export interface TaskParts {
  readonly surroundings: ArchiveSurroundings;
  /** null for a task that needs none. */
  readonly profile: TaskProfile | null;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/**
 * Does one task on one archive in this thread, which it holds for long: it belongs into one where nobody waits. What a
 * task needs is loaded when it is asked for.
 */
export async function performTask(
  task: ArchiveTask,
  parts: TaskParts,
): Promise<ArchiveResults[keyof ArchiveResults]> {
  const { surroundings, progress, signal } = parts;
  const profile = (): TaskProfile => ensure(parts.profile, 'the profile for this task');
  switch (task.kind) {
    case 'info': {
      const { readArchiveInfo } = await import('./aiida/archive-info.ts');
      return readArchiveInfo(task.file, surroundings, signal);
    }
    case 'import': {
      const { importArchive } = await import('./aiida/import/import-archive.ts');
      const { database, openRepository } = profile();
      return importArchive({
        ...task,
        surroundings,
        openDatabase: (mode) => (mode === 'reader' ? openReader(database) : openSecondWriter(database, 1000)),
        repository: openRepository(),
        progress,
        signal,
      });
    }
    case 'export':
    case 'preview-anonymous':
    case 'way-out': {
      const { database, repositoryRoot } = profile();
      const db = task.kind === 'export' ? openCopier(database) : openNotingReader(database);
      const objects = new ObjectReader(repositoryRoot);
      const { cache, now } = surroundings;
      const more = { cache, db, objects, now, progress, signal };
      try {
        if (task.kind === 'export') {
          const { exportArchive } = await import('./aiida/export/export-archive.ts');
          return await exportArchive({ ...task, ...more, machine: thisMachine() });
        }
        if (task.kind === 'preview-anonymous') {
          const { previewAnonymous } = await import('./aiida/anonymous/preview-anonymous.ts');
          return await previewAnonymous({ ...task, ...more, machine: thisMachine() });
        }
        const { writeWayOut } = await import('./ways-out/write-way-out.ts');
        return await writeWayOut({ ...task, ...more });
      } finally {
        objects.close();
        db.close();
      }
    }
    default:
      return assertNever(task);
  }
}

/** What leaves is noted in temporary tables; the file itself stays read-only. */
function openNotingReader(file: string): Database.Database {
  const db = openReader(file);
  db.pragma('query_only = OFF');
  // everything is read once, in order
  db.pragma('cache_size = -8192');
  return db;
}
