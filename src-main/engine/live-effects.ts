import type { Clock } from '#shared/base/clock.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { effectKey, endsOnPause, type Effect } from './effects.ts';
import type { PluginInputs } from './ports.ts';

/** Effects that are started in one turn of the event loop, where there are very many. */
const perTurn = 250;

/** One for all: each effect is removed when it is done, and an error of its own would be made with its stack each time. */
const removed = new DOMException('The effect is not promised any more.', 'AbortError');

/** An effect that was promised, as its performer gets it. */
export interface LiveEffect {
  readonly key: string;
  readonly process: NodeId;
  readonly effect: Effect;
  /** Read in the transaction that decided on it, where that was at hand. */
  readonly inputs: PluginInputs | null;
}

interface Entry {
  readonly live: LiveEffect;
  readonly notBefore: number;
  abort: AbortController | null;
  stopTimer: (() => void) | null;
  done: Promise<void>;
}

/**
 * The effects that are promised and not yet done: each is idle, waits for its time, or runs. What starts one is given
 * as `run`; it must not reject.
 */
export class LiveEffects {
  readonly #clock: Clock;
  readonly #run: (live: LiveEffect, signal: AbortSignal) => Promise<void>;
  readonly #mayStart: (live: LiveEffect) => boolean;
  readonly #entries = new Map<string, Entry>();
  readonly #byProcess = new Map<NodeId, Set<string>>();
  #inTurn: { readonly entry: Entry; readonly notBefore: number }[] = [];

  constructor(
    clock: Clock,
    mayStart: (live: LiveEffect) => boolean,
    run: (live: LiveEffect, signal: AbortSignal) => Promise<void>,
  ) {
    this.#clock = clock;
    this.#mayStart = mayStart;
    this.#run = run;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  keysOf(process: NodeId): readonly string[] {
    return [...(this.#byProcess.get(process) ?? [])];
  }

  get running(): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.abort !== null) count++;
    return count;
  }

  /** Starts it when it is due. @param many where thousands come at once, so that each waits for its turn */
  add(process: NodeId, effect: Effect, notBefore: number, inputs: PluginInputs | null, many = false): void {
    const key = effectKey(process, effect);
    const entry: Entry = {
      live: { key, process, effect, inputs },
      notBefore,
      abort: null,
      stopTimer: null,
      done: Promise.resolve(),
    };
    this.#entries.set(key, entry);
    const keys = this.#byProcess.get(process);
    if (keys === undefined) this.#byProcess.set(process, new Set([key]));
    else keys.add(key);
    if (many) this.#startInTurn(entry, notBefore);
    else this.#schedule(entry, notBefore);
  }

  /** Forgets it; what runs is aborted and its outcome is not heard. */
  remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    const keys = this.#byProcess.get(entry.live.process);
    keys?.delete(key);
    if (keys?.size === 0) this.#byProcess.delete(entry.live.process);
    entry.stopTimer?.();
    entry.abort?.abort(removed);
  }

  /** Aborts what a pause interrupts; it stays promised. */
  suspend(process: NodeId): void {
    for (const entry of this.#of(process)) {
      if (!endsOnPause(entry.live.effect.kind)) continue;
      entry.stopTimer?.();
      entry.stopTimer = null;
      entry.abort?.abort();
      entry.abort = null;
    }
  }

  /**
   * Starts at once what waits for its time, for a person, or for the end of a pause. A workflow that sleeps keeps its
   * time, and wakes now where that came during the pause.
   */
  resume(process: NodeId): void {
    for (const entry of this.#of(process)) {
      if (entry.abort !== null) continue;
      entry.stopTimer?.();
      entry.stopTimer = null;
      this.#schedule(entry, entry.live.effect.kind === 'wake' ? entry.notBefore : 0);
    }
  }

  /** Aborts everything and waits until nothing runs. The promises stay, for the next start. */
  async stop(): Promise<void> {
    const all = [...this.#entries.values()];
    this.#entries.clear();
    this.#byProcess.clear();
    this.#inTurn = [];
    for (const entry of all) {
      entry.stopTimer?.();
      entry.abort?.abort();
    }
    await Promise.all(all.map((entry) => entry.done));
  }

  #of(process: NodeId): readonly Entry[] {
    return this.keysOf(process)
      .map((key) => this.#entries.get(key))
      .filter((entry) => entry !== undefined);
  }

  /** A few in each turn of the event loop: a window must not wait for ten thousand of them. */
  #startInTurn(entry: Entry, notBefore: number): void {
    this.#inTurn.push({ entry, notBefore });
    if (this.#inTurn.length > 1) return;
    const next = (): void => {
      for (const { entry: due, notBefore: when } of this.#inTurn.splice(0, perTurn)) {
        // it may have been started or removed meanwhile
        const isIdle = due.abort === null && due.stopTimer === null;
        if (isIdle && this.#entries.get(due.live.key) === due) this.#schedule(due, when);
      }
      if (this.#inTurn.length > 0) this.#clock.after(0, next);
    };
    this.#clock.after(0, next);
  }

  #schedule(entry: Entry, notBefore: number): void {
    const delay = notBefore - this.#clock.now();
    if (delay <= 0) {
      this.#start(entry);
      return;
    }
    // timers of Node overflow at 2^31 ms; what waits longer waits for a person, or is looked at again in a day
    entry.stopTimer = this.#clock.after(Math.min(delay, 86_400_000), () => {
      entry.stopTimer = null;
      this.#schedule(entry, notBefore);
    });
  }

  #start(entry: Entry): void {
    if (!this.#mayStart(entry.live)) return;
    const abort = new AbortController();
    entry.abort = abort;
    // an upload that was suspended may still be at work: two of one effect would get in each other's way
    entry.done = entry.done.then(() => this.#run(entry.live, abort.signal));
  }
}
