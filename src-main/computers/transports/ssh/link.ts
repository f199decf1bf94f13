import type { Client, ClientChannel } from 'ssh2';
import { deferred } from '#shared/base/deferred.ts';
import { sleep, type Clock } from '#shared/base/clock.ts';
import type { StemmaError } from '#shared/base/errors.ts';
import { transportError } from '../../transport-error.ts';
import { Permits } from '../permits.ts';

const maxSessions = 4;

/** A server that answers keepalives and opens no session is of no use either. */
const openMs = 60_000;

/** A server frees a session a moment after it has closed: a refusal right then is not the last word. */
const openPauses = [20, 50, 100, 200, 400, 800] as const;

/** A logged-in connection. Opens sessions within what the server allows, and knows when it is dead. */
export class SshLink {
  readonly #clients: readonly Client[];
  readonly #clock: Clock;
  readonly #permits = new Permits(maxSessions);
  /** Open at the server, as far as we know. */
  #sessions = 0;
  readonly #closed = deferred<Error>();
  readonly #dead = new AbortController();
  readonly host: string;

  /** @param clients of all hops, the computer's last */
  constructor(clients: readonly Client[], host: string, clock: Clock) {
    this.#clients = clients;
    this.#clock = clock;
    this.host = host;
    for (const client of clients) {
      client.on('error', (error) => this.#end(this.#lost(error)));
      client.on('close', () => this.#end(this.#lost(null)));
      client.on('end', () => this.#end(this.#lost(null)));
    }
  }

  /** Resolves with the reason once the connection is of no use. */
  get closed(): Promise<Error> {
    return this.#closed.promise;
  }

  /** Aborts then. */
  get signal(): AbortSignal {
    return this.#dead.signal;
  }

  get sessionLimit(): number {
    return this.#permits.limit;
  }

  /**
   * Runs `work` with a session in which `command` has been started. The session is closed when `work` settles.
   * @throws StemmaError `connection-lost`, `timeout`; the reason of `signal`
   */
  async session<T>(
    command: string,
    signal: AbortSignal,
    work: (channel: ClientChannel, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const either = AbortSignal.any([signal, this.#dead.signal]);
    const channel = await this.#open(command, either);
    try {
      return await work(channel, either);
    } finally {
      void this.#finish(channel);
    }
  }

  /**
   * Resolves when the server has answered, beside everything that is under way: also a session that it refuses is an
   * answer.
   */
  async signOfLife(): Promise<void> {
    const opened = await this.#exec('exec /bin/sh -c :', this.#dead.signal);
    if ('refusal' in opened) return;
    opened.on('error', () => {});
    opened.resume();
    opened.stderr.resume();
    opened.close();
  }

  close(): void {
    this.#end(transportError('connection-lost', { message: `The connection to ${this.host} was closed.` }));
    for (const client of this.#clients.toReversed()) client.end();
    // a peer that does not answer must not keep the socket
    this.#clock.after(2000, () => this.#clients.forEach((client) => client.destroy()));
  }

  async #open(command: string, signal: AbortSignal): Promise<ClientChannel> {
    for (let lonely = 0; lonely < openPauses.length;) {
      await this.#permits.acquire(signal);
      const opened = await this.#exec(command, signal).catch((thrown: unknown) => {
        this.#permits.release();
        throw thrown;
      });
      if (!('refusal' in opened)) {
        this.#sessions++;
        return opened;
      }
      // With others open, wait for one of them to end; alone, the server may need a moment, or mean it.
      this.#permits.lower(this.#sessions);
      const pause = this.#sessions > 0 ? openPauses[0] : openPauses[lonely++];
      this.#permits.release();
      await sleep(this.#clock, pause ?? 0, signal);
    }
    throw transportError('throttled', {
      message: `${this.host} opens no session on this connection.`,
      subject: this.host,
      hint: 'The site may have set MaxSessions to 0 for this account.',
    });
  }

  #exec(command: string, signal: AbortSignal): Promise<ClientChannel | { readonly refusal: Error }> {
    return new Promise((resolve, reject) => {
      const client = this.#clients.at(-1);
      let isGivenUp = false;
      const settle = (): void => {
        cancel();
        signal.removeEventListener('abort', onAbort);
      };
      const giveUp = (reason: unknown): void => {
        isGivenUp = true;
        settle();
        reject(reason);
      };
      const onAbort = (): void => giveUp(signal.reason);
      const cancel = this.#clock.after(openMs, () => {
        const reason = this.#opensNothing();
        giveUp(reason);
        this.#end(reason);
      });
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) {
        onAbort();
        return;
      }
      try {
        client?.exec(command, (error, channel) => {
          settle();
          if (error !== undefined && error !== null) {
            if (isRefusal(error)) resolve({ refusal: error });
            else reject(/unable to exec/i.test(error.message) ? this.#noCommands() : this.#lost(error));
          } else if (isGivenUp) {
            channel.on('error', () => {});
            channel.close();
          } else if (packetSize(channel) === 0) {
            // ssh2 would write for ever in pieces of no bytes
            reject(this.#lost(new Error('The server announced packets of 0 bytes.')));
            this.close();
          } else resolve(channel);
        });
      } catch (thrown) {
        giveUp(this.#lost(thrown as Error));
      }
    });
  }

  /** The server's session is free only when the channel is closed at both ends. */
  async #finish(channel: ClientChannel): Promise<void> {
    if (!this.#dead.signal.aborted) {
      const gone = deferred<void>();
      channel.on('close', () => gone.resolve());
      channel.on('error', () => {});
      channel.resume();
      channel.stderr.resume();
      channel.close();
      if (isClosed(channel)) gone.resolve();
      const cancel = this.#clock.after(5000, () => gone.resolve());
      await Promise.race([gone.promise, this.#closed.promise]);
      cancel();
    }
    this.#sessions--;
    this.#permits.release();
  }

  #end(reason: Error): void {
    if (this.#dead.signal.aborted) return;
    this.#closed.resolve(reason);
    this.#dead.abort(reason);
    for (const client of this.#clients) client.destroy();
  }

  #opensNothing(): StemmaError {
    return transportError('timeout', {
      message: `${this.host} did not open a session within ${openMs / 1000} s.`,
      subject: this.host,
      hint: 'The command was not started. Stemma connects anew.',
    });
  }

  #noCommands(): StemmaError {
    return transportError('remote-permission', {
      message: `${this.host} runs no commands for this account.`,
      subject: this.host,
      hint: 'The account may be limited to file transfer, or to one fixed command.',
    });
  }

  #lost(cause: Error | null): StemmaError {
    const silent = /keepalive/i.test(cause?.message ?? '');
    return transportError('connection-lost', {
      message: silent ? `${this.host} no longer answers.` : `The connection to ${this.host} was lost.`,
      subject: this.host,
      details: cause?.message,
      cause,
    });
  }
}

interface ChannelInternals {
  readonly outgoing?: { readonly packetSize?: number; readonly state?: string };
  readonly incoming?: { readonly state?: string };
}

const packetSize = (channel: ClientChannel): number =>
  (channel as unknown as ChannelInternals).outgoing?.packetSize ?? 32_768;

const isClosed = (channel: ClientChannel): boolean =>
  (channel as unknown as ChannelInternals).incoming?.state === 'closed';

/** The server said no to this one session (RFC 4254, section 5.1); the connection is well. */
const isRefusal = (error: Error & { readonly reason?: unknown }): boolean =>
  typeof error.reason === 'number' || /open failure/i.test(error.message);
