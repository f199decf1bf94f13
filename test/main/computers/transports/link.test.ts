import { EventEmitter } from 'node:events';
import type { Client } from 'ssh2';
import { expect, test } from 'vitest';
import { SshLink } from '#main/computers/transports/ssh/link.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

/** A fake of a connection whose server answers keepalives and nothing else. */
class SilentClient extends EventEmitter {
  asked = 0;
  isDestroyed = false;
  exec(): void {
    this.asked++;
  }
  end(): void {}
  destroy(): void {
    this.isDestroyed = true;
  }
}

const signal = new AbortController().signal;
const nobody = (): Promise<never> => Promise.reject(new Error('no session was opened'));

test('a server that never opens a session is given up, with every call on that connection', async () => {
  const clock = new VirtualClock();
  const client = new SilentClient();
  const link = new SshLink([client as unknown as Client], 'cluster.example.org', clock);
  const calls = [link.session('a', signal, nobody), link.session('b', signal, nobody)];
  const failed = Promise.all(
    calls.map((call) =>
      expect(call).rejects.toMatchObject({ code: 'timeout', subject: 'cluster.example.org' }),
    ),
  );
  await clock.advance(59_000);
  expect(client.asked).toBe(2);
  expect(client.isDestroyed).toBe(false);
  await clock.advance(2000);
  await failed;
  expect(client.isDestroyed).toBe(true);
  await expect(link.closed).resolves.toMatchObject({ code: 'timeout' });
});

test('a call that is called off before its session is open settles at once', async () => {
  const clock = new VirtualClock();
  const link = new SshLink([new SilentClient() as unknown as Client], 'cluster.example.org', clock);
  const abort = new AbortController();
  const call = link.session('a', abort.signal, nobody);
  abort.abort(new Error('not wanted any more'));
  await expect(call).rejects.toThrow('not wanted any more');
  expect(clock.due).toEqual([]);
});
