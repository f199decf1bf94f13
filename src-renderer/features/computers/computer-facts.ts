import type { ComputerConfig } from '#shared/contract/areas/computers.ts';
import { schedulerWords } from '#renderer/model/computer-words.ts';
import { writeWords } from './shell-words.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly mono?: boolean;
  readonly copy?: boolean;
}

const logins = { agent: 'the SSH agent', key: 'a key file', password: 'a password' } as const;

/** kB of 1024 bytes, in the unit that leaves the shortest number. */
export const memoryText = (kB: number): string =>
  kB % 1_048_576 === 0 ? `${kB / 1_048_576} GiB` : kB % 1024 === 0 ? `${kB / 1024} MiB` : `${kB} KiB`;

/** How to reach a computer and how jobs run there, for its page. */
export function computerFacts(config: ComputerConfig): readonly Fact[] {
  const { transport } = config;
  const reached: readonly Fact[] =
    transport.type === 'core.local'
      ? [{ name: 'Reached by', value: 'it is this machine' }]
      : [
          { name: 'Host', value: transport.host, mono: true, copy: true },
          { name: 'Port', value: String(transport.port) },
          { name: 'User', value: transport.user, mono: true },
          {
            name: 'Logs in with',
            value: transport.auth.kind === 'key' ? transport.auth.path : logins[transport.auth.kind],
            mono: transport.auth.kind === 'key',
          },
          ...(transport.jumps.length === 0
            ? []
            : [
                {
                  name: 'Through',
                  value: transport.jumps
                    .map(({ user, host, port }) => `${user}@${host}${port === 22 ? '' : `:${port}`}`)
                    .join('\n'),
                  mono: true,
                },
              ]),
        ];
  return [
    ...reached,
    { name: 'Scheduler', value: schedulerWords(config.scheduler) },
    { name: 'Work directory', value: config.workDirectory, mono: true, copy: true },
    { name: 'Mpirun command', value: writeWords(config.mpirunCommand) || 'none', mono: true },
    {
      name: 'Processes per machine',
      value:
        config.defaultMpiprocsPerMachine === null
          ? 'as the job says'
          : String(config.defaultMpiprocsPerMachine),
    },
    {
      name: 'Memory per machine',
      value:
        config.defaultMemoryPerMachine === null
          ? 'as the scheduler has it'
          : memoryText(config.defaultMemoryPerMachine),
    },
    { name: 'Looks at the queue', value: `every ${config.minimumPollInterval} s at most` },
    ...(config.maxJobs === null
      ? []
      : [{ name: 'Jobs in its queue', value: `${config.maxJobs} at once at most` }]),
    ...(config.maxTransfers === null
      ? []
      : [{ name: 'Transfers', value: `${config.maxTransfers} at once at most` }]),
    { name: 'Shebang', value: config.shebang, mono: true },
    ...(config.prependText === '' ? [] : [{ name: 'Prepend text', value: config.prependText, mono: true }]),
    ...(config.appendText === '' ? [] : [{ name: 'Append text', value: config.appendText, mono: true }]),
  ];
}
