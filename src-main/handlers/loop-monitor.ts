import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface LoopDelays {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly maxEver: number;
}

/** The resolution of the timer whose delays are measured, in ms; it is taken off again. */
const resolution = 5;

/** How long the main thread keeps others waiting, in ms: it must never block. */
export class LoopMonitor {
  readonly #histogram = monitorEventLoopDelay({ resolution });
  #maxEver = 0;

  constructor() {
    this.#histogram.enable();
  }

  /** Since the last sample. */
  sample(): LoopDelays {
    const ms = (nanoseconds: number): number =>
      Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e6 - resolution) : 0;
    const max = this.#histogram.count === 0 ? 0 : ms(this.#histogram.max);
    this.#maxEver = Math.max(this.#maxEver, max);
    const delays = {
      p50: ms(this.#histogram.percentile(50)),
      p99: ms(this.#histogram.percentile(99)),
      max,
      maxEver: this.#maxEver,
    };
    this.#histogram.reset();
    return delays;
  }

  close(): void {
    this.#histogram.disable();
  }
}
