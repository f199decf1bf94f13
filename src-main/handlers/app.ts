import { stat } from 'node:fs/promises';
import type { Clock } from '#shared/base/clock.ts';
import { toHex } from '#shared/base/bytes.ts';
import { Emitter } from '#shared/base/emitter.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { appArea, AppInfo, AppStatus, CheckReport, Diagnostics } from '#shared/contract/areas/app.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { OutputOf } from '#shared/contract/define.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { Computers } from '../computers/computers.ts';
import type { Engine } from '../engine/engine.ts';
import type { DiskRoom } from '../profile/disk-room.ts';
import type { Profile } from '../profile/profile.ts';
import type { Readers } from '../provenance/readers.ts';
import type { ProvenanceStore } from '../provenance/types.ts';
import type { Repository } from '../repository/types.ts';
import { version } from '../version.ts';
import type { BackgroundTasks } from './background-tasks.ts';
import { live } from './live.ts';
import type { LoopMonitor } from './loop-monitor.ts';
import { withProgress } from './progress-stream.ts';
import { waitingJobs } from './waiting-jobs.ts';

export interface AppHandlerDeps {
  readonly shell: AppInfo['shell'];
  readonly profile: Profile;
  readonly store: ProvenanceStore;
  readonly readers: Readers;
  readonly repository: Repository;
  readonly engine: Engine;
  readonly computers: Computers;
  readonly tasks: BackgroundTasks;
  readonly room: Pick<DiskRoom, 'refusal'> | null;
  readonly loop: LoopMonitor;
  readonly clock: Clock;
}

const statusPace = { coalesceMs: 100, refreshMs: 10_000 };
const diagnosticsEveryMs = 2000;

/** The app itself: what it is, what it does now, settings, and the checks that people start. */
export function makeAppHandlers(deps: AppHandlerDeps): Handlers<typeof appArea> {
  const { profile, store, engine, computers, tasks, clock } = deps;
  const troubled = new Emitter<void>();
  engine.troubles.on(() => troubled.emit());
  return {
    'app.info': () => info(deps),
    'app.status': (_, { signal }) =>
      live(
        clock,
        signal,
        [store.changes, computers.changes, tasks.changes, troubled],
        () => status(deps),
        statusPace,
      ),
    'app.diagnostics': (_, { signal }) =>
      live(clock, signal, [], () => diagnostics(deps), { coalesceMs: 0, refreshMs: diagnosticsEveryMs }),
    'app.settings': () => profile.settings.current,
    'app.setSettings': (change) => profile.settings.change(change),
    'app.setUser': async (user, { signal }) => {
      await store.writeWhenFree((tx) => tx.setUser(user), signal);
      return {};
    },
    'app.cancelTask': ({ id }) => {
      tasks.cancel(id);
      return {};
    },
    'app.check': ({ readObjects }, { signal }) => check(deps, readObjects, signal, () => {}),
    'app.runCheck': (input, context) =>
      tasks.follow(
        input.readObjects ? 'Check of the profile, reading every file' : 'Check of the profile',
        context,
        ({ signal }) => runCheck(deps, input.readObjects, signal),
        (item) => (item.kind === 'progress' ? item.progress : null),
      ),
  };
}

async function info({ shell, profile, store, readers }: AppHandlerDeps): Promise<AppInfo> {
  const { nodes } = await readers.profile.counts(null);
  const { email, firstName, lastName, institution } = store.user();
  const { node, v8, electron, chrome } = process.versions;
  const versions: Record<string, string> = { stemma: version, node, v8 };
  if (electron !== undefined) versions['electron'] = electron;
  if (chrome !== undefined) versions['chromium'] = chrome;
  const { directory } = profile.paths;
  return {
    version,
    shell,
    platform: `${process.platform} ${process.arch}`,
    versions,
    profile: { name: directory.split(/[\\/]/).at(-1) ?? directory, directory, nodes, isNew: nodes === 0 },
    user: { email, firstName, lastName, institution },
  };
}

async function status({ readers, engine, computers, tasks, room }: AppHandlerDeps): Promise<AppStatus> {
  const { trouble } = engine;
  const queues = computers.queues();
  const waiting = waitingJobs(queues, engine);
  return {
    engine: trouble === null ? 'running' : 'failed',
    engineMessage: trouble?.error.message ?? room?.refusal()?.message ?? '',
    processes: await readers.profile.stateCounts(null),
    computers: queues.map((queue) => ({
      uuid: queue.computer,
      label: queue.label,
      connection: queue.connection,
      message: queue.words,
      jobs: queue.jobs.length,
      waiting: waiting.get(queue.computer) ?? 0,
      unreachableSince: queue.unreachableSince,
      nextAttempt: queue.nextAttempt,
    })),
    tasks: [...tasks.list()],
  };
}

const bytesOf = async (file: string): Promise<number> => {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
};

async function diagnostics({
  profile,
  readers,
  repository,
  loop,
  clock,
}: AppHandlerDeps): Promise<Diagnostics> {
  const { database } = profile.paths;
  const [{ nodes, links }, objects, bytes, walBytes] = await Promise.all([
    readers.profile.counts(null),
    repository.totals(),
    bytesOf(database),
    bytesOf(`${database}-wal`),
  ]);
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    time: clock.now(),
    uptimeMs: process.uptime() * 1000,
    memory: { rss, heapUsed, external },
    loop: loop.sample(),
    database: { bytes, walBytes, nodes, links },
    repository: objects,
    slowQueries: [...readers.slowQueries()],
    recentLog: [...profile.log.recent()],
  };
}

async function* runCheck(
  deps: AppHandlerDeps,
  readObjects: boolean,
  signal: AbortSignal,
): AsyncGenerator<OutputOf<(typeof appArea)['app.runCheck']>> {
  for await (const item of withProgress((report) => check(deps, readObjects, signal, report))) {
    yield item.kind === 'progress' ? item : { kind: 'done', report: item.value };
  }
}

/** Graph rules and structure by the readers, objects by the repository: anything that is not as it should be. */
async function check(
  { readers, repository }: AppHandlerDeps,
  readObjects: boolean,
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<CheckReport> {
  report({ done: 0, total: null, unit: 'steps', words: 'reading the database and the rules of its graph' });
  const graph = await readers.profile.checkGraph(null, signal);
  const { hashes } = await readers.profile.objects(null, signal);
  const words = readObjects ? 'comparing every file with its hash' : 'looking at the files';
  const files = await repository.check(hexHashes(hashes), readObjects, {
    signal,
    onProgress: (done, total) => report({ done, total, unit: 'files', words }),
  });
  return {
    problems: [...graph.problems, ...files.problems],
    checked: { ...graph.checked, objects: files.checked, purged: files.purged },
  };
}

function* hexHashes(packed: Uint8Array): Generator<ObjectHash> {
  for (let at = 0; at < packed.length; at += 32) yield toHex(packed.subarray(at, at + 32)) as ObjectHash;
}
