import { deferred } from '#shared/base/deferred.ts';
import type { StemmaError } from '#shared/base/errors.ts';
import { Permits } from '#main/computers/transports/permits.ts';
import { frameFailed, silent } from '#main/computers/shell/remote-errors.ts';
import { transportError } from '#main/computers/transport-error.ts';
import type { Machine } from './machines/machine.ts';
import type { ClusterParts } from './parts.ts';

const never = new AbortController().signal;

export interface Command<T> {
  readonly what: string;
  readonly signal: AbortSignal | undefined;
  readonly silenceMs: number | undefined;
  /** Begins it on the computer; `reply` is called once with what comes back. @returns ends it when nobody listens */
  readonly serve: (reply: (answer: () => T) => void) => () => void;
}

/** After so long without an answer to its keepalives a link is found dead. */
const keepaliveMs = [45_000, 60_000] as const;
const defaultSilenceMs = 60_000;

type Fate = 'lose-request' | 'lose-reply' | 'cut' | 'truncate' | 'garble' | 'slow' | 'hang' | null;

/** A logged-in connection to one login node, and everything that may happen to it. */
export class Link {
  readonly #parts: ClusterParts;
  readonly host: string;
  readonly machine: Machine;
  readonly #permits: Permits;
  readonly #closed = deferred<Error>();
  readonly #dead = new AbortController();
  readonly #calls = new Set<AbortController>();
  #isSilent = false;

  constructor(parts: ClusterParts, host: string, machine: Machine) {
    this.#parts = parts;
    this.host = host;
    this.machine = machine;
    this.#permits = new Permits(parts.site.sessions);
  }

  get closed(): Promise<Error> {
    return this.#closed.promise;
  }

  get isDead(): boolean {
    return this.#dead.signal.aborted;
  }

  /** @throws as the transport of SSH does */
  async call<T>(command: Command<T>): Promise<T> {
    const given = command.signal ?? never;
    given.throwIfAborted();
    if (this.isDead) throw this.#dead.signal.reason;
    // the death of the link is told to each by the link itself: signals made of signals are dear
    const either = new AbortController();
    const onAbort = (): void => either.abort(given.reason);
    given.addEventListener('abort', onAbort, { once: true });
    this.#calls.add(either);
    try {
      await this.#permits.acquire(either.signal);
    } catch (thrown) {
      this.#calls.delete(either);
      given.removeEventListener('abort', onAbort);
      throw thrown;
    }
    try {
      return await this.#converse(command, either.signal);
    } finally {
      this.#calls.delete(either);
      given.removeEventListener('abort', onAbort);
      this.#permits.release();
    }
  }

  /** Resolves when the other side has answered, beside everything that is under way. */
  signOfLife(): Promise<void> {
    const { clock, site } = this.#parts;
    return new Promise((resolve, reject) => {
      const { signal } = this.#dead;
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      clock.after(this.#parts.between(site.latencyMs), () => {
        if (this.#isSilent) return;
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
    });
  }

  #converse<T>(command: Command<T>, signal: AbortSignal): Promise<T> {
    const { clock, site, random } = this.#parts;
    if (this.#parts.strikes('scratchWiped')) this.#parts.wipeOne();
    const fate = this.#fate();
    const halfMs = Math.round(this.#parts.between(site.latencyMs) / 2);
    const silenceMs = command.silenceMs ?? defaultSilenceMs;
    return new Promise<T>((resolve, reject) => {
      let hangUp = (): void => {};
      let isOver = false;
      const settle = (work: () => void): void => {
        if (isOver) return;
        isOver = true;
        cancelSilence();
        signal.removeEventListener('abort', onAbort);
        work();
      };
      const onAbort = (): void =>
        settle(() => {
          hangUp();
          reject(signal.reason);
        });
      const cancelSilence = clock.after(silenceMs + halfMs, () =>
        settle(() => {
          hangUp();
          reject(silent(command.what, silenceMs));
        }),
      );
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) {
        onAbort();
        return;
      }
      const reply = (answer: () => T): void => {
        if (isOver || this.#isSilent) return;
        if (fate === 'lose-reply') {
          this.die(this.lost());
          return;
        }
        const extraMs = fate === 'slow' ? this.#parts.between([0, 2 * Math.min(silenceMs, 300_000)]) : 0;
        clock.after(halfMs + extraMs, () => {
          if (isOver || this.#isSilent) return;
          if (fate === 'truncate') settle(() => reject(fault(command.what, 'no-end')));
          else if (fate === 'garble') settle(() => reject(fault(command.what, 'damaged')));
          else settle(() => settled(answer, resolve, reject));
        });
      };
      clock.after(halfMs, () => {
        // what is sent reaches the other side also when the sender has given up, unless the link is dead
        if (this.isDead || this.#isSilent) return;
        if (fate === 'lose-request') this.die(this.lost());
        else if (fate === 'hang') this.#fallSilent();
        else hangUp = command.serve(reply);
        if (isOver) hangUp();
      });
      if (fate === 'cut') clock.after(Math.round(random.next() ** 2 * 3_000), () => this.die(this.lost()));
    });
  }

  #fate(): Fate {
    const { strikes } = this.#parts;
    if (strikes('loseRequest')) return 'lose-request';
    if (strikes('executeThenLoseReply')) return 'lose-reply';
    if (strikes('cutLink')) return 'cut';
    if (strikes('truncateReply')) return 'truncate';
    if (strikes('garbleReply')) return 'garble';
    if (strikes('slowReply')) return 'slow';
    if (strikes('hang')) return 'hang';
    return null;
  }

  /** Nothing comes through any more, and nobody is told. */
  #fallSilent(): void {
    this.#isSilent = true;
    this.#parts.clock.after(this.#parts.between(keepaliveMs), () =>
      this.die(
        transportError('connection-lost', {
          message: `${this.host} no longer answers.`,
          subject: this.host,
          details: 'Keepalive timeout',
        }),
      ),
    );
  }

  die(reason: Error): void {
    if (this.isDead) return;
    this.#closed.resolve(reason);
    this.#dead.abort(reason);
    for (const call of this.#calls) call.abort(reason);
  }

  lost(): StemmaError {
    return transportError('connection-lost', {
      message: `The connection to ${this.host} was lost.`,
      subject: this.host,
    });
  }
}

const fault = (what: string, kind: 'no-end' | 'damaged'): StemmaError =>
  frameFailed(what, { kind, noise: '' }, '');

function settled<T>(answer: () => T, resolve: (value: T) => void, reject: (reason: unknown) => void): void {
  try {
    resolve(answer());
  } catch (thrown) {
    reject(thrown);
  }
}
