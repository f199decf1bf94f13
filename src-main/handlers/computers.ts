import type { Clock } from '#shared/base/clock.ts';
import type { Emitter } from '#shared/base/emitter.ts';
import { userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { computersArea, QueueState } from '#shared/contract/areas/computers.ts';
import { parseUuid } from '#shared/provenance/ids.ts';
import type { Computers } from '../computers/computers.ts';
import { testComputer, type TestDeps } from '../computers/testing/test-computer.ts';
import type { Engine } from '../engine/engine.ts';
import type { Changes } from '../provenance/types.ts';
import { whenFree } from '../provenance/when-free.ts';
import { live } from './live.ts';
import { waitingJobs } from './waiting-jobs.ts';

export interface ComputerHandlerDeps {
  readonly computers: Computers;
  readonly test: TestDeps;
  readonly engine: Pick<Engine, 'states'>;
  readonly clock: Clock;
  /** Of the database: codes and calculations are counted. */
  readonly changes: Emitter<Changes>;
}

/** A list that is made by a query follows the database at a distance. */
const listPace = { coalesceMs: 500 };
/** Waiting times in words move on. */
const queuePace = { coalesceMs: 50, refreshMs: 5000 };

/** Computers, their keys and secrets, and their queues. What writes waits while another writer holds the database. */
export function makeComputerHandlers({
  computers,
  test,
  engine,
  clock,
  changes,
}: ComputerHandlerDeps): Handlers<typeof computersArea> {
  return {
    'computers.list': (_, { signal }) =>
      live(clock, signal, [computers.changes, changes], () => computers.rows(), listPace),
    'computers.get': async ({ uuid }) => {
      const row = (await computers.rows()).find((one) => one.uuid === uuid);
      if (row === undefined) {
        throw userError({ code: 'computer-missing', message: 'There is no such computer.', subject: uuid });
      }
      return { uuid, config: computers.config(parseUuid(uuid)), row };
    },
    'computers.sshHosts': () => computers.sshHosts(),
    'computers.create': async (config, { signal }) => ({
      uuid: await whenFree(() => computers.create(config), signal),
    }),
    'computers.update': async ({ uuid, config }, { signal }) => {
      await whenFree(() => computers.update(parseUuid(uuid), config), signal);
      return {};
    },
    'computers.remove': async ({ uuid }, { signal }) => {
      await whenFree(() => computers.remove(parseUuid(uuid)), signal);
      return {};
    },
    'computers.setEnabled': async ({ uuid, enabled }, { signal }) => {
      await whenFree(() => computers.setEnabled(parseUuid(uuid), enabled), signal);
      return {};
    },
    'computers.test': ({ config }, { signal }) => testComputer(config, test, signal),
    'computers.acceptHostKey': async (key) => {
      await computers.acceptHostKey(key);
      return {};
    },
    'computers.forgetHostKeys': async ({ host, port }) => {
      await computers.forgetHostKeys(host, port);
      return {};
    },
    'computers.giveSecret': ({ secret, ...owner }) => {
      computers.giveSecret(owner, secret);
      return {};
    },
    'computers.pause': async ({ uuid }, { signal }) => {
      await whenFree(() => computers.setPaused(parseUuid(uuid), true), signal);
      return {};
    },
    'computers.resume': async ({ uuid }, { signal }) => {
      await whenFree(() => computers.setPaused(parseUuid(uuid), false), signal);
      return {};
    },
    'computers.retryNow': ({ uuid }) => {
      computers.retryNow(parseUuid(uuid));
      return {};
    },
    'computers.queue': ({ uuid }, { signal }) =>
      live(
        clock,
        signal,
        [computers.changes],
        () => withWaiting(computers.queues(uuid === undefined ? undefined : parseUuid(uuid)), engine),
        queuePace,
      ),
  };
}

/** With how many jobs each computer holds up, which only the engine knows. */
function withWaiting(
  queues: readonly ReturnType<Computers['queues']>[number][],
  engine: Pick<Engine, 'states'>,
): QueueState[] {
  const counts = waitingJobs(queues, engine);
  return queues.map((queue) => ({ ...queue, waiting: counts.get(queue.computer) ?? 0 }));
}
