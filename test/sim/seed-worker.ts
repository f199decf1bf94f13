/** A thread that runs seeds, one after the other, with the code as it is or with one fault planted into it. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadPlanted } from './plants/load-planted.ts';
import type { Plant } from './plants/plant.ts';

export interface SeedWorkerData {
  readonly root: string;
  readonly plant: Plant | null;
  /** Each line is sent as it comes. */
  readonly verbose: boolean;
}

const { root, plant, verbose } = workerData as SeedWorkerData;
const port = parentPort;
if (port === null) throw new Error('This is a thread');
if (plant !== null) loadPlanted(plant, root);

const { runSeed } = await import('./run-seed.ts');
const { ProfileDisk } = await import('./world/profile.ts');

const disk = new ProfileDisk();
const show = verbose ? (line: string): void => port.postMessage({ kind: 'line', line }) : null;

port.on('message', (seed: number | null) => {
  if (seed === null) {
    disk.dispose();
    port.close();
    return;
  }
  void runSeed(seed, disk, show).then((report) => port.postMessage({ kind: 'report', report }));
});
port.postMessage({ kind: 'ready' });
