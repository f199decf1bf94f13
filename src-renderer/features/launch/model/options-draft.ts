import type { JobOptionsInput } from '#shared/process/job-options.ts';
import { numberProblem, readNumber } from '#renderer/design/number.ts';
import { readMemory, writeMemory } from './memory.ts';
import { readWalltime, writeWalltime } from './walltime.ts';

/** `''` leaves it to the code or the scheduler. */
export type Choice = '' | 'yes' | 'no';

/** The options of a job as they are typed. */
export interface OptionsDraft {
  machines: string;
  mpiprocsPerMachine: string;
  coresPerMachine: string;
  coresPerMpiproc: string;
  totalMpiprocs: string;
  walltime: string;
  memory: string;
  queue: string;
  account: string;
  qos: string;
  priority: string;
  withMpi: Choice;
  rerunnable: Choice;
  /** One word a line. */
  mpirunExtra: string;
  importEnvironment: boolean;
  /** `NAME=value` a line. */
  environment: string;
  customCommands: string;
  prepend: string;
  append: string;
  /** One path or glob a line. */
  retrieve: string;
}

/** Job options as the contract's own defaults; an empty text means that it is not said. */
export const emptyOptions = (): OptionsDraft => ({
  machines: '1',
  mpiprocsPerMachine: '',
  coresPerMachine: '',
  coresPerMpiproc: '',
  totalMpiprocs: '',
  walltime: '',
  memory: '',
  queue: '',
  account: '',
  qos: '',
  priority: '',
  withMpi: '',
  rerunnable: '',
  mpirunExtra: '',
  importEnvironment: true,
  environment: '',
  customCommands: '',
  prepend: '',
  append: '',
  retrieve: '',
});

/** Where each option lands among the options of a job. */
export const optionPaths: Readonly<Record<keyof OptionsDraft, string>> = {
  machines: 'resources.num_machines',
  mpiprocsPerMachine: 'resources.num_mpiprocs_per_machine',
  coresPerMachine: 'resources.num_cores_per_machine',
  coresPerMpiproc: 'resources.num_cores_per_mpiproc',
  totalMpiprocs: 'resources.tot_num_mpiprocs',
  walltime: 'max_wallclock_seconds',
  memory: 'max_memory_kb',
  queue: 'queue_name',
  account: 'account',
  qos: 'qos',
  priority: 'priority',
  withMpi: 'withmpi',
  rerunnable: 'rerunnable',
  mpirunExtra: 'mpirun_extra_params',
  importEnvironment: 'import_sys_environment',
  environment: 'environment_variables',
  customCommands: 'custom_scheduler_commands',
  prepend: 'prepend_text',
  append: 'append_text',
  retrieve: 'additional_retrieve_list',
};

/** The name under which the core complains of an option. */
export const optionField = (prefix: string, option: keyof OptionsDraft): string =>
  `${prefix}.${optionPaths[option]}`;

type Problems = Record<string, string>;

