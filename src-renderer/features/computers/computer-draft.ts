import { notInName } from '#shared/process/code-name.ts';
import type { ComputerConfig, ComputerRow, SshHost } from '#shared/contract/areas/computers.ts';
import { writeWords } from './shell-words.ts';

export type Scheduler = ComputerConfig['scheduler'];
type Transport = ComputerConfig['transport']['type'];
export type AuthKind = 'agent' | 'key' | 'password';
export const memoryUnits = { MiB: 1024, GiB: 1024 * 1024 } as const;
export type MemoryUnit = keyof typeof memoryUnits;

export interface JumpDraft {
  host: string;
  port: number | null;
  user: string;
}

/** What stands in the form: nonsense included. Numbers are null while empty and NaN while they are none. */
export interface ComputerDraft {
  label: string;
  description: string;
  transport: Transport;
  host: string;
  port: number | null;
  user: string;
  auth: AuthKind;
  keyPath: string;
  jumps: JumpDraft[];
  scheduler: Scheduler;
  workDirectory: string;
  shebang: string;
  mpirun: string;
  mpiprocs: number | null;
  /** In `memoryUnit`, for one machine. */
  memory: number | null;
  memoryUnit: MemoryUnit;
  prependText: string;
  appendText: string;
  /** Seconds. */
  pollInterval: number | null;
  maxJobs: number | null;
  maxTransfers: number | null;
}

const launchers: Readonly<Record<Scheduler, string>> = {
  'core.slurm': 'srun -n {tot_num_mpiprocs}',
  'core.direct': 'mpirun -np {tot_num_mpiprocs}',
};

/** Seconds: a site's scheduler is asked rarely, this machine may be asked often. */
const intervals: Readonly<Record<Transport, number>> = { 'core.ssh': 10, 'core.local': 1 };

/** A form that nobody has touched: a cluster with Slurm over SSH, as most are. */
export const newDraft = (): ComputerDraft => ({
  label: '',
  description: '',
  transport: 'core.ssh',
  host: '',
  port: 22,
  user: '',
  auth: 'agent',
  keyPath: '',
  jumps: [],
  scheduler: 'core.slurm',
  workDirectory: '{home}/stemma-work',
  shebang: '#!/bin/bash',
  mpirun: launchers['core.slurm'],
  mpiprocs: null,
  memory: null,
  memoryUnit: 'GiB',
  prependText: '',
  appendText: '',
  pollInterval: intervals['core.ssh'],
  maxJobs: null,
  maxTransfers: null,
});

/** @param kB 1024 bytes each */
function memoryDraft(kB: number | null): Pick<ComputerDraft, 'memory' | 'memoryUnit'> {
  if (kB === null) return { memory: null, memoryUnit: 'GiB' };
  const unit: MemoryUnit = kB % memoryUnits.GiB === 0 ? 'GiB' : 'MiB';
  return { memory: kB / memoryUnits[unit], memoryUnit: unit };
}

/** The form of a computer that is set up. */
export function draftOf(config: ComputerConfig): ComputerDraft {
  const { transport } = config;
  const ssh =
    transport.type === 'core.ssh'
      ? {
          host: transport.host,
          port: transport.port,
          user: transport.user,
          auth: transport.auth.kind,
          keyPath: transport.auth.kind === 'key' ? transport.auth.path : '',
          jumps: transport.jumps.map((jump) => ({ ...jump })),
        }
      : {};
  return {
    ...newDraft(),
    label: config.label,
    description: config.description,
    transport: transport.type,
    ...ssh,
    scheduler: config.scheduler,
    workDirectory: config.workDirectory,
    shebang: config.shebang,
    mpirun: writeWords(config.mpirunCommand),
    mpiprocs: config.defaultMpiprocsPerMachine,
    ...memoryDraft(config.defaultMemoryPerMachine),
    prependText: config.prependText,
    appendText: config.appendText,
    pollInterval: config.minimumPollInterval,
    maxJobs: config.maxJobs,
    maxTransfers: config.maxTransfers,
  };
}

/** For a computer that came with an archive: its name is known, how to reach it is not. */
export function draftOfRow(row: ComputerRow): ComputerDraft {
  const local = row.transportType.endsWith('local');
  const draft = withTransport(newDraft(), local ? 'core.local' : 'core.ssh');
  const scheduler = row.schedulerType.endsWith('direct') ? 'core.direct' : 'core.slurm';
  return {
    ...withScheduler(draft, scheduler),
    label: row.label,
    description: row.description,
    host: local ? '' : row.hostname,
  };
}

/** What was left as proposed follows the scheduler; what was typed stays. */
export function withScheduler(draft: ComputerDraft, scheduler: Scheduler): ComputerDraft {
  const mpirun = draft.mpirun === launchers[draft.scheduler] ? launchers[scheduler] : draft.mpirun;
  return { ...draft, scheduler, mpirun };
}

/**
 * The scheduler follows: none on this machine, Slurm elsewhere; and so does the poll interval, where it was as
 * proposed.
 */
export function withTransport(draft: ComputerDraft, transport: Transport): ComputerDraft {
  const pollInterval =
    draft.pollInterval === intervals[draft.transport] ? intervals[transport] : draft.pollInterval;
  const next = { ...draft, transport, pollInterval };
  return withScheduler(next, transport === 'core.local' ? 'core.direct' : 'core.slurm');
}

/** Everything that the person's ssh configuration says of a host; a label that was typed stays. */
export function withSshHost(draft: ComputerDraft, host: SshHost): ComputerDraft {
  const label = draft.label === '' ? host.name.replaceAll(new RegExp(notInName, 'g'), '-') : draft.label;
  return {
    ...draft,
    label,
    host: host.hostname,
    port: host.port,
    user: host.user,
    auth: host.identityFile === '' ? 'agent' : 'key',
    keyPath: host.identityFile,
    jumps: host.jumps.map((jump) => ({ ...jump })),
  };
}

/** `ada@granite.example.org, port 2222, key ~/.ssh/id_ed25519, through gate.example.org` */
export function sshHostWords({ user, hostname, port, identityFile, jumps }: SshHost): string {
  return [
    `${user}@${hostname}`,
    port === 22 ? '' : `port ${port}`,
    identityFile === '' ? 'keys of the SSH agent' : `key ${identityFile}`,
    jumps.length === 0 ? '' : `through ${jumps.map(({ host }) => host).join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
