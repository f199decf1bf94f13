import { describe, expect, test } from 'vitest';
import { deferred } from '#shared/base/deferred.ts';
import { seededRandom } from '#shared/base/random.ts';
import type { TransportCause } from '#shared/process/causes.ts';
import { ComputerConnection, ConnectionReplaced } from '#main/computers/connection/computer-connection.ts';
import { transportError } from '#main/computers/transport-error.ts';
import type { Transport } from '#main/computers/transport.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const never = new AbortController().signal;

/** A fake transport: it is there until it is closed. */
class FakeTransport {
  readonly type = 'core.ssh';
  readonly #closed = deferred<Error>();
  isClosed = false;
  get closed(): Promise<Error> {
    return this.#closed.promise;
  }
  /** Whether it gives a sign of life, and when; never until it is told. */
  signOfLife = (): Promise<void> => new Promise(() => {});
  answerAfter(clock: VirtualClock, ms: number): void {
    this.signOfLife = () => new Promise((resolve) => clock.after(ms, resolve));
  }
  lose(): void {
    this.isClosed = true;
    this.#closed.resolve(new Error('lost'));
  }
  close(): void {
    this.lose();
  }
}

function setUp() {
  const clock = new VirtualClock();
  const dials: { at: number; transport: FakeTransport }[] = [];
  const state: { fails: TransportCause | null; waits: (what: string | null) => void } = {
    fails: null,
    waits: () => {},
  };
  const connection = new ComputerConnection({
    label: 'cluster',
    clock,
    random: seededRandom(1),
    idleMs: 300_000,
    open: async (_, __, waits) => {
      const transport = new FakeTransport();
      state.waits = waits;
      dials.push({ at: clock.monotonic(), transport });
      await new Promise<void>((resolve) => clock.after(100, resolve));
      if (state.fails !== null) throw transportError(state.fails, { message: `failed: ${state.fails}` });
      return transport as unknown as Transport;
    },
  });
  const use = (mode: 'park' | 'now' = 'park', signal = never): { result: string } => {
    const box = { result: 'waiting' };
    connection
      .use({ signal, mode }, async () => 'done')
      .then(
        (value) => (box.result = value),
        (thrown: Error) => (box.result = thrown.message),
      );
    return box;
  };
  return { clock, connection, dials, state, use };
}

