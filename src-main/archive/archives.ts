import { MessageChannel, type TransferListItem } from 'node:worker_threads';
import { errorInfo, operationalError, StemmaError, userError } from '#shared/base/errors.ts';
import type { AnonymousChoice } from '#shared/contract/areas/anonymous-choice.ts';
import type { AnonymityReport } from '#shared/contract/areas/anonymous.ts';
import type { ArchiveAbout } from '#shared/contract/areas/archive-about.ts';
import { importOptions, type ImportOptionsInput } from '#shared/contract/areas/import-options.ts';
import type { ArchiveInfo, ExportSelection, ImportReport } from '#shared/contract/areas/sharing.ts';
import type { WayOut, WayOutReport } from '#shared/contract/areas/ways-out.ts';
import { nothingSaid } from '#shared/provenance/archive-words.ts';
import type { UserId } from '#shared/provenance/ids.ts';
import { forkChild, type StartChild } from '../isolate/peer.ts';
import { holdPeer } from '../isolate/peer-over-port.ts';
import { residentMemory } from '../isolate/resident-memory.ts';
import { runInThread, type TaskOptions } from '../isolate/task-thread.ts';
import { translated } from '../provenance/sqlite-errors.ts';
import type { SharedRepository } from '../repository/repository.ts';
import { budgets } from './aiida/container/budgets.ts';
import { clearLeftovers } from './leftovers.ts';
import { performTask } from './perform-task.ts';
import type { ArchiveResults, ArchiveTask, ArchiveWorkerData } from './tasks.ts';

/** What the archives need of the open profile. */
export interface ArchiveProfile {
  /** A private folder; made where it is missing, empty again when nothing runs. */
  readonly cache: string;
  /** Only for a shell where a thread cannot start a process of Node by itself. */
  readonly startChild?: StartChild | undefined;
  /** For a command that has nothing else to do: a task holds this thread, and costs no other one. */
  readonly inThisThread?: boolean;
  readonly database: string;
  readonly repository: SharedRepository;
  /** The owner of the group that an import makes. */
  readonly user: () => UserId;
  /** Bytes that an import leaves free on the disk of the profile; null where nobody has looked at it. */
  readonly keepFree?: () => number | null;
  /** Called when an import has committed. */
  readonly onImported: () => void;
}

/** The archive room as the main thread sees it: each task is a thread of its own, which a signal ends. */
export interface Archives {
  /** @throws StemmaError `not-an-archive`, `archive-version`, `archive-damaged`, `archive-unsafe` */
  info(file: string, signal?: AbortSignal): Promise<ArchiveInfo>;
  previewImport(file: string, how?: ImportOptionsInput, options?: TaskOptions): Promise<ImportReport>;
  /**
   * @param how null: as AiiDA does by itself
   * @throws StemmaError `import-refused`, `disk-short` and what `info` throws; then nothing has changed
   */
  import(file: string, how: ImportOptionsInput | null, options?: TaskOptions): Promise<ImportReport>;
  /** @throws StemmaError `not-sealed`, `object-missing`, `object-damaged`, `disk-full` */
  export(
    what: {
      readonly selection: ExportSelection;
      readonly file: string;
      readonly compression: number;
      readonly about?: ArchiveAbout;
      readonly anonymous?: AnonymousChoice;
    },
    options?: TaskOptions,
  ): Promise<ArchiveInfo>;
  /** What an anonymous export would replace, and what would still tell. @throws StemmaError what `export` throws */
  previewAnonymous(selection: ExportSelection, options?: TaskOptions): Promise<AnonymityReport>;
  /** @throws StemmaError what `export` throws, and `folder-exists` */
  writeWayOut(
    what: { readonly selection: ExportSelection; readonly form: WayOut; readonly file: string },
    options?: TaskOptions,
  ): Promise<WayOutReport>;
}

/** The archive room of one profile. The first task takes away what a crash has left in its cache. */
export function makeArchives(profile: ArchiveProfile): Archives {
  let cleared: Promise<void> | null = null;
  const run = async <K extends keyof ArchiveResults>(
    task: ArchiveTask & { readonly kind: K },
    options: TaskOptions = {},
  ): Promise<ArchiveResults[K]> => {
    // what cannot be taken away hinders nobody, and is tried again at the next start: by then tasks have folders here
    cleared ??= clearLeftovers(profile.cache, ['read', 'write']).catch(() => {});
    await cleared;
    const perform = profile.inThisThread === true ? runHere : runThere;
    return (await perform(task, profile, options)) as ArchiveResults[K];
  };
  const importTask = (file: string, write: boolean, how: ImportOptionsInput) =>
    ({
      kind: 'import',
      file,
      write,
      options: importOptions.parse(how),
      user: profile.user(),
      keepFree: profile.keepFree?.() ?? budgets.reserve,
    }) as const;
  return {
    info: (file, signal) => run({ kind: 'info', file }, { signal }),
    previewImport: (file, how, options) => run(importTask(file, false, how ?? {}), options),
    async import(file, how, options) {
      const report = await run(importTask(file, true, how ?? {}), options);
      profile.onImported();
      return report;
    },
    export: (what, options) => run({ kind: 'export', about: nothingSaid, anonymous: null, ...what }, options),
    previewAnonymous: (selection, options) => run({ kind: 'preview-anonymous', selection }, options),
    writeWayOut: (what, options) => run({ kind: 'way-out', ...what }, options),
  };
}

type Result = ArchiveResults[keyof ArchiveResults];

async function runHere(
  task: ArchiveTask,
  profile: ArchiveProfile,
  { onProgress, signal }: TaskOptions,
): Promise<Result> {
  signal?.throwIfAborted();
  const { cache, database, repository } = profile;
  const startChild = profile.startChild ?? forkChild(residentMemory);
  try {
    return await performTask(task, {
      surroundings: { cache, startReader: () => startChild('foreign-child'), now: Date.now },
      profile: { database, repositoryRoot: repository.root, openRepository: () => repository },
      progress: onProgress ?? (() => {}),
      signal: signal ?? new AbortController().signal,
    });
  } catch (error) {
    throw new StemmaError(errorInfo(translated(signal?.aborted === true ? cancelled : error)));
  }
}

async function runThere(task: ArchiveTask, profile: ArchiveProfile, options: TaskOptions): Promise<Result> {
  options.signal?.throwIfAborted();
  const files = profile.repository.port();
  const transfer: TransferListItem[] = [files];
  const child = childPort(task, profile);
  if (child !== null) transfer.push(child);
  const data: ArchiveWorkerData = {
    task,
    cache: profile.cache,
    profile: { database: profile.database, repositoryRoot: profile.repository.root, files },
    child,
  };
  const thread = {
    entry: 'archive-worker',
    name: `archive ${task.kind}`,
    data,
    transfer,
    stopped: threadEnded,
  } as const;
  return (await runInThread(thread, options)) as Result;
}

const cancelled = userError({ code: 'cancelled', message: 'The operation was cancelled.' });

const threadEnded = operationalError({
  code: 'archive-thread-stopped',
  message: 'The thread that worked on the archive has stopped.',
  hint: 'Nothing was changed. Try again.',
});

/** Starts the reading process here for a task that needs one, where the thread cannot. */
function childPort(task: ArchiveTask, { startChild }: ArchiveProfile): MessageChannel['port1'] | null {
  if (startChild === undefined || (task.kind !== 'info' && task.kind !== 'import')) return null;
  const { port1, port2 } = new MessageChannel();
  holdPeer(startChild('foreign-child'), port1);
  return port2;
}
