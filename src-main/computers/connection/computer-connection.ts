import { deferred, type Deferred } from '#shared/base/deferred.ts';
import { StemmaError } from '#shared/base/errors.ts';
import { Emitter } from '#shared/base/emitter.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { Random } from '#shared/base/random.ts';
import { formatDuration, formatLocal } from '#shared/base/time.ts';
import { isTransportCause, transportCauses } from '#shared/process/causes.ts';
import { hasCause, transportError } from '../transport-error.ts';
import type { Transport } from '../transport.ts';
import { dialPause } from './backoff.ts';

export interface ConnectionDeps {
  readonly label: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Dials. `asking` is called while the dial waits for a person, `waits` while it waits for its turn, and for what. */
  readonly open: (
    signal: AbortSignal,
    asking: (needed: StemmaError | null) => void,
    waits: (what: string | null) => void,
  ) => Promise<Transport>;
  /** Closed after so long without use. */
  readonly idleMs: number;
}

type State =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'connecting';
      readonly asking: StemmaError | null;
      /** What the dial waits for before it goes on, in words. */
      readonly waitsFor: string | null;
      readonly abort: AbortController;
    }
  | {
      readonly kind: 'connected';
      readonly transport: Transport;
      readonly since: number;
      /** Resolves when it is known whether the connection has outlived the sleep of this machine. */
      readonly doubt: Promise<void> | null;
    }
  /** The next dial comes by itself. */
  | { readonly kind: 'waiting'; readonly error: Error; readonly since: number; readonly until: number }
  /** Only a person can help. */
  | { readonly kind: 'needs-you'; readonly error: StemmaError };

/** What a person sees of a connection; times in ms since 1970. */
export interface ConnectionStatus {
  readonly state: 'idle' | 'connecting' | 'connected' | 'waiting' | 'needs-you' | 'paused';
  readonly words: string;
  readonly nextAttempt: number | null;
  /** Since when every dial has failed; null where none has. */
  readonly unreachableSince: number | null;
  /** What went wrong, or what a person is asked for. */
  readonly error: StemmaError | null;
}

export interface UseOptions {
  readonly signal: AbortSignal;
  /**
   * `park`: wait while the computer is paused, needs a person or cannot be reached: what has not begun has not failed.
   * `now`: a person is waiting for the answer, so fail instead.
   */
  readonly mode: 'park' | 'now';
}

/** A connection that lasted less counts as a failure: a server that lets go at once is not dialled in a loop. */
const steadyMs = 30_000;

/** After sleep the network needs a while; a connection that answers within this time has survived. */
const graceMs = 20_000;
/** And nobody dials into a network that is not up yet. */
const wakeDialMs = 2_000;

/** Thrown to those who wait when another connection has taken this one's place: nothing was begun, go there. */
export class ConnectionReplaced extends Error {}

/**
 * The one connection to a computer, shared by everything that happens there. It dials when it is used, one dial at a
 * time and ever more rarely while it fails; and it parks what cannot go on without a person.
 */
