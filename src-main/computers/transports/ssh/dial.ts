import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { ensure } from '#shared/base/assert.ts';
import { transportError } from '../../transport-error.ts';
import { connectHop, type DialObserver, type HopConnection, type HopDeps } from './hop-connection.ts';
import { SshLink } from './link.ts';
import type { Hop, SshTarget } from './target.ts';
import { connectTcp, resolveHost } from './tcp.ts';

const forwardMs = 30_000;

export interface Dialled {
  readonly link: SshLink;
  readonly hops: readonly HopConnection[];
}

/**
 * Connects through all hops. Each hop is a whole SSH connection of its own: its key is checked under its own name and
 * its login is its own.
 * @throws StemmaError of the operational family; no connection is left open then
 */
export async function dial(
  target: SshTarget,
  deps: HopDeps,
  observe: DialObserver = () => {},
): Promise<Dialled> {
  const hops: HopConnection[] = [];
  // an earlier hop that dies takes the dial with it
  const broken = new AbortController();
  const signal = AbortSignal.any([deps.signal, broken.signal]);
  try {
    for (const hop of target.hops) {
      const before = hops.at(-1);
      const connect = async (): Promise<HopConnection> => {
        deps.logins?.check(hop);
        const stream =
          before === undefined
            ? await direct(hop, { ...deps, signal }, observe)
            : await forward(before, hop, deps, signal);
        if (before !== undefined) observe('connect', hop, `through ${before.hop.host}`);
        return await connectHop(hop, target.auth, stream, { ...deps, signal }, observe);
      };
      const connection =
        deps.logins === undefined
          ? await connect()
          : await deps.logins.inTurn(hop, signal, connect, deps.waits);
      hops.push(connection);
      connection.client.on('error', () => {});
      connection.client.on('close', () => broken.abort(jumpLost(hop)));
    }
    const last = ensure(hops.at(-1), 'a hop');
    return {
      link: new SshLink(
        hops.map(({ client }) => client),
        last.hop.host,
        deps.clock,
      ),
      hops,
    };
  } catch (thrown) {
    for (const { client } of hops.toReversed()) client.destroy();
    throw thrown;
  }
}

async function direct(hop: Hop, deps: HopDeps, observe: DialObserver): Promise<Duplex> {
  const addresses = await resolveHost(hop.host, deps.clock, deps.signal);
  observe('resolve', hop, addresses.join(', '));
  const socket = await connectTcp(hop.host, hop.port, deps.clock, deps.signal);
  observe('connect', hop, `${socket.remoteAddress ?? hop.host}, port ${hop.port}`);
  return socket;
}

function forward(through: HopConnection, hop: Hop, deps: HopDeps, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const settle = (work: () => void): void => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      work();
    };
    const fail = (words: string, details?: string): void =>
      settle(() =>
        reject(
          transportError('unreachable', {
            message: `${through.hop.host} could not connect to ${hop.host}, port ${hop.port}${words}.`,
            subject: hop.host,
            hint: `Check the name as ${through.hop.host} knows it; some jump hosts forward only to certain hosts.`,
            details,
          }),
        ),
      );
    const cancel = deps.clock.after(forwardMs, () => fail(` within ${forwardMs / 1000} s`));
    const onAbort = (): void => settle(() => reject(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
      return;
    }
    const client: Client = through.client;
    client.forwardOut('127.0.0.1', 0, hop.host, hop.port, (error, channel) => {
      if (error !== undefined && error !== null) fail('', error.message);
      else settle(() => resolve(channel));
    });
  });
}

const jumpLost = (hop: Hop): Error =>
  transportError('connection-lost', {
    message: `The connection to ${hop.host} was lost.`,
    subject: hop.host,
  });
