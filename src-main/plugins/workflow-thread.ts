import { deferred, type Deferred } from '#shared/base/deferred.ts';
import { errorInfo, operationalError, StemmaError } from '#shared/base/errors.ts';
import type {
  ObjectStore,
  PluginInputs,
  WorkflowAnswer,
  WorkflowAsk,
  WorkflowHooks,
  WorkflowOutcome,
} from '../engine/ports.ts';
import type { PluginLimits } from './limits.ts';
import type { FromWorker } from './protocol.ts';
import { PluginThread, type Death } from './worker-thread.ts';

interface Running {
  readonly id: number;
  readonly plugin: string;
  readonly inputs: PluginInputs;
  readonly asks: (ask: WorkflowAsk) => Promise<WorkflowAnswer>;
  readonly outcome: Deferred<WorkflowOutcome>;
  readonly hooks: WorkflowHooks;
  /** How many answers its thread was sent. */
  answers: number;
}

/** So many threads in a row that cannot even load their plugins: the next would not either. */
const mostStillborn = 3;

const noHooks: WorkflowHooks = { restarted: () => {}, idle: () => {} };

/**
 * One thread for all workflows, because they mostly wait. When it stops answering, the workflow whose code ran last is
 * the one that never gave back: it is stopped, and the others run again from their first line, which they can.
 */
export class WorkflowThread {
  readonly #make: () => PluginThread;
  readonly #limits: PluginLimits;
  readonly #running = new Map<number, Running>();
  #thread: PluginThread | null = null;
  #watchdog: NodeJS.Timeout | null = null;
  #beat = 0;
  #answered = 0;
  #isReady = false;
  /** Threads in a row that ended before they had loaded their plugins. */
  #stillborn = 0;
  /** Until the next thread is tried. */
  #pause: NodeJS.Timeout | null = null;
  #silentMs = 0;
  #nextId = 1;
  #closed = false;

  constructor(modules: readonly string[], limits: PluginLimits, objects: ObjectStore) {
    this.#limits = limits;
    this.#make = () => new PluginThread(modules, limits.memoryMb, objects);
  }

  run(
    plugin: string,
    inputs: PluginInputs,
    asks: Running['asks'],
    signal: AbortSignal,
    hooks = noHooks,
  ): Promise<WorkflowOutcome> {
    const id = this.#nextId++;
    const running: Running = {
      id,
      plugin,
      inputs,
      asks,
      outcome: deferred<WorkflowOutcome>(),
      hooks,
      answers: 0,
    };
    const onAbort = (): void => {
      this.#running.delete(id);
      this.#thread?.send({ kind: 'abort', id });
      running.outcome.reject(signal.reason);
      this.#rest();
    };
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#running.set(id, running);
    this.#start(running);
    return running.outcome.promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#endPause();
    this.#running.clear();
    this.#rest();
    await this.#thread?.end();
  }

  #start(running: Running): void {
    if (this.#pause !== null) return;
    const { id, plugin, inputs } = running;
    this.#current().send({ kind: 'run', id, task: { kind: 'workflow', plugin, inputs, slot: id } });
    this.#watch();
  }

  #current(): PluginThread {
    if (this.#thread !== null) return this.#thread;
    const thread = this.#make();
    this.#thread = thread;
    this.#isReady = false;
    const begin = (): void => {
      if (this.#thread !== thread) return;
      this.#isReady = true;
      this.#stillborn = 0;
    };
    // a thread that cannot load its modules dies, which is heard below
    thread.ready.then(begin, () => {});
    thread.onMessage = (message) => this.#hear(message);
    thread.onDeath = (death) => this.#onDeath(death);
    return thread;
  }

  #hear(message: Exclude<FromWorker, { kind: 'ready' | 'read' }>): void {
    switch (message.kind) {
      case 'pong':
        this.#answered = message.beat;
        return;
      case 'result': {
        const running = this.#running.get(message.id);
        if (running === undefined) return;
        this.#running.delete(message.id);
        const { result } = message;
        if (result.kind === 'core-failed') running.outcome.reject(new StemmaError(result.error));
        else running.outcome.resolve(result as WorkflowOutcome);
        this.#rest();
        return;
      }
      case 'ask': {
        const running = this.#running.get(message.id);
        if (running !== undefined) void this.#ask(running, message.number, message.ask);
        return;
      }
      case 'idle': {
        const running = this.#running.get(message.id);
        // else an answer is on its way to it
        if (running?.answers === message.answers) running.hooks.idle();
        return;
      }
    }
  }

