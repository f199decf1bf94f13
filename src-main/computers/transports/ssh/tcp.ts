import { lookup } from 'node:dns/promises';
import { createConnection, type Socket } from 'node:net';
import type { Clock } from '#shared/base/clock.ts';
import { deferred } from '#shared/base/deferred.ts';
import type { StemmaError } from '#shared/base/errors.ts';
import { transportError } from '../../transport-error.ts';

const connectMs = 20_000;

const resolveMs = 20_000;

/** @throws StemmaError `unreachable`; the reason of `signal` */
export async function resolveHost(
  host: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly string[]> {
  // the look-up of the system cannot be called off, only be waited for no longer
  const waited = deferred<never>();
  const onAbort = (): void => waited.reject(signal.reason);
  const cancel = clock.after(resolveMs, () => waited.reject({ code: 'ETIMEDOUT' }));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    const found = await Promise.race([lookup(host, { all: true }), waited.promise]);
    return found.map(({ address }) => address);
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    const { code } = thrown as NodeJS.ErrnoException;
    throw transportError('unreachable', {
      message:
        code === 'ENOTFOUND'
          ? `There is no host called ${host}.`
          : `The name ${host} could not be looked up (${code ?? 'unknown error'}).`,
      subject: host,
      hint: 'Check the spelling and the network; some hosts can be seen only through the site’s VPN.',
      cause: thrown,
    });
  } finally {
    cancel();
    signal.removeEventListener('abort', onAbort);
  }
}

/** A connected socket without Nagle's delay, which would cost 40 ms with every command. */
export function connectTcp(host: string, port: number, clock: Clock, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // tries all addresses of the name, IPv6 and IPv4, each with a head start
    const socket = createConnection({ host, port, noDelay: true, keepAlive: true, autoSelectFamily: true });
    const settle = (work: () => void): void => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
      work();
    };
    const fail = (error: unknown): void =>
      settle(() => {
        socket.on('error', () => {});
        socket.destroy();
        reject(error);
      });
    const cancel = clock.after(connectMs, () => fail(unreachable(host, port, 'ETIMEDOUT')));
    const onAbort = (): void => fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () =>
      settle(() => {
        // until the next owner listens, an error must have a listener
        socket.on('error', () => {});
        resolve(socket);
      }),
    );
    socket.once('error', (error: NodeJS.ErrnoException) =>
      fail(unreachable(host, port, codeOf(error), error)),
    );
    if (signal.aborted) onAbort();
  });
}

/** With several addresses Node wraps the errors of all of them. */
const codeOf = (error: NodeJS.ErrnoException): string =>
  error instanceof AggregateError
    ? ((error.errors[0] as NodeJS.ErrnoException | undefined)?.code ?? '')
    : (error.code ?? '');

function unreachable(host: string, port: number, code: string, cause?: unknown): StemmaError {
  const words: Readonly<Record<string, readonly [string, string]>> = {
    ECONNREFUSED: [
      `${host} refuses connections on port ${port}.`,
      'Check the port. An SSH server that is being restarted answers like this too.',
    ],
    ETIMEDOUT: [
      `${host}, port ${port}, does not answer.`,
      'It may be down, or behind a firewall: try the site’s VPN or a jump host.',
    ],
    EHOSTUNREACH: [`There is no way to ${host} from this network.`, 'Check the network and the VPN.'],
    ENETUNREACH: ['This machine is not on a network.', 'Connect it; work goes on by itself then.'],
  };
  const [message, hint] = words[code] ?? [
    `No connection to ${host}, port ${port} (${code}).`,
    'Check the host, the port and the network.',
  ];
  return transportError('unreachable', { message, subject: host, hint, cause });
}
