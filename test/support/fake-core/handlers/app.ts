import type { Handlers } from '#shared/channel/server.ts';
import type { appArea, AppStatus } from '#shared/contract/areas/app.ts';
import { watchValue } from '../watch.ts';
import type { World } from '../world.ts';

const mega = 1_000_000;

export function statusOf(world: World): AppStatus {
  const active = new Map<string, number>();
  for (const { process } of world.processes.slice(-200)) {
    if (process === null || process.computer === '') continue;
    if (process.state !== 'running' && process.state !== 'waiting') continue;
    active.set(process.computer, (active.get(process.computer) ?? 0) + 1);
  }
  return {
    engine: 'running',
    engineMessage: 'running since this morning',
    processes: { ...world.counts },
    computers: world.computers.map(({ uuid, config, connection, message, waiting = 0 }) => ({
      uuid,
      label: config.label,
      connection,
      message,
      jobs: active.get(config.label) ?? 0,
      waiting,
      unreachableSince: connection === 'waiting' ? Date.now() - 240_000 : null,
      nextAttempt: connection === 'waiting' ? Date.now() + 120_000 : null,
    })),
    tasks: [...world.tasks],
  };
}

export function appHandlers(world: World): Handlers<typeof appArea> {
  const started = Date.now();
  let user = { email: 'ada@example.org', firstName: 'Ada', lastName: 'Example', institution: 'An institute' };
  return {
    'app.info': () => ({
      version: '0.1.0',
      shell: 'browser',
      platform: 'linux',
      versions: { node: '24', fake: 'yes' },
      profile: {
        name: 'default',
        directory: '/home/ada/.stemma/default',
        nodes: world.nodes.size,
        isNew: world.isNew,
      },
      user,
    }),
    'app.status': (_input, { signal }) => watchValue(world, signal, () => statusOf(world)),
    'app.diagnostics': async function* (_input, { signal }) {
      while (!signal.aborted) {
        yield {
          time: Date.now(),
          uptimeMs: Date.now() - started,
          memory: { rss: 182 * mega, heapUsed: 61 * mega, external: 12 * mega },
          loop: { p50: 0.4, p99: 2.1, max: 4.8, maxEver: 7.9 },
          database: {
            bytes: 41 * mega,
            walBytes: 1 * mega,
            nodes: world.nodes.size,
            links: world.incoming.size,
          },
          repository: { objects: 21_400, bytes: 812 * mega },
          slowQueries: [],
          recentLog: [{ time: started, level: 'info' as const, room: 'core', message: 'a fake core began' }],
        };
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    },
    'app.settings': () => world.settings,
    'app.setSettings': (changes) => {
      world.settings = { ...world.settings, ...changes };
      return world.settings;
    },
    'app.setUser': (next) => {
      user = next;
      return {};
    },
    'app.cancelTask': ({ id }) => {
      const at = world.tasks.findIndex((task) => task.id === id);
      const task = world.tasks[at];
      if (task !== undefined) world.tasks[at] = { ...task, state: 'cancelled', ended: Date.now() };
      world.touch();
      return {};
    },
    'app.runCheck': async function* ({ readObjects }, { signal }) {
      const total = 21_400;
      for (let done = 0; done < total && !signal.aborted; done += 1070) {
        const words = readObjects ? 'comparing every file with its hash' : 'looking at the files';
        yield { kind: 'progress', progress: { done, total, unit: 'files' as const, words } } as const;
        do await new Promise((resolve) => setTimeout(resolve, 25));
        while (world.holdsCheck && !signal.aborted);
      }
      const checked = { nodes: world.nodes.size, links: world.incoming.size, objects: total };
      yield { kind: 'done', report: { problems: [...world.problems], checked } } as const;
    },
    'app.check': () => ({ problems: [], checked: { nodes: world.nodes.size, links: world.incoming.size } }),
  };
}
