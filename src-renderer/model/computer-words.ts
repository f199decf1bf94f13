import type { AppStatus } from '#shared/contract/areas/app.ts';
import type { ComputerRow } from '#shared/contract/areas/computers.ts';
import type { ComputerState } from '../design/connection-looks.ts';

/** What is shown of a computer in one word: the connection, unless there is a reason for none. */
export function computerState(
  row: Pick<ComputerRow, 'uuid' | 'enabled' | 'configured'>,
  status: Pick<AppStatus, 'computers'> | undefined,
): ComputerState {
  if (!row.configured) return 'not-set-up';
  if (!row.enabled) return 'disabled';
  return status?.computers.find(({ uuid }) => uuid === row.uuid)?.connection ?? 'idle';
}

const schedulers: Readonly<Record<string, string>> = {
  'core.direct': 'none, run directly',
  'core.slurm': 'Slurm',
  // As the queue page is told it.
  direct: 'none, run directly',
};

/** `Slurm`; the entry point itself for what this version does not know. */
export const schedulerWords = (type: string): string => schedulers[type] ?? type;

const transports: Readonly<Record<string, string>> = {
  'core.local': 'this machine',
  'core.ssh': 'SSH',
};

/** `SSH`; the entry point itself for what this version does not know. */
export const transportWords = (type: string): string => transports[type] ?? type;
