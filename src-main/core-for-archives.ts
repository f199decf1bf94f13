/**
 * The composition root of a command that takes archives in or out: a profile is opened for that alone. Nothing of it runs
 * meanwhile, neither engine nor computers nor plugins, whose threads would take more time and memory than the archive.
 */
import type { ChannelPort } from '#shared/channel/frames.ts';
import { serve } from '#shared/channel/server.ts';
import { systemClock } from '#shared/base/system-clock.ts';
import { archivesArea, groupsArea } from '#shared/contract/areas/sharing.ts';
import { makeArchives } from './archive/archives.ts';
import { demoFile } from './bundled-files.ts';
import { makeArchiveHandlers } from './handlers/archives.ts';
import { makeGroupHandlers } from './handlers/groups.ts';
import { ImportJobs } from './handlers/import-jobs.ts';
import { OpenArchives } from './handlers/open-archives.ts';
import { RecentArchives } from './handlers/recent-archives.ts';
import { DiskRoom, type AskDisk } from './profile/disk-room.ts';
import { FileHandles } from './profile/file-handles.ts';
import { openProfile } from './profile/profile.ts';
import { fileReserve } from './profile/reserve.ts';
import { openReaders } from './provenance/readers.ts';
import { openStore } from './provenance/store.ts';
import { openRepository } from './repository/repository.ts';
import type { ShellFiles } from './shells/core-face.ts';

/** The areas of the contract that it serves. */
const table = { ...archivesArea, ...groupsArea };

export interface ArchiveOnlyCore {
  readonly files: ShellFiles;
  /** Serves archives and groups on one port until it closes. */
  serve(port: ChannelPort): void;
  close(): Promise<void>;
}

/**
 * @param askDisk how much room the disk of the profile has; without it, that is not looked at
 * @throws StemmaError `profile-in-use`, and what its parts throw
 */
export async function openArchiveCore(
  profileDirectory: string,
  askDisk: AskDisk | undefined,
): Promise<ArchiveOnlyCore> {
  const profile = await openProfile({ directory: profileDirectory });
  const closers: (() => void | Promise<void>)[] = [() => profile.close()];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) {
      try {
        await closer();
      } catch (thrown) {
        // the lock of the profile is let go of all the same
        profile.log.thrown('core', 'while closing', thrown);
      }
    }
  };
  try {
    const { paths, log } = profile;
    const onError = (error: unknown): void => log.thrown('core', 'in the background', error);
    const repository = await openRepository(paths.repository);
    closers.push(() => repository.close());
    // the search index follows when a window is open
    const store = openStore({ file: paths.database, onError, indexAfterMs: -1 });
    closers.push(() => store.close());
    const readers = openReaders({
      file: paths.database,
      objects: { sizes: (hashes) => repository.sizes(hashes), read: noFiles },
    });
    closers.push(() => readers.close());
    const room = await roomOf(askDisk, paths, onError);
    if (room !== null) closers.push(() => room.close());
    const now = (): number => systemClock.now();
    const open = new OpenArchives(readers, paths.cache, now);
    closers.push(() => open.closeAll());
    const files = new FileHandles();
    const recent = new RecentArchives({
      file: paths.recentArchives,
      files,
      now,
      warn: (message) => log.warn('archives', message),
    });
    const archives = makeArchives({
      database: paths.database,
      repository,
      cache: paths.cache,
      inThisThread: true,
      user: () => store.user().id,
      onImported: () => store.noteImport(),
      keepFree: () => room?.least ?? null,
    });
    const imports = new ImportJobs(now);
    const more = { readers, repository, files, room, demoFile: demoFile(), clock: systemClock };
    const handlers = {
      ...makeArchiveHandlers({ archives, open, recent, imports, ...more }),
      ...makeGroupHandlers({ readers, store, now }),
    };
    return {
      files,
      serve: (port) => serve(table, handlers, port, (name, thrown) => log.thrown('contract', name, thrown)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** No entry of its table reads a file of a node. */
const noFiles = (): Promise<never> => Promise.reject(new Error('Files are not read here.'));

async function roomOf(
  ask: AskDisk | undefined,
  { directory, reserve }: { readonly directory: string; readonly reserve: string },
  onError: (thrown: unknown) => void,
): Promise<DiskRoom | null> {
  if (ask === undefined) return null;
  const room = new DiskRoom({ directory, ask, reserve: fileReserve(reserve), clock: systemClock, onError });
  await room.start();
  return room;
}
