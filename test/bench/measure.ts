/**
 * How a benchmark tells what it measured: one JSON line on stdout for each thing, which `npm run bench` collects.
 * Everything else it has to say goes to stderr.
 */
export interface Measurement {
  /** What, in words: `nodes and links written`. */
  readonly name: string;
  /** `nodes/s`, `ms`, `MB/s` … */
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly samples: readonly number[];
}

export function report(measurement: Measurement): void {
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}

/** Runs `work` some times (after one run that is not counted) and reports how many units each second took. */
export async function measureRate(
  what: { readonly name: string; readonly unit: string; readonly runs?: number },
  count: number,
  work: (run: number) => unknown,
): Promise<void> {
  const samples: number[] = [];
  for (let run = -1; run < (what.runs ?? 5); run++) {
    const ms = await timed(() => work(run));
    if (run >= 0) samples.push((count / ms) * 1000);
  }
  report({ name: what.name, unit: what.unit, better: 'more', samples });
}

/** Runs `work` some times (after one run that is not counted) and reports the milliseconds that each took. */
export async function measureTime(
  what: { readonly name: string; readonly runs?: number },
  work: (run: number) => unknown,
): Promise<void> {
  const samples: number[] = [];
  for (let run = -1; run < (what.runs ?? 5); run++) {
    const ms = await timed(() => work(run));
    if (run >= 0) samples.push(ms);
  }
  report({ name: what.name, unit: 'ms', better: 'less', samples });
}

async function timed(work: () => unknown): Promise<number> {
  // What the run before left behind is not this one's cost.
  globalThis.gc?.();
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return (low + high) / 2;
}