export interface ReadOptions {
  readonly options: JobOptionsInput;
  /** By field; what the core finds comes on top. */
  readonly problems: Readonly<Problems>;
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/**
 * Reads what was typed. Whether the numbers and names are allowed is for the core to say.
 * @param prefix of the fields: `options` for those of a job, else the label of the input that holds them
 */
export function readOptions(draft: OptionsDraft, prefix: string): ReadOptions {
  const problems: Problems = {};
  const number = (field: keyof OptionsDraft, read: (text: string) => number | null, words: string) => {
    const value = read(draft[field] as string);
    if (value === null || !Number.isNaN(value)) return value;
    problems[optionField(prefix, field)] = numberProblem(draft[field] as string, words);
    return null;
  };
  const count = (field: keyof OptionsDraft) => number(field, readNumber, 'Must be a whole number.');
  const resources: Record<string, number> = {};
  for (const [name, value] of [
    ['num_machines', count('machines')],
    ['num_mpiprocs_per_machine', count('mpiprocsPerMachine')],
    ['num_cores_per_machine', count('coresPerMachine')],
    ['num_cores_per_mpiproc', count('coresPerMpiproc')],
    ['tot_num_mpiprocs', count('totalMpiprocs')],
  ] as const) {
    if (value !== null) resources[name] = value;
  }
  const walltime = number(
    'walltime',
    readWalltime,
    'Write hours, minutes and seconds, such as 1:30:00, or with units: 90 min, 1 d 6 h.',
  );
  const memory = number('memory', readMemory, 'Write a number with its unit, such as 4 GB or 512 MB.');
  const word = (name: string, text: string) => (text.trim() === '' ? {} : { [name]: text.trim() });
  const choice = (name: string, value: Choice) => (value === '' ? {} : { [name]: value === 'yes' });
  return {
    options: {
      resources,
      ...(walltime === null ? {} : { max_wallclock_seconds: walltime }),
      ...(memory === null ? {} : { max_memory_kb: memory }),
      ...word('queue_name', draft.queue),
      ...word('account', draft.account),
      ...word('qos', draft.qos),
      ...word('priority', draft.priority),
      ...choice('withmpi', draft.withMpi),
      ...choice('rerunnable', draft.rerunnable),
      mpirun_extra_params: lines(draft.mpirunExtra),
      import_sys_environment: draft.importEnvironment,
      environment_variables: readEnvironment(draft.environment, optionField(prefix, 'environment'), problems),
      custom_scheduler_commands: draft.customCommands,
      prepend_text: draft.prepend,
      append_text: draft.append,
      additional_retrieve_list: lines(draft.retrieve),
    },
    problems,
  };
}

function readEnvironment(text: string, field: string, problems: Problems): Record<string, string> {
  const variables = new Map<string, string>();
  for (const line of lines(text)) {
    const at = line.indexOf('=');
    if (at <= 0) problems[field] ??= `“${line}” has no “=”: write NAME=value, one a line.`;
    else if (variables.has(line.slice(0, at))) problems[field] ??= `${line.slice(0, at)} stands there twice.`;
    else variables.set(line.slice(0, at), line.slice(at + 1));
  }
  return Object.fromEntries(variables);
}

const text = (value: number | string | undefined): string => (value === undefined ? '' : String(value));
const chosen = (value: boolean | undefined): Choice => (value === undefined ? '' : value ? 'yes' : 'no');

/** The options of a process that is launched again. */
export function writeOptions(options: JobOptionsInput): OptionsDraft {
  const { resources = {} } = options;
  return {
    machines: text(resources.num_machines ?? 1),
    mpiprocsPerMachine: text(resources.num_mpiprocs_per_machine),
    coresPerMachine: text(resources.num_cores_per_machine),
    coresPerMpiproc: text(resources.num_cores_per_mpiproc),
    totalMpiprocs: text(resources.tot_num_mpiprocs),
    walltime: options.max_wallclock_seconds === undefined ? '' : writeWalltime(options.max_wallclock_seconds),
    memory: options.max_memory_kb === undefined ? '' : writeMemory(options.max_memory_kb),
    queue: text(options.queue_name),
    account: text(options.account),
    qos: text(options.qos),
    priority: text(options.priority),
    withMpi: chosen(options.withmpi),
    rerunnable: chosen(options.rerunnable),
    mpirunExtra: (options.mpirun_extra_params ?? []).join('\n'),
    importEnvironment: options.import_sys_environment ?? true,
    environment: Object.entries(options.environment_variables ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
    customCommands: options.custom_scheduler_commands ?? '',
    prepend: options.prepend_text ?? '',
    append: options.append_text ?? '',
    retrieve: (options.additional_retrieve_list ?? []).join('\n'),
  };
}

/** Those behind the fold. */
const lesser = [
  'coresPerMachine',
  'coresPerMpiproc',
  'totalMpiprocs',
  'qos',
  'priority',
  'withMpi',
  'rerunnable',
  'mpirunExtra',
  'importEnvironment',
  'environment',
  'customCommands',
  'prepend',
  'append',
  'retrieve',
] as const satisfies readonly (keyof OptionsDraft)[];

/** How many of the options behind the fold differ from what is usual. */
export function countLesser(draft: OptionsDraft): number {
  const usual = emptyOptions();
  return lesser.filter((name) => draft[name] !== usual[name]).length;
}
