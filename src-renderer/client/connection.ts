import type { Clock } from '#shared/base/clock.ts';
import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { Random } from '#shared/base/random.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import type { ChannelPort } from '#shared/channel/frames.ts';
import type { Contract } from '#shared/contract/contract.ts';

export type CoreClient = Client<Contract>;

/** The one connection of a window; a lost one is opened again by itself. */
export type ConnectionState =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'open'; readonly client: CoreClient }
  /** Tried again at `retryAt`, in milliseconds of the clock. */
  | {
      readonly kind: 'waiting';
      readonly attempt: number;
      readonly retryAt: number;
      readonly error: ErrorInfo;
    }
  /** Trying again is of no use: a person must do something. */
  | { readonly kind: 'refused'; readonly error: ErrorInfo }
  | { readonly kind: 'closed' };

export interface ConnectionParts {
  readonly open: (signal: AbortSignal) => Promise<ChannelPort>;
  readonly clock: Clock;
  readonly random: Random;
  readonly onState: (state: ConnectionState) => void;
}

const firstDelayMs = 250;
const longestDelayMs = 10_000;
/** An attempt that hangs is given up. */
const patienceMs = 10_000;

/** How long to wait after the nth failed attempt (from 1): doubling, with up to a quarter of jitter taken off. */
export function retryDelayMs(attempt: number, random: Random): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt - 1, 10));
  return Math.round(full * (1 - random.next() / 4));
}

/** The one connection of a window to the core. It opens itself again after each loss, until it is refused or closed. */
export class Connection {
  readonly #parts: ConnectionParts;
  #state: ConnectionState = { kind: 'closed' };
  #attempt: AbortController | null = null;
  #cancelTimer: () => void = () => {};

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  start(): void {
    if (this.#state.kind === 'closed') void this.#connect(1);
  }

  /** Does not wait for the next attempt. Also after a refusal: the person may have mended it. */
  retryNow(): void {
    if (this.#state.kind !== 'waiting' && this.#state.kind !== 'refused') return;
    this.#cancelTimer();
    void this.#connect(1);
  }

  close(): void {
    this.#cancelTimer();
    this.#attempt?.abort();
    const before = this.#state;
    this.#set({ kind: 'closed' });
    if (before.kind === 'open') before.client.close();
  }

  #set(state: ConnectionState): void {
    this.#state = state;
    this.#parts.onState(state);
  }

  async #connect(attempt: number): Promise<void> {
    const { open, clock } = this.#parts;
    const abort = new AbortController();
    this.#attempt = abort;
    this.#set({ kind: 'connecting', attempt });
    const stopWaiting = clock.after(patienceMs, () => abort.abort());
    try {
      const port = await open(abort.signal);
      if (this.#state.kind === 'closed') {
        port.close();
        return;
      }
      const client = connectClient<Contract>(port);
      client.onClose(() => this.#lost(client));
      this.#set({ kind: 'open', client });
    } catch (thrown) {
      if (this.#state.kind === 'closed') return;
      const error = errorInfo(thrown);
      if (error.family === 'user' && error.code !== 'cancelled') this.#set({ kind: 'refused', error });
      else this.#wait(attempt, error);
    } finally {
      stopWaiting();
    }
  }

  #lost(client: CoreClient): void {
    if (this.#state.kind !== 'open' || this.#state.client !== client) return;
    this.#wait(1, {
      family: 'operational',
      code: 'disconnected',
      message: 'The connection to the core of Stemma was lost.',
    });
  }

  #wait(attempt: number, error: ErrorInfo): void {
    const { clock, random } = this.#parts;
    const delay = retryDelayMs(attempt, random);
    this.#set({ kind: 'waiting', attempt, retryAt: clock.now() + delay, error });
    this.#cancelTimer = clock.after(delay, () => void this.#connect(attempt + 1));
  }
}
