import { direct } from './direct/direct.ts';
import type { Scheduler, SchedulerType } from './scheduler.ts';
import { slurm } from './slurm/slurm.ts';

export const schedulers: Readonly<Record<SchedulerType, Scheduler>> = {
  'core.direct': direct,
  'core.slurm': slurm,
};