describe('the connection to a computer', () => {
  test('is made when it is used, by one dial for everybody, and shared', async () => {
    const { clock, dials, use, connection } = setUp();
    expect(connection.status.state).toBe('idle');
    const users = Array.from({ length: 200 }, () => use());
    expect(connection.status.state).toBe('connecting');
    await clock.advance(1000);
    expect(new Set(users.map(({ result }) => result))).toEqual(new Set(['done']));
    use();
    await clock.advance(1000);
    expect(dials).toHaveLength(1);
    expect(connection.status).toMatchObject({ state: 'connected', words: 'connected for 00:01' });
  });

  test('says for what its dial waits, while it waits for its turn', async () => {
    const { clock, connection, state, use } = setUp();
    const words: string[] = [];
    connection.changes.on(() => words.push(connection.status.words));
    use();
    state.waits('another login at granite.example.org, where one is made at a time');
    state.waits(null);
    await clock.advance(1000);
    // one that comes too late says nothing
    state.waits('another login');
    expect(words).toEqual([
      'connecting',
      'waiting for another login at granite.example.org, where one is made at a time',
      'connecting',
      'connected for 00:00',
    ]);
  });

  test('is closed when nobody has used it for a while, and made again', async () => {
    const { clock, dials, use, connection } = setUp();
    use();
    await clock.advance(1000);
    await clock.advance(300_000);
    expect(connection.status.state).toBe('idle');
    expect(dials[0]?.transport.isClosed).toBe(true);
    const user = use();
    await clock.advance(1000);
    expect([user.result, dials.length]).toEqual(['done', 2]);
  });

  test('is not dialled more than a few times in an hour while the computer is away, whoever asks', async () => {
    const { clock, dials, use, state, connection } = setUp();
    state.fails = 'unreachable';
    const users: { result: string }[] = [];
    for (let minute = 0; minute < 60; minute++) {
      users.push(...Array.from({ length: 20 }, () => use()));
      await clock.advance(60_000);
    }
    expect(dials.length).toBeLessThan(16);
    // nothing was begun, so nothing has failed
    expect(new Set(users.map(({ result }) => result))).toEqual(new Set(['waiting']));
    expect(connection.status.state).toBe('waiting');
    expect(connection.status.words).toMatch(/^failed: unreachable Since \d\d:\d\d; next try in \d\d:\d\d\.$/);
    state.fails = null;
    const user = use();
    let reached = 0;
    connection.reached.on(() => reached++);
    await clock.advance(800_000);
    expect([user.result, ...new Set(users.map(({ result }) => result))]).toEqual(['done', 'done']);
    expect(reached).toBe(1);
    expect(connection.status.unreachableSince).toBeNull();
  });

  test('is not dialled for people who have gone', async () => {
    const { clock, dials, use, state } = setUp();
    state.fails = 'unreachable';
    const abort = new AbortController();
    use('park', abort.signal);
    await clock.advance(1000);
    abort.abort(new Error('no longer wanted'));
    await clock.advance(8 * 3_600_000);
    expect(dials).toHaveLength(1);
  });

  test('leaves a site alone that turns connections away', async () => {
    const { clock, dials, use, state } = setUp();
    state.fails = 'throttled';
    use();
    await clock.advance(1000);
    use();
    await clock.advance(8 * 60_000);
    expect(dials).toHaveLength(1);
  });

  test('parks everything while a person is needed: one question, nothing fails, for hours', async () => {
    const { clock, dials, use, state, connection } = setUp();
    state.fails = 'auth-needed';
    const users = Array.from({ length: 200 }, () => use());
    await clock.advance(8 * 3_600_000);
    expect(dials).toHaveLength(1);
    expect(new Set(users.map(({ result }) => result))).toEqual(new Set(['waiting']));
    expect(connection.status).toMatchObject({ state: 'needs-you', error: { code: 'auth-needed' } });
    state.fails = null;
    connection.retryNow();
    await clock.advance(1000);
    expect(new Set(users.map(({ result }) => result))).toEqual(new Set(['done']));
  });

  test('says at once what is needed to somebody who waits at the screen', async () => {
    const { clock, use, state } = setUp();
    state.fails = 'host-key-unknown';
    const [first, parked] = [use('now'), use('park')];
    await clock.advance(1000);
    const second = use('now');
    await clock.advance(1000);
    expect([first.result, second.result, parked.result]).toEqual([
      'failed: host-key-unknown',
      'failed: host-key-unknown',
      'waiting',
    ]);
  });

  test('is tried at once again for somebody who waits at the screen', async () => {
    const { clock, dials, use, state } = setUp();
    state.fails = 'unreachable';
    use();
    await clock.advance(1000);
    state.fails = null;
    const user = use('now');
    await clock.advance(1000);
    expect([user.result, dials.length]).toEqual(['done', 2]);
  });

  test('that is lost is made again when it is used; one that is lost at once is not dialled in a loop', async () => {
    const { clock, dials, use } = setUp();
    use();
    await clock.advance(60_000);
    dials[0]?.transport.lose();
    await clock.advance(0);
    const user = use();
    await clock.advance(1000);
    expect([user.result, dials.length]).toEqual(['done', 2]);
    for (let round = 0; round < 100; round++) {
      dials.at(-1)?.transport.lose();
      await clock.advance(100);
      use();
      await clock.advance(1000);
    }
    expect(dials.length).toBeLessThan(12);
  });

  test('parks while it is paused, and goes on when it is resumed', async () => {
    const { clock, dials, use, connection } = setUp();
    connection.setPaused(true);
    const [parked, now] = [use(), use('now')];
    await clock.advance(3_600_000);
    expect([parked.result, now.result, dials.length]).toEqual(['waiting', 'cluster is paused.', 0]);
    expect(connection.status.state).toBe('paused');
    connection.setPaused(false);
    await clock.advance(1000);
    expect(parked.result).toBe('done');
  });

  test('lets go of somebody who no longer wants it', async () => {
    const { clock, use, state, connection } = setUp();
    state.fails = 'auth-needed';
    const abort = new AbortController();
    const [one, other] = [use('park', abort.signal), use()];
    await clock.advance(1000);
    abort.abort(new Error('no longer wanted'));
    await clock.advance(0);
    expect([one.result, other.result]).toEqual(['no longer wanted', 'waiting']);
    connection.close();
    await clock.advance(0);
    expect(other.result).toBe('The connection to cluster was closed.');
  });

  test('sends who waits to the one that takes its place, and lets finish what is under way', async () => {
    const { clock, dials, use, connection, state } = setUp();
    const finish = deferred<void>();
    const long = { result: 'waiting' };
    void connection
      .use({ signal: never, mode: 'park' }, () => finish.promise)
      .then(() => (long.result = 'done'));
    await clock.advance(1000);
    connection.retire();
    const late = use();
    await clock.advance(0);
    expect(late.result).toBe(String(new ConnectionReplaced().message));
    expect(dials[0]?.transport.isClosed).toBe(false);
    finish.resolve();
    await clock.advance(0);
    expect([long.result, dials[0]?.transport.isClosed]).toEqual(['done', true]);

    const other = setUp();
    other.state.fails = 'unreachable';
    state.fails = null;
    const parked = other.use();
    await other.clock.advance(1000);
    other.connection.retire();
    await other.clock.advance(0);
    expect(parked.result).toBe('');
  });

  describe('after this machine has slept', () => {
    test('stays as it is where the computer answers; nothing begins before that is known', async () => {
      const { clock, dials, use, connection } = setUp();
      use();
      await clock.advance(60_000);
      dials[0]?.transport.answerAfter(clock, 3000);
      connection.wake();
      const user = use();
      await clock.advance(2900);
      expect(user.result).toBe('waiting');
      await clock.advance(200);
      expect([user.result, dials.length, dials[0]?.transport.isClosed]).toEqual(['done', 1, false]);
    });

    test('is made anew, once, where nothing answers within the time that a network needs', async () => {
      const { clock, dials, use, connection } = setUp();
      use();
      await clock.advance(5000);
      connection.wake();
      const users = [use(), use()];
      await clock.advance(19_000);
      expect(dials).toHaveLength(1);
      await clock.advance(2000);
      expect(dials).toHaveLength(2);
      expect(dials[0]?.transport.isClosed).toBe(true);
      expect(users.map(({ result }) => result)).toEqual(['done', 'done']);
    });

    test('does not wait out the pause that had grown before', async () => {
      const { clock, dials, use, state, connection } = setUp();
      state.fails = 'unreachable';
      const user = use();
      await clock.advance(2 * 3_600_000);
      const before = dials.length;
      state.fails = null;
      connection.wake();
      await clock.advance(4000);
      expect([user.result, dials.length]).toEqual(['done', before + 1]);
    });

    test('asks for no login that was refused before', async () => {
      const { clock, dials, use, state, connection } = setUp();
      state.fails = 'auth-refused';
      use();
      await clock.advance(1000);
      for (let wakes = 0; wakes < 10; wakes++) {
        connection.wake();
        await clock.advance(60_000);
      }
      expect(dials).toHaveLength(1);
    });
  });
});
