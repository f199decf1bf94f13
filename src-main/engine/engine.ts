/**
 * The engine: events in, decisions by pure transitions, everything written in one transaction, effects after it.
 * Events that come together are committed together, so that a thousand small processes do not wait for a thousand
 * disks. After a crash `start` reads what was promised and does it again.
 */
import { deferred, type Deferred } from '#shared/base/deferred.ts';
import { Emitter } from '#shared/base/emitter.ts';
import { errorInfo, StemmaError, type ErrorInfo } from '#shared/base/errors.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import { labelOf } from '../workflows/replay.ts';
import { mostTogether, nextBatchLimit, wantedMs } from './batch-limit.ts';
import { Batch, type Memory } from './batch.ts';
import { CodeRuns } from './code-runs.ts';
import type { NewProcess } from './create-process.ts';
import type { EngineDeps } from './deps.ts';
import { beginsInPause, type Effect } from './effects.ts';
import type { EngineEvent } from './events.ts';
import { LiveEffects, type LiveEffect } from './live-effects.ts';
import { perform } from './performers/perform.ts';
import { inputsOf } from './plugin-inputs.ts';
import type { PluginInputs, RunRecord } from './ports.ts';
import { isLackOfRoom, mayBeOverThere, never, storeDelay } from './retry.ts';
import type { RunState } from './state.ts';

type Item =
  | { readonly kind: 'create'; readonly request: NewProcess; readonly done: Deferred<void> }
  | {
      readonly kind: 'event';
      readonly process: NodeId;
      readonly event: EngineEvent;
      readonly consumed: string | null;
      readonly inboxKey: number | null;
      readonly done: Deferred<void> | null;
    };

/** Why the engine does not get on, when it does not: the disk is full, another connection writes. */
export interface EngineTrouble {
  readonly error: ErrorInfo;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** So long another connection may write before a person hears of it. */
const busyIsTroubleMs = 2000;

const closing = (): StemmaError =>
  new StemmaError({ family: 'user', code: 'cancelled', message: 'Stemma is closing.' });

/** States that are read, and effects that are taken up, in one turn of the event loop. */
const readAtOnce = 500;

const goesAway: ReadonlySet<string> = new Set(['database-busy', 'disk-full']);

/**
 * The one that decides: events go through the transitions, states and effects are stored together, and what was stored
 * is then done. It survives being killed at any point: what is not committed has not happened, and effects are done
 * again.
 */
export class Engine {
  readonly #deps: EngineDeps;
  readonly #states = new Map<NodeId, RunState>();
  readonly #byUuid = new Map<Uuid, NodeId>();
  readonly #effects: LiveEffects;
  readonly #codes: CodeRuns;
  readonly #ends = new Map<Uuid, Deferred<void>[]>();
  readonly #memory: Memory;
  #queue: Item[] = [];
  #pumping = false;
  #batchLimit = mostTogether;
  #stopped = true;
  #loaded = false;
  #trouble: EngineTrouble | null = null;
  #busySince: number | null = null;

