import {
  defineRestart,
  optional,
  port,
  standardHandlers,
  type RestartHandler,
} from '#shared/plugin/index.ts';
import { shell } from './shell.ts';

const exitCodeList = (help: string) => port.list({ help, defaultValue: [] });

const policy = {
  walltime_factor: port.number({
    help: 'Out of walltime: by how much more is asked for each time.',
    defaultValue: 2,
    minimum: 1,
  }),
  max_walltime: optional(port.int({ help: 'Never more walltime than this.', unit: 's', minimum: 1 })),
  memory_factor: port.number({
    help: 'Out of memory: by how much more is asked for each time.',
    defaultValue: 2,
    minimum: 1,
  }),
  max_memory: optional(port.int({ help: 'Never more memory than this.', unit: 'kB', minimum: 1 })),
  max_machines: optional(
    port.int({
      help: 'Out of memory: more machines, up to this many, when more memory on each cannot be asked for.',
      minimum: 1,
    }),
  ),
  max_node_failures: port.int({
    help: 'How often a run is repeated because a node of the cluster failed.',
    defaultValue: 3,
    minimum: 0,
  }),
  retry_exit_codes: exitCodeList(
    'Exit codes after which it is run again, for example [400] when the command ends with an error.',
  ),
  ask_exit_codes: exitCodeList('Exit codes after which a person is asked what to do.'),
};

const listed = (list: { readonly value: readonly unknown[] }, status: number | null): boolean =>
  list.value.some((code) => code === status);

type ShellHandler = RestartHandler<Record<never, never>, typeof policy>;

const retry: ShellHandler = {
  name: 'retry_exit_codes',
  when: ({ policy: { retry_exit_codes: codes }, outcome }) => listed(codes, outcome.exitStatus),
  handle: ({ canRestartFromFolder, outcome }) => {
    const says = `Exit code ${outcome.exitStatus} is one after which it is run again`;
    return canRestartFromFolder
      ? { action: 'restart-from-folder', says: `${says}, from where it was` }
      : { action: 'change', says };
  },
};

const ask: ShellHandler = {
  name: 'ask_exit_codes',
  when: ({ policy: { ask_exit_codes: codes }, outcome }) => listed(codes, outcome.exitStatus),
  handle: ({ outcome, canRestartFromFolder }) => ({
    action: 'ask',
    question: `The command ended with exit code ${outcome.exitStatus}. Shall it run again?`,
    choices: {
      ...(canRestartFromFolder
        ? {
            folder: {
              label: 'Go on from where it was',
              help: 'With its restart files.',
              next: { action: 'restart-from-folder', says: 'It goes on from where it was' },
            },
          }
        : {}),
      again: {
        label: 'Run it again',
        help: 'From the beginning, with the same inputs and options.',
        next: { action: 'change', says: 'It is run again from the beginning' },
      },
      stop: { label: 'End it', next: { action: 'give-up', says: 'It is not run again.' } },
    },
  }),
};

/** Any command until it is good, with a policy from the form and no code to write. */
export const shellRestart = defineRestart({
  id: 'core.shell.restart',
  label: 'ShellRestartWorkChain',
  summary:
    'Runs any command again until it is good: more walltime, more memory, another node, or as you say.',
  version: '1.0.0',
  process: shell,
  namespace: 'shell',
  policy,
  restartFolder: {
    input: 'restart_folder',
    when: ({ restart_files: files }) => (files?.value ?? []).length > 0,
  },
  // what a person lists goes before what is usual
  handlers: [
    ask,
    retry,
    ...standardHandlers<typeof policy>({
      walltimeFactor: ({ walltime_factor: factor }) => factor.value,
      maxWalltime: ({ max_walltime: limit }) => limit?.value,
      memoryFactor: ({ memory_factor: factor }) => factor.value,
      maxMemory: ({ max_memory: limit }) => limit?.value,
      maxMachines: ({ max_machines: limit }) => limit?.value,
      maxNodeFailures: ({ max_node_failures: limit }) => limit.value,
    }),
  ],
});
