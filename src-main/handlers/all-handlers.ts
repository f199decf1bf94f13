import type { Clock } from '#shared/base/clock.ts';
import type { HandlerContext, Handlers } from '#shared/channel/server.ts';
import type { AppInfo } from '#shared/contract/areas/app.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { Archives } from '../archive/archives.ts';
import type { RecordArchives } from '../archive/records/record-archives.ts';
import type { Codes } from '../computers/codes.ts';
import type { Computers } from '../computers/computers.ts';
import type { TestDeps } from '../computers/testing/test-computer.ts';
import type { Engine } from '../engine/engine.ts';
import type { LaunchDeps } from '../launch/deps.ts';
import type { DiskRoom } from '../profile/disk-room.ts';
import type { FileHandles } from '../profile/file-handles.ts';
import type { Profile } from '../profile/profile.ts';
import type { Readers } from '../provenance/readers.ts';
import type { ProvenanceStore } from '../provenance/types.ts';
import type { Repository } from '../repository/types.ts';
import type { Storage } from '../storage/storage.ts';
import { makeAppHandlers } from './app.ts';
import { makeArchiveHandlers } from './archives.ts';
import { BackgroundTasks } from './background-tasks.ts';
import { makeCacheHandlers } from './cache.ts';
import { makeCodeHandlers } from './codes.ts';
import { makeComputerHandlers } from './computers.ts';
import { makeGraphHandlers } from './graph.ts';
import { makeGroupHandlers } from './groups.ts';
import { makeLaunchHandlers } from './launch.ts';
import type { LoopMonitor } from './loop-monitor.ts';
import { makeNodeHandlers } from './nodes.ts';
import type { ImportJobs } from './import-jobs.ts';
import type { OpenArchives } from './open-archives.ts';
import { makeProcessTableHandlers } from './process-table.ts';
import { makeProcessHandlers } from './processes.ts';
import { makeRecordHandlers } from './records.ts';
import type { RecentArchives } from './recent-archives.ts';
import { makeSearchHandlers } from './search.ts';
import { makeWaysOutHandlers } from './ways-out.ts';
import { makePurgeHandlers } from './purges.ts';
import { makeStorageHandlers } from './storage.ts';

/** The rooms of an open profile, as the handlers use them. */
export interface Rooms {
  readonly shell: AppInfo['shell'];
  readonly profile: Profile;
  readonly store: ProvenanceStore;
  readonly readers: Readers;
  readonly repository: Repository;
  readonly engine: Engine;
  readonly computers: Computers;
  readonly codes: Codes;
  readonly test: TestDeps;
  readonly launch: LaunchDeps;
  readonly archives: Archives;
  readonly storage: Storage;
  readonly openArchives: OpenArchives;
  readonly recentArchives: RecentArchives;
  readonly imports: ImportJobs;
  readonly records: RecordArchives;
  readonly files: FileHandles;
  readonly demoFile: string;
  /** Null where the disk is not watched. */
  readonly room: DiskRoom | null;
  readonly loop: LoopMonitor;
  readonly clock: Clock;
}

/** Every name of the contract, answered. */
export function allHandlers(rooms: Rooms): Handlers<Contract> {
  const { store, readers, computers, clock, launch } = rooms;
  const { changes } = store;
  const now = (): number => clock.now();
  const tasks = new BackgroundTasks(now);
  const { plugins } = launch.deps;
  const archives = makeArchiveHandlers({ ...rooms, open: rooms.openArchives, recent: rooms.recentArchives });
  const storage = makeStorageHandlers({ ...rooms, changes });
  const purges = makePurgeHandlers({ ...rooms, changes });
  const processTable = makeProcessTableHandlers({ readers, store, computers, engine: rooms.engine });
  const nodes = makeNodeHandlers({ readers, store, now });
  const waysOut = makeWaysOutHandlers({
    ...rooms,
    tables: { ...processTable, ...nodes },
    specs: () => plugins.specs(),
  });
  const importing: Handlers<Contract>['archives.import'] = (input, context) =>
    tasks.follow(
      `Import of “${rooms.files.name(input.file)}”`,
      context,
      (inner) => archives['archives.import'](input, inner),
      progressOf,
    );
  return {
    ...makeAppHandlers({ ...rooms, tasks }),
    ...processTable,
    ...makeProcessHandlers({
      ...rooms,
      plugins,
      launchable: (type) => plugins.specs().some(({ processType }) => processType === type),
    }),
    ...makeCacheHandlers({
      readers,
      store,
      rules: () => rooms.profile.settings.current.caching,
      specs: () => plugins.specs(),
      computerUuid: (id) => launch.deps.computers.uuidOf(id),
      now,
    }),
    ...makeLaunchHandlers(launch),
    ...makeComputerHandlers({ computers, test: rooms.test, engine: rooms.engine, clock, changes }),
    ...makeCodeHandlers({ codes: rooms.codes, clock, changes }),
    ...nodes,
    ...makeSearchHandlers({ readers }),
    ...makeGraphHandlers({ readers }),
    ...makeGroupHandlers({ readers, store, now }),
    ...archives,
    ...makeRecordHandlers(rooms),
    ...storage,
    'storage.delete': (input, context) =>
      tasks.follow(
        'Deletion of nodes',
        context,
        (inner) => storage['storage.delete'](input, inner),
        progressOf,
      ),
    'storage.restore': (input, context) =>
      tasks.follow(
        'Restoring deleted nodes',
        context,
        (inner) => storage['storage.restore'](input, inner),
        progressOf,
      ),
    'storage.free': (input, context) =>
      tasks.follow('Freeing space', context, (inner) => storage['storage.free'](input, inner), progressOf),
    'storage.forget': (input, context) =>
      tasks.follow(
        'Removing deleted nodes for good',
        context,
        (inner) => storage['storage.forget'](input, inner),
        progressOf,
      ),
    ...purges,
    'purges.purge': (input, context) =>
      tasks.follow('Purging content', context, (inner) => purges['purges.purge'](input, inner), progressOf),
    'purges.restore': (input, context) =>
      tasks.follow(
        'Restoring purged content',
        context,
        (inner) => purges['purges.restore'](input, inner),
        progressOf,
      ),
    ...waysOut,
    'archives.import': importing,
    async 'imports.start'(input) {
      const file = await rooms.files.known(input.file);
      return { id: rooms.imports.begin(file, (signal) => importing(input, { signal })) };
    },
    'archives.look': (input, context) =>
      tasks.follow(
        `Opening “${rooms.files.name(input.file)}”`,
        context,
        (inner) => archives['archives.look'](input, inner),
        progressOf,
      ),
    'archives.export': (input, context: HandlerContext) =>
      tasks.follow(
        `Export of “${rooms.files.name(input.to)}”`,
        context,
        (inner) => archives['archives.export'](input, inner),
        progressOf,
      ),
    'waysOut.table': (input, context) =>
      tasks.follow(
        `Writing “${rooms.files.name(input.to)}”`,
        context,
        (inner) => waysOut['waysOut.table'](input, inner),
        progressOf,
      ),
    'waysOut.write': (input, context) =>
      tasks.follow(
        `Writing “${rooms.files.name(input.to)}”`,
        context,
        (inner) => waysOut['waysOut.write'](input, inner),
        progressOf,
      ),
  };
}

const progressOf = (item: { readonly kind: string; readonly progress?: Progress }): Progress | null =>
  item.progress ?? null;