  /** Errors of the engine itself, for the log. */
  readonly errors = new Emitter<unknown>();
  readonly troubles = new Emitter<EngineTrouble | null>();

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#effects = new LiveEffects(
      deps.clock,
      (live) => this.#mayStart(live),
      (live, signal) => this.#run(live, signal),
    );
    this.#codes = new CodeRuns(deps, (process, event) => this.#send(process, event, null));
    this.#memory = {
      state: (process) => this.#states.get(process),
      spec: (plugin) => this.spec(plugin),
      effectKeys: (process) => this.#effects.keysOf(process),
      setState: (process, state, uuid) => this.#setState(process, state, uuid),
      addEffect: (...effect) => this.#effects.add(...effect),
      removeEffect: (key) => this.#effects.remove(key),
      suspendEffects: (process) => this.#effects.suspend(process),
      resumeEffects: (process) => this.#resume(process),
      answer: (process, told) => this.#codes.answer(process, told),
    };
  }

  get trouble(): EngineTrouble | null {
    return this.#trouble;
  }

  /**
   * Reads every process that had not ended, in pieces between which others get their turn. Without it `start` reads all
   * at once.
   */
  async load(): Promise<void> {
    const { store, clock } = this.#deps;
    for (let after = 0 as NodeId; ;) {
      const runs = store.runs(after, readAtOnce);
      for (const run of runs) this.#takeUp(run);
      const last = runs.at(-1);
      if (last === undefined || last.process <= after) break;
      after = last.process;
      await new Promise<void>((resolve) => clock.after(0, resolve));
    }
    this.#loaded = true;
  }

  /** Takes up every process that had not ended, and does again what was promised. */
  start(): void {
    const { store, clock } = this.#deps;
    this.#stopped = false;
    if (!this.#loaded) for (const run of store.runs()) this.#takeUp(run);
    // in the order of their time: of two pauses that ended while we were away the shorter one ended first
    const promised = store.effects().toSorted((a, b) => a.notBefore - b.notBefore);
    const effects = promised.map((one) => ({ ...one, effect: JSON.parse(one.payload) as Effect }));
    const many = effects.length > readAtOnce;
    // those that are in a queue are known before others ask for a place in it
    if (many) effects.sort((a, b) => Number(b.effect.kind === 'watch') - Number(a.effect.kind === 'watch'));
    for (const { process, effect, notBefore } of effects) {
      // what waited for a person is tried once again: they may have acted while we were away
      const waits = effect.kind !== 'wake' && this.#states.get(process)?.retry?.needsPerson === true;
      const forPerson = notBefore >= never || waits;
      this.#effects.add(process, effect, forPerson ? clock.now() : notBefore, null, many);
    }
    for (const { key, process, event } of store.inbox()) this.#enqueueInbox(key, process, event);
  }

  /** Stops doing anything; everything that was promised stays so. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#effects.stop();
    const gone = closing();
    this.#codes.stop(gone);
    for (const item of this.#queue) item.done?.reject(gone);
    this.#queue = [];
    for (const waiting of this.#ends.values()) for (const end of waiting) end.reject(gone);
    this.#ends.clear();
  }

  /** Resolves once the process is stored and promised. @throws StemmaError `bad-input`, … */
  launch(request: NewProcess): Promise<void> {
    const done = deferred<void>();
    this.#enqueue({ kind: 'create', request, done });
    return done.promise;
  }

  /** @returns false where the process has ended or is none of ours */
  async tell(uuid: Uuid, event: EngineEvent): Promise<boolean> {
    const process = this.#byUuid.get(uuid);
    if (process === undefined) return false;
    const done = deferred<void>();
    this.#enqueue({ kind: 'event', process, event, consumed: null, inboxKey: null, done });
    await done.promise;
    return true;
  }

  /** Everything that waits for this computer tries again now: a person signed in, resumed it, or asked. */
  retryComputer(computer: Uuid): void {
    for (const [process, state] of this.#states) {
      if (state.kind !== 'job' || state.computer !== computer || state.retry === null) continue;
      this.#send(process, { kind: 'retry-now' }, null);
    }
  }

  /** The computer answers again: what failed because it did not goes on, and what may have passed is tried. */
  computerReached(computer: Uuid): void {
    for (const [process, state] of this.#states) {
      if (state.kind !== 'job' || state.computer !== computer || state.retry === null) continue;
      if (mayBeOverThere(state.retry.code)) this.#send(process, { kind: 'retry-now' }, null);
    }
  }

  /** The disk has room again: what waited for that goes on. */
  roomAgain(): void {
    for (const [process, { retry }] of this.#states) {
      if (retry !== null && isLackOfRoom(retry.code)) this.#send(process, { kind: 'retry-now' }, null);
    }
  }

  state(uuid: Uuid): RunState | null {
    const process = this.#byUuid.get(uuid);
    return process === undefined ? null : (this.#states.get(process) ?? null);
  }

  states(): IterableIterator<RunState> {
    return this.#states.values();
  }

  /** Resolves when the process ends; at once when it has. */
  ended(uuid: Uuid): Promise<void> {
    if (!this.#byUuid.has(uuid)) return Promise.resolve();
    if (this.#stopped) return Promise.reject(closing());
    const end = deferred<void>();
    const waiting = this.#ends.get(uuid);
    if (waiting === undefined) this.#ends.set(uuid, [end]);
    else waiting.push(end);
    return end.promise;
  }

  /** The specification of a plugin; an empty one for what is not installed here (any more). */
  spec(plugin: string): ProcessSpec {
    const found = this.#deps.plugins.specs().find((spec) => spec.id === plugin);
    if (found !== undefined) return found;
    const empty = { kind: 'namespace', ports: {}, required: true, help: '', dynamic: ['data'] } as const;
    return {
      id: plugin,
      kind: 'calculation-function',
      label: plugin,
      processType: plugin,
      summary: '',
      version: '',
      inputs: empty,
      outputs: empty,
      exitCodes: [],
    };
  }

  // ------------------------------------------------------------------------------------------- memory

  #takeUp({ process, state }: RunRecord): void {
    const run = JSON.parse(state) as RunState;
    this.#states.set(process, run);
    this.#byUuid.set(run.uuid, process);
  }

  #setState(process: NodeId, state: RunState | null, uuid: Uuid | null): void {
    if (state !== null) {
      this.#states.set(process, state);
      this.#byUuid.set(state.uuid, process);
      return;
    }
    this.#states.delete(process);
    this.#codes.forget(process);
    if (uuid === null) return;
    this.#byUuid.delete(uuid);
    for (const end of this.#ends.get(uuid) ?? []) end.resolve();
    this.#ends.delete(uuid);
  }

  #resume(process: NodeId): void {
    this.#effects.resume(process);
    this.#codes.askAgain(process);
  }

  #mayStart({ process, effect }: LiveEffect): boolean {
    if (this.#stopped) return false;
    const state = this.#states.get(process);
    return state !== undefined && (!state.paused || beginsInPause(effect.kind));
  }

  // ------------------------------------------------------------------------------------------- effects

  async #run(live: LiveEffect, signal: AbortSignal): Promise<void> {
    const { process, key, effect } = live;
    // never in the same turn: the commit that promised this effect may still be at work
    await Promise.resolve();
    try {
      const state = this.#states.get(process);
      if (state === undefined || signal.aborted) return;
      if (effect.kind === 'workflow') this.#codes.beginsAnew(process);
      const inputs = live.inputs ?? this.#inputs(process, effect);
      const event = await perform(this.#deps, effect, {
        state,
        inputs,
        signal,
        isPaused: () => this.#states.get(process)?.paused === true,
        emit: (emitted) => {
          if (!signal.aborted) this.#send(process, emitted, null);
        },
        ask: (ask) => this.#codes.ask(process, ask),
        restarted: () => this.#codes.beginsAnew(process),
        idle: () => this.#codes.idle(process),
      });
      if (!signal.aborted) this.#send(process, this.#codes.sameCode(process, event), key);
    } catch (error) {
      if (signal.aborted) return;
      const info = errorInfo(error);
      if (info.family === 'unexpected') this.errors.emit(error);
      this.#send(process, { kind: 'failed', error: info, roll: this.#deps.random.next() }, key);
    }
  }

  #inputs(process: NodeId, effect: Effect): PluginInputs {
    if (!['prepare', 'parse', 'function', 'workflow'].includes(effect.kind)) return {};
    return this.#deps.store.read((reads) => inputsOf(reads, process, this.#deps.computers));
  }

  // -------------------------------------------------------------------------------------------- queue

  #send(process: NodeId, event: EngineEvent, consumed: string | null): void {
    this.#enqueue({ kind: 'event', process, event, consumed, inboxKey: null, done: null });
  }

  #enqueueInbox(inboxKey: number, process: NodeId, event: string): void {
    const parsed = JSON.parse(event) as EngineEvent;
    this.#enqueue({ kind: 'event', process, event: parsed, consumed: null, inboxKey, done: null });
  }

  #enqueue(item: Item): void {
    if (this.#stopped) {
      item.done?.reject(closing());
      return;
    }
    this.#queue.push(item);
    this.#schedule(0);
  }

  #schedule(delayMs: number): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#deps.clock.after(delayMs, () => {
      this.#pumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#stopped) return;
    const items = this.#queue.splice(0, this.#batchLimit);
    if (items.length === 0) return;
    const { clock } = this.#deps;
    const started = clock.monotonic();
    try {
      const done = this.#commit(items);
      this.#queue.unshift(...items.slice(done));
      this.#setTrouble(null);
      this.#batchLimit = nextBatchLimit(this.#batchLimit, done, clock.monotonic() - started);
    } catch (error) {
      if (this.#storeIsBusy(error)) {
        this.#putBack(items, error);
        return;
      }
      this.#oneByOne(items, items.length === 1 ? error : null);
    }
    if (this.#queue.length > 0) this.#schedule(0);
  }

  /** Waits where the whole store cannot write now; nothing is lost, because nothing was promised. */
  #storeIsBusy(error: unknown): boolean {
    const delayMs = storeDelay(error);
    if (delayMs === null || !(error instanceof StemmaError)) return false;
    const now = this.#deps.clock.monotonic();
    this.#busySince ??= now;
    // a moment of another writer is no trouble; a program that holds the database is
    if (error.code !== 'database-busy' || now - this.#busySince >= busyIsTroubleMs) this.#setTrouble(error);
    this.#schedule(delayMs);
    return true;
  }

  /**
   * What happened is written later. Whoever waits for an answer waits with it where the cause goes by itself or by
   * making room, and hears of any other at once.
   */
  #putBack(items: readonly Item[], error: unknown): void {
    const waits = error instanceof StemmaError && goesAway.has(error.code);
    for (const item of items) if (!waits) item.done?.reject(error);
    this.#queue.unshift(...items.filter(({ done }) => waits || done === null));
  }

  #setTrouble(error: StemmaError | null): void {
    if (error === null) this.#busySince = null;
    if (error === null && this.#trouble === null) return;
    if (error !== null && this.#trouble?.error.code === error.code) return;
    this.#trouble = error === null ? null : { error: errorInfo(error), since: this.#deps.clock.now() };
    this.troubles.emit(this.#trouble);
  }

  /** @returns how many were committed: the first ones, as many as the time of one frame had room for */
  #commit(items: readonly Item[], followAtOnce?: number): number {
    const { store, clock } = this.#deps;
    const over = clock.monotonic() + wantedMs;
    let done = 0;
    const batch = store.transaction((tx) => {
      const batch = new Batch(tx, this.#deps, this.#memory, followAtOnce);
      for (const item of items) {
        if (done > 0 && clock.monotonic() > over) break;
        done++;
        if (item.kind === 'create') batch.create(item.request);
        else batch.apply(item.process, item.event, item.consumed);
        if (item.kind === 'event' && item.inboxKey !== null) tx.removeInbox(item.inboxKey);
      }
      batch.finish();
      return batch;
    });
    batch.commit();
    for (const item of items.slice(0, done)) item.done?.resolve();
    for (const { key, process, event } of batch.leftOver) this.#enqueueInbox(key, process, event);
    return done;
  }

  /** One bad event must not take its batch with it: each again by itself, in their order, and the bad one answered. */
  #oneByOne(items: readonly Item[], known: unknown): void {
    for (const [index, item] of items.entries()) {
      let error = known ?? this.#alone(item);
      // the fault may be another process's, which hears of it: what follows is then an event of its own
      if (error !== null && storeDelay(error) === null) error = this.#alone(item, 0);
      if (error === null) continue;
      if (this.#storeIsBusy(error)) {
        this.#putBack(items.slice(index), error);
        return;
      }
      this.#answerBad(item, error);
    }
  }

  /** @returns why it cannot be committed; null where it is */
  #alone(item: Item, followAtOnce?: number): unknown {
    try {
      this.#commit([item], followAtOnce);
      return null;
    } catch (error) {
      return error;
    }
  }

  #answerBad(item: Item, error: unknown): void {
    if (item.done !== null) {
      item.done.reject(error);
      return;
    }
    if (item.kind === 'create') return;
    this.#refuse(item, error);
  }

  #refuse(item: Extract<Item, { kind: 'event' }>, error: unknown): void {
    const { process, event, consumed, inboxKey } = item;
    const info = errorInfo(error);
    if (info.family === 'unexpected') this.errors.emit(error);
    if (event.kind === 'child-ended') {
      const refused = { ...event, kind: 'child-refused', error: info } as const;
      this.#enqueue({ kind: 'event', process, event: refused, consumed, inboxKey, done: null });
      return;
    }
    if (event.kind === 'asked' && event.ask.kind === 'call') {
      // recorded, so that the code is told the same when it runs again
      this.#send(process, { kind: 'refused', ask: event.ask, error: info }, null);
      return;
    }
    if (event.kind === 'asked') {
      this.#codes.refuse(process, labelOf(event.ask), error);
      return;
    }
    // an outcome that the store refuses is a defect of the plugin: the process ends and says so
    const outcome = { kind: 'threw', error: info.message, stack: info.details ?? info.message } as const;
    if (event.kind === 'ran' && event.outcome.kind !== 'threw') {
      this.#send(process, { kind: 'ran', outcome }, consumed);
    } else if (event.kind === 'workflow-ended' && event.outcome.kind !== 'threw') {
      this.#send(process, { kind: 'workflow-ended', outcome }, consumed);
    } else if (event.kind !== 'failed' && consumed !== null) {
      this.#send(process, { kind: 'failed', error: info, roll: this.#deps.random.next() }, consumed);
    } else {
      this.errors.emit(error);
    }
  }
}
