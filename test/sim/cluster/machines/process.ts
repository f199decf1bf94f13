import type { Clock } from '#shared/base/clock.ts';
import type { RemoteFolder } from '../files/nodes.ts';
import type { Machine } from './machine.ts';

export type Signal = 'HUP' | 'INT' | 'QUIT' | 'USR1' | 'USR2' | 'PIPE' | 'TERM' | 'KILL' | 'XCPU' | 'CONT';

export const signalNumbers: Readonly<Record<Signal, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  TERM: 15,
  CONT: 18,
  XCPU: 24,
};

/** What a running program waits for. */
export type Effect =
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'child'; readonly process: Process }
  /** Something is about to be changed: others may act before it, and a fault may strike. */
  | { readonly kind: 'step' };

/** Runs until it waits. */
export type Running<T> = Generator<Effect, T, undefined>;

/** Ends with an exit status. */
export type Program = Running<number>;

/** What a process is part of, for the truth. */
export interface JobOfProcess {
  readonly token: string;
  readonly jobId: string;
  readonly restart: number;
  readonly directory: string;
  /** Exit status of its programs where a fault wants one. */
  readonly exitStatus: number | null;
  /** One of its programs begins. @returns how many milliseconds it takes */
  begin(program: Process): number;
}

export interface ProcessOptions {
  readonly machine: Machine;
  readonly pid: number;
  readonly group: number;
  readonly name: string;
  readonly cwd: RemoteFolder;
  readonly stepMs: () => number;
}

const stepEffect: Effect = { kind: 'step' };
export const step = (): Effect => stepEffect;

/** A running program, known by its number on its machine. */
export class Process {
  readonly machine: Machine;
  readonly pid: number;
  readonly name: string;
  /** Milliseconds since the machine booted. */
  readonly started: number;
  readonly #clock: Clock;
  readonly #stepMs: () => number;
  /** Signals to it go to all that have the same. */
  group: number;
  cwd: RemoteFolder;
  job: JobOfProcess | null = null;
  /** `NAME=value`, of what somebody looks at. */
  environment: readonly string[] = [];
  /** Signals that do nothing. */
  readonly ignored = new Set<Signal>();
  /** Signals that the program handles itself. */
  readonly handled = new Set<Signal>();
  /** Came and were not handled yet. */
  readonly pending: Signal[] = [];
  /** Ends, killed, before that many steps; null: never. */
  killAtStep: number | null = null;
  exitStatus: number | null = null;
  wasKilled = false;
  #program: Program | null = null;
  #cancel: (() => void) | null = null;
  #onEnd: ((process: Process) => void)[] = [];

  constructor({ machine, pid, group, name, cwd, stepMs }: ProcessOptions, clock: Clock) {
    this.machine = machine;
    this.pid = pid;
    this.group = group;
    this.name = name;
    this.cwd = cwd;
    this.#clock = clock;
    this.#stepMs = stepMs;
    this.started = machine.uptime;
  }

  get hasEnded(): boolean {
    return this.exitStatus !== null;
  }

  run(program: Program): void {
    this.#program = program;
    this.#go();
  }

  onEnd(run: (process: Process) => void): void {
    if (this.hasEnded) run(this);
    else this.#onEnd.push(run);
  }

  /** Delivers a signal, as `kill` does. */
  signal(name: Signal): void {
    if (this.hasEnded || name === 'CONT' || this.ignored.has(name)) return;
    if (name !== 'KILL' && this.handled.has(name)) this.pending.push(name);
    else this.end(128 + signalNumbers[name], true);
  }

  end(status: number, killed = false): void {
    if (this.hasEnded) return;
    this.exitStatus = status;
    this.wasKilled = killed;
    this.#cancel?.();
    this.#program = null;
    this.machine.forget(this);
    const waiting = this.#onEnd;
    this.#onEnd = [];
    for (const run of waiting) run(this);
  }

  #go(): void {
    while (this.#program !== null) {
      const program = this.#program;
      const next = this.#next(program);
      if (next === null) return;
      const { done, value } = next;
      // it may have been ended by what it did itself
      if (this.hasEnded) return;
      if (done === true) {
        this.end(value);
        return;
      }
      switch (value.kind) {
        case 'step': {
          if (this.killAtStep !== null && this.killAtStep-- <= 0) {
            this.end(137, true);
            return;
          }
          const ms = this.#stepMs();
          if (ms === 0) continue;
          this.#wake(ms);
          return;
        }
        case 'sleep':
          this.#wake(value.ms);
          return;
        case 'child':
          if (value.process.hasEnded) continue;
          value.process.onEnd(() => this.#go());
          return;
      }
    }
  }

  #next(program: Program): IteratorResult<Effect, number> | null {
    try {
      return program.next();
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.machine.defect(error);
      this.end(70, true);
      return null;
    }
  }

  #wake(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      this.#cancel = null;
      this.#go();
    });
  }
}
