import type { ComputerConfig } from '#shared/contract/areas/computers.ts';
import { direct, directHere } from './direct/direct.ts';
import type { Scheduler, SchedulerType } from './scheduler.ts';
import { slurm } from './slurm/slurm.ts';

export const schedulers: Readonly<Record<SchedulerType, Scheduler>> = {
  'core.direct': direct,
  'core.slurm': slurm,
};

/** On this machine `core.direct` looks at processes by itself; elsewhere it asks a shell. */
export const schedulerOf = ({
  scheduler,
  transport,
}: Pick<ComputerConfig, 'scheduler' | 'transport'>): Scheduler =>
  scheduler === 'core.direct' && transport.type === 'core.local' ? directHere : schedulers[scheduler];
