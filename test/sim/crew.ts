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

/** Threads that share the seeds. Rejects where a thread cannot be started, or dies. */
export function runCrew(seeds: Iterator<number>, options: CrewOptions): Promise<void> {
  const { root, workers, plant, verbose, onReport, onLine } = options;
  let going = true;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const data: SeedWorkerData = { root, plant, verbose };
      const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData: data });
      const next = (): void => {
        const seed = going ? seeds.next() : { done: true as const, value: undefined };
        worker.postMessage(seed.done === true ? null : seed.value);
      };
      worker.on('message', (message: Message) => {
        if (message.kind === 'line') onLine?.(message.line);
        else {
          if (message.kind === 'report' && !onReport(message.report)) going = false;
          next();
        }
      });
      worker.once('error', reject);
      worker.once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`A thread ended with ${code}.`)),
      );
    });
  return Promise.all(Array.from({ length: workers }, work)).then(() => {});
}
