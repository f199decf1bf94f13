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

/** A short round (`--smoke`): each benchmark runs to its end with little of everything, and nobody reads its figures. */
export const isSmoke = process.env['STEMMA_BENCH_SMOKE'] === 'yes';

/** How much of something a benchmark takes. @param little in a short round */
export const sized = (full: number, little: number): number => (isSmoke ? little : full);

/** Numbers of the runs that are made; the first one, -1, is not counted, and is left out of a short round. */
export const runsOf = (counted: number): readonly number[] =>
  isSmoke ? [0] : Array.from({ length: counted + 1 }, (_, at) => at - 1);

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
  for (const run of runsOf(what.runs ?? 5)) {
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
  for (const run of runsOf(what.runs ?? 5)) {
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