export class ComputerConnection {
  readonly #deps: ConnectionDeps;
  #state: State = { kind: 'idle' };
  #paused = false;
  #failures = 0;
  #unreachableSince: number | null = null;
  #uses = 0;
  #cancelTimer: (() => void) | null = null;
  #cancelIdle: (() => void) | null = null;
  /** Of the dial that is under way or will come: everybody who waits joins it. */
  #round: Deferred<Transport> | null = null;
  /** How many wait for it. */
  #waiters = 0;
  #closed = false;
  #retired = false;
  readonly changes = new Emitter<void>();
  /** It is there (again): what was held back by its absence may go on. */
  readonly reached = new Emitter<void>();

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
  }

  /** @throws StemmaError of the operational family; what `work` throws */
  async use<T>(options: UseOptions, work: (transport: Transport) => Promise<T>): Promise<T> {
    const transport = await this.#acquire(options);
    this.#uses++;
    this.#cancelIdle?.();
    try {
      return await work(transport);
    } finally {
      this.#uses--;
      if (this.#uses === 0) {
        if (this.#retired) this.close();
        else this.#startIdle();
      }
    }
  }

  get paused(): boolean {
    return this.#paused;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.changes.emit();
    this.#dialIfWanted();
  }

  /** Forgets what held the connection back, and dials if somebody waits: a person said so, or the network is back. */
  retryNow(): void {
    this.#failures = 0;
    if (this.#state.kind === 'needs-you' || this.#state.kind === 'waiting') {
      this.#cancelTimer?.();
      this.#cancelTimer = null;
      this.#enter({ kind: 'idle' });
      this.#dialIfWanted();
    }
  }

  /**
   * This machine was asleep. A connection is doubtful until it has given a sign of life; a wait for the next dial was too
   * long; what needs a person still does.
   */
  wake(): void {
    this.#failures = 0;
    const state = this.#state;
    if (state.kind === 'connected' && state.doubt === null) this.#doubt(state);
    if (state.kind === 'waiting') this.#waitFor(state.error, wakeDialMs);
  }

  /** Another connection takes its place: who waits is sent there, what is under way ends here. */
  retire(): void {
    this.#retired = true;
    this.#dismiss(new ConnectionReplaced());
    if (this.#uses === 0) this.close();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    this.#cancelIdle?.();
    const state = this.#state;
    if (state.kind === 'connected') state.transport.close();
    if (state.kind === 'connecting') state.abort.abort(this.#closedError());
    this.#dismiss(this.#closedError());
    this.#enter({ kind: 'idle' });
  }

  #dismiss(reason: Error): void {
    this.#round?.reject(reason);
    this.#round = null;
    this.changes.emit();
  }

  get status(): ConnectionStatus {
    const { clock } = this.#deps;
    const state = this.#state;
    const none = { nextAttempt: null, unreachableSince: this.#unreachableSince, error: null } as const;
    if (this.#paused) return { ...none, state: 'paused', words: 'paused by you' };
    switch (state.kind) {
      case 'idle':
        return { ...none, state: 'idle', words: 'not connected' };
      case 'connecting':
        return state.asking === null
          ? { ...none, state: 'connecting', words: connectingWords(state.waitsFor) }
          : { ...none, state: 'needs-you', words: state.asking.message, error: state.asking };
      case 'connected': {
        const words = `connected for ${formatDuration(clock.now() - state.since)}`;
        return { ...none, state: 'connected', words };
      }
      case 'waiting': {
        const since = formatLocal(state.since).slice(11, 16);
        const words = `${state.error.message} Since ${since}; next try in ${formatDuration(state.until - clock.now())}.`;
        const error = state.error instanceof StemmaError ? state.error : null;
        return { ...none, state: 'waiting', words, nextAttempt: state.until, error };
      }
      case 'needs-you':
        return { ...none, state: 'needs-you', words: state.error.message, error: state.error };
    }
  }

  async #acquire(options: UseOptions): Promise<Transport> {
    for (;;) {
      options.signal.throwIfAborted();
      if (this.#retired) throw new ConnectionReplaced();
      if (this.#closed) throw this.#closedError();
      const state = this.#state;
      if (this.#paused && options.mode === 'now') throw this.#pausedError();
      if (this.#paused) await this.#changed(options.signal);
      else if (state.kind === 'connected') {
        if (state.doubt === null) return state.transport;
        await orAborted(state.doubt, options.signal);
      } else if (state.kind === 'needs-you' && options.mode === 'now') throw state.error;
      else {
        const transport = await this.#join(options);
        // who waited may find that a person has paused the computer meanwhile
        if (options.mode === 'now' || !this.#paused) return transport;
      }
    }
  }

  /** Waits for the dial that is under way, or for the next one, or begins one. */
  async #join({ mode, signal }: UseOptions): Promise<Transport> {
    let round = this.#round;
    if (round === null) {
      round = deferred<Transport>();
      round.promise.catch(() => {});
      this.#round = round;
    }
    this.#waiters++;
    try {
      if (this.#state.kind === 'idle') this.#dial(round);
      else if (this.#state.kind === 'waiting' && mode === 'now') this.#dialBefore(this.#state.error);
      const wanted = mode === 'now' ? this.#unlessItFails(round.promise) : round.promise;
      return await orAborted(wanted, signal);
    } finally {
      this.#waiters--;
    }
  }

  /** Somebody waits at the screen: now, unless the site has said that we are too many. */
  #dialBefore(error: Error): void {
    if (hasCause(error, 'throttled')) return;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#enter({ kind: 'idle' });
    this.#dialIfWanted();
  }

  /** The same, but rejects as soon as the dial has failed, whether by itself or because only a person can help. */
  async #unlessItFails<T>(wanted: Promise<T>): Promise<T> {
    const failed = deferred<never>();
    const look = (): void => {
      if (this.#state.kind === 'needs-you' || this.#state.kind === 'waiting')
        failed.reject(this.#state.error);
    };
    const off = this.changes.on(look);
    look();
    return await Promise.race([wanted, failed.promise]).finally(off);
  }

  #dial(round: Deferred<Transport>): void {
    const abort = new AbortController();
    const tell = (
      news: { readonly asking: StemmaError | null } | { readonly waitsFor: string | null },
    ): void => {
      if (this.#state.kind === 'connecting' && this.#state.abort === abort)
        this.#enter({ ...this.#state, ...news });
    };
    const asking = (needed: StemmaError | null): void => tell({ asking: needed });
    const waits = (waitsFor: string | null): void => tell({ waitsFor });
    this.#enter({ kind: 'connecting', asking: null, waitsFor: null, abort });
    this.#deps.open(abort.signal, asking, waits).then(
      (transport) => this.#connected(transport, round),
      (thrown: unknown) => this.#failed(thrown),
    );
  }

  #connected(transport: Transport, round: Deferred<Transport>): void {
    if (this.#closed) {
      transport.close();
      return;
    }
    const { clock } = this.#deps;
    const begun = clock.monotonic();
    this.#unreachableSince = null;
    this.#round = null;
    this.#enter({ kind: 'connected', transport, since: clock.now(), doubt: null });
    round.resolve(transport);
    this.#startIdle();
    this.reached.emit();
    void transport.closed.then((reason) => {
      if (this.#state.kind !== 'connected' || this.#state.transport !== transport) return;
      const steady = clock.monotonic() - begun >= steadyMs;
      if (steady) {
        this.#failures = 0;
        this.#enter({ kind: 'idle' });
      } else this.#wait(reason);
    });
  }

  #failed(thrown: unknown): void {
    if (this.#closed) return;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (
      error instanceof StemmaError &&
      isTransportCause(error.code) &&
      transportCauses[error.code].needsPerson
    ) {
      // parked: whoever waits goes on waiting in this round, until a person has helped
      this.#enter({ kind: 'needs-you', error });
      return;
    }
    // and so in this one, until a dial succeeds: ten thousand jobs need not fail because one computer is away
    this.#wait(error);
  }

  #wait(error: Error): void {
    this.#failures++;
    this.#waitFor(error, dialPause(this.#failures, error, this.#deps.random));
  }

  #waitFor(error: Error, pause: number): void {
    const { clock } = this.#deps;
    this.#unreachableSince ??= clock.now();
    this.#enter({ kind: 'waiting', error, since: this.#unreachableSince, until: clock.now() + pause });
    this.#cancelTimer?.();
    this.#cancelTimer = clock.after(pause, () => {
      this.#cancelTimer = null;
      this.#enter({ kind: 'idle' });
      this.#dialIfWanted();
    });
  }

  #dialIfWanted(): void {
    if (this.#round === null || this.#state.kind !== 'idle' || this.#paused) return;
    if (this.#waiters > 0) this.#dial(this.#round);
    else this.#round = null;
  }

  /** New work waits until the connection has given a sign of life; without one it is made anew. */
  #doubt(state: Extract<State, { kind: 'connected' }>): void {
    const { transport } = state;
    const isCurrent = (): boolean =>
      this.#state.kind === 'connected' && this.#state.transport === transport && !this.#closed;
    const doubt = signOfLife(transport, this.#deps.clock, graceMs).then((isAlive) => {
      if (!isCurrent()) return;
      if (isAlive) {
        this.#enter({ ...state, doubt: null });
        this.reached.emit();
        return;
      }
      // not by way of the back-off: this is the one dial after sleep
      this.#enter({ kind: 'idle' });
      transport.close();
    });
    this.#enter({ ...state, doubt });
  }

  #startIdle(): void {
    this.#cancelIdle?.();
    this.#cancelIdle = this.#deps.clock.after(this.#deps.idleMs, () => {
      if (this.#state.kind !== 'connected' || this.#uses > 0) return;
      const { transport } = this.#state;
      this.#failures = 0;
      this.#enter({ kind: 'idle' });
      transport.close();
    });
  }

  #enter(state: State): void {
    this.#state = state;
    this.changes.emit();
  }

  #changed(signal: AbortSignal): Promise<void> {
    const change = deferred<void>();
    const off = this.changes.on(() => change.resolve());
    return orAborted(change.promise, signal).finally(off);
  }

  #pausedError(): StemmaError {
    return transportError('unreachable', {
      message: `${this.#deps.label} is paused.`,
      subject: this.#deps.label,
      hint: 'Resume it first.',
    });
  }

  #closedError(): StemmaError {
    return transportError('connection-lost', {
      message: `The connection to ${this.#deps.label} was closed.`,
      subject: this.#deps.label,
    });
  }
}

const connectingWords = (waitsFor: string | null): string =>
  waitsFor === null ? 'connecting' : `waiting for ${waitsFor}`;

/** Whether the computer answers on this connection within so many ms. */
function signOfLife(transport: Transport, clock: Clock, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(withinMs, () => resolve(false));
    const asked =
      transport.signOfLife?.() ??
      transport.exec({ what: 'a sign of life', script: ':', silenceMs: withinMs }).then(() => {});
    asked.then(
      () => resolve(true),
      () => resolve(false),
    );
    void transport.closed.then(() => resolve(false));
    void asked.finally(cancel).catch(() => {});
  });
}

/** The same, or the signal's reason; nothing stays at the signal, which may outlive thousands of waits. */
const orAborted = <T>(wanted: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    wanted.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
