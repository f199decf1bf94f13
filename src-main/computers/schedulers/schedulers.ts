import type { ComputerConfig } from '#shared/contract/areas/computers.ts';
import { direct, directHere } from './direct/direct.ts';
import type { Scheduler, SchedulerType } from './scheduler.ts';
import { slurm } from './slurm/slurm.ts';

export const schedulers: Readonly<Record<SchedulerType, Scheduler>> = {
  'core.direct': direct,
  'core.slurm': slurm,
};

/** On this machine `core.direct` need not ask which of several login nodes a process is on. */
export const schedulerOf = ({
  scheduler,
  transport,
}: Pick<ComputerConfig, 'scheduler' | 'transport'>): Scheduler =>
  scheduler === 'core.direct' && transport.type === 'core.local' ? directHere : schedulers[scheduler];
