import { Worker } from 'node:worker_threads';
import type { Plant } from './plants/plant.ts';
import type { SeedReport } from './run-seed.ts';
import type { SeedWorkerData } from './seed-worker.ts';

type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'report'; readonly report: SeedReport };

export interface CrewOptions {
  readonly root: string;
  readonly workers: number;
  readonly plant: Plant | null;
  readonly verbose: boolean;
  /** @returns whether to go on */
  readonly onReport: (report: SeedReport) => boolean;
  readonly onLine?: (line: string) => void;
}

/**
 * A thread is replaced after so many seeds: what a killed core of a world still waits for is never let go, because Node
 * keeps a combined AbortSignal that somebody listens to.
 */
const seedsOfAThread = 200;

/** Threads that share the seeds. Rejects where a thread cannot be started, or dies. */
export async function runCrew(seeds: Iterator<number>, options: CrewOptions): Promise<void> {
  const open = { going: true };
  const next = (): number | null => {
    const seed = open.going ? seeds.next() : null;
    if (seed !== null && seed.done !== true) return seed.value;
    open.going = false;
    return null;
  };
  const stop = (): void => {
    open.going = false;
  };
  const work = async (): Promise<void> => {
    while (open.going) await oneThread(next, stop, options);
  };
  await Promise.all(Array.from({ length: options.workers }, work));
}

function oneThread(
  next: () => number | null,
  stop: () => void,
  { root, plant, verbose, onReport, onLine }: CrewOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const data: SeedWorkerData = { root, plant, verbose };
    const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData: data });
    let left = seedsOfAThread;
    worker.on('message', (message: Message) => {
      if (message.kind === 'line') onLine?.(message.line);
      else {
        if (message.kind === 'report' && !onReport(message.report)) stop();
        worker.postMessage(left-- > 0 ? next() : null);
      }
    });
    worker.once('error', reject);
    worker.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`A thread ended with ${code}.`)),
    );
  });
}
