import type { Plant } from './plant.ts';
import { atTheComputer } from './at-the-computer.ts';
import { inTheEngine } from './in-the-engine.ts';
import { inWhatPeopleUse } from './in-what-people-use.ts';
import { inWorkflows } from './in-workflows.ts';

/** Each is one way to lose a job, to run one twice, to wait without saying why, or to say what is not so. */
export const plants: readonly Plant[] = [
  ...atTheComputer,
  ...inTheEngine,
  ...inWhatPeopleUse,
  ...inWorkflows,
];