  async #ask(running: Running, number: number, ask: WorkflowAsk): Promise<void> {
    const { id } = running;
    // the numbers of asks belong to one thread: an answer must never reach the thread that took its place
    const thread = this.#thread;
    try {
      const answer = await running.asks(ask);
      if (thread === this.#thread) running.answers++;
      thread?.send({ kind: 'answer', id, ask: number, answer });
    } catch (error) {
      if (thread === this.#thread) running.answers++;
      thread?.send({ kind: 'refusal', id, ask: number, error: errorInfo(error) });
    }
  }

  #watch(): void {
    if (this.#watchdog !== null) return;
    this.#answered = this.#beat;
    this.#silentMs = 0;
    const everyMs = Math.min(1000, this.#limits.workflowMs / 4);
    this.#watchdog = setInterval(() => this.#check(everyMs), everyMs);
    this.#watchdog.unref();
  }

  /**
   * Silence is counted in turns of this thread, not by the clock: when the machine slept, or this thread was busy itself,
   * an answer may lie there that nobody has heard yet. What a thread needs to load its modules is no workflow's time.
   */
  #check(everyMs: number): void {
    if (!this.#isReady) return;
    if (this.#answered < this.#beat) {
      this.#silentMs += everyMs;
      if (this.#silentMs > this.#limits.workflowMs) {
        const seconds = this.#limits.workflowMs / 1000;
        const message = `The workflow did not give back for more than ${seconds} s between two steps and was stopped.`;
        this.#stopLast({ why: 'time', message });
      }
      return;
    }
    this.#silentMs = 0;
    this.#thread?.send({ kind: 'ping', beat: ++this.#beat });
  }

  #onDeath(death: Death): void {
    if (this.#closed) return;
    if (this.#isReady) this.#stopLast(death);
    else this.#tryLater(death);
  }

  /** No workflow has run in it: none is guilty, and none may end for it. */
  #tryLater({ message }: Death): void {
    this.#thread = null;
    this.#stillborn++;
    if (this.#stillborn < mostStillborn) {
      this.#pause = setTimeout(
        () => {
          this.#endPause();
          this.#startAll();
        },
        this.#limits.reloadMs * 2 ** (this.#stillborn - 1),
      );
      return;
    }
    const error = operationalError({
      code: 'plugins-not-loaded',
      message: `The thread for workflows ended before it had loaded the plugins, ${this.#stillborn} times in a row. ${message}`,
      hint: 'If Stemma or a plugin was replaced or removed while it runs, restart it. No workflow has ended by this.',
    });
    const failed = [...this.#running.values()];
    this.#running.clear();
    for (const { outcome } of failed) outcome.reject(error);
    this.#rest();
  }

  #endPause(): void {
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = null;
  }

  #stopLast(why: { readonly why: 'time' | 'memory' | 'crash'; readonly message: string }): void {
    const thread = this.#thread;
    const guilty = this.#running.get(thread?.lastSlot ?? -1);
    void thread?.end();
    this.#thread = null;
    this.#answered = this.#beat;
    this.#silentMs = 0;
    if (guilty !== undefined) {
      this.#running.delete(guilty.id);
      guilty.outcome.resolve({ kind: 'stopped', ...why });
    }
    this.#startAll();
  }

  /** In a thread that is new to all of them. */
  #startAll(): void {
    for (const running of this.#running.values()) {
      // its asks were of the thread that is gone; it asks all of them again
      running.answers = 0;
      running.hooks.restarted();
      this.#start(running);
    }
    this.#rest();
  }

  #rest(): void {
    if (this.#running.size > 0 || this.#watchdog === null) return;
    clearInterval(this.#watchdog);
    this.#watchdog = null;
  }
}
