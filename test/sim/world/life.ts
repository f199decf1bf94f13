import type { Clock } from '#shared/base/clock.ts';
import type { VirtualTime } from '../time/virtual-time.ts';

/** What is thrown into code whose process has just been killed. Nothing that it does afterwards is seen by anybody. */
export class Killed extends Error {
  constructor() {
    super('The process was killed.');
  }
}

/** Never settles: what a dead process waits for. One for each, so that nothing holds what waits. */
const never = (): Promise<never> => new Promise(() => {});

/**
 * One life of the core process: from its start to its end, however that comes. Whatever the core does to the world goes
 * through a point of its life, where it may be killed; a dead core does nothing more.
 */
export class Life {
  readonly #time: VirtualTime;
  readonly #born: number;
  readonly #whenAwake: (() => void)[] = [];
  /** Minutes by which the clock on the wall of the laptop is wrong. */
  wallOffsetMs = 0;
  #dead = false;
  #asleepSince: number | null = null;
  #sleptMs = 0;
  #pointsLeft = Infinity;
  #onKill: (where: string) => void = () => {};

  constructor(time: VirtualTime) {
    this.#time = time;
    this.#born = time.now();
  }

  get isDead(): boolean {
    return this.#dead;
  }

  get isAsleep(): boolean {
    return this.#asleepSince !== null;
  }

  /** The process dies at the k-th point from now; `onKill` hears where. */
  killAfter(points: number, onKill: (where: string) => void): void {
    this.#pointsLeft = points;
    this.#onKill = onKill;
  }

  end(): void {
    this.#dead = true;
  }

  /** @throws Killed where the process is dead, or dies here */
  point(where: string): void {
    if (this.#dead) throw new Killed();
    if (--this.#pointsLeft > 0) return;
    this.#pointsLeft = Infinity;
    this.#dead = true;
    this.#onKill(where);
    throw new Killed();
  }

  /** The same for what waits: a dead process waits for ever. While the machine sleeps, its processes wait. */
  async pass(where: string): Promise<void> {
    if (this.#asleepSince !== null) {
      await new Promise<void>((resolve) => {
        this.#whenAwake.push(resolve);
      });
    }
    try {
      this.point(where);
    } catch {
      await never();
    }
  }

  sleep(): void {
    this.#asleepSince ??= this.#time.now();
  }

  wake(): void {
    if (this.#asleepSince === null) return;
    this.#sleptMs += this.#time.now() - this.#asleepSince;
    this.#asleepSince = null;
    for (const go of this.#whenAwake.splice(0)) go();
  }

  /** The clock that the core has: it stands still while the machine sleeps, and its timers come late. */
  get clock(): Clock {
    return {
      now: () => this.#time.now() + this.wallOffsetMs,
      monotonic: () => this.#monotonic(),
      after: (delayMs, run) => this.#after(delayMs, run),
    };
  }

  #monotonic(): number {
    const until = this.#asleepSince ?? this.#time.now();
    return until - this.#born - this.#sleptMs;
  }

  #after(delayMs: number, run: () => void): () => void {
    const due = this.#monotonic() + Math.max(0, delayMs);
    let cancelled = false;
    let cancel = (): void => {};
    const arm = (): void => {
      if (cancelled || this.#dead) return;
      cancel = this.#time.after(due - this.#monotonic(), fire);
    };
    const fire = (): void => {
      if (cancelled || this.#dead) return;
      if (this.#asleepSince !== null) this.#whenAwake.push(arm);
      else if (this.#monotonic() < due) arm();
      else this.#run(run);
    };
    arm();
    return () => {
      cancelled = true;
      cancel();
    };
  }

  #run(run: () => void): void {
    try {
      this.point('a timer');
      run();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
}
