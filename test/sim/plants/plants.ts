import type { Plant } from './plant.ts';
import { atTheComputer } from './at-the-computer.ts';
import { inTheEngine } from './in-the-engine.ts';

/** Each is one way to lose a job, to run one twice, or to wait without saying why. */
export const plants: readonly Plant[] = [...atTheComputer, ...inTheEngine];
