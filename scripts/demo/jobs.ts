import { NodeType } from '#shared/provenance/node-types.ts';
import { float, type PyJson } from '#shared/provenance/python-json.ts';
import type { Attributes, Draft, DraftNode } from './draft.ts';
import { inputText, outputText, scriptText, type Ending, type ScfTexts } from './texts.ts';

export interface JobPlace {
  /** Number of the computer in the draft, from 1. */
  readonly computer: number;
  readonly code: DraftNode;
  readonly tasks: number;
  /** Where jobs run; each has a folder of its own below it. */
  readonly workdir: string;
  /** Whether Slurm runs the jobs; without it they run as they are. */
  readonly slurm: boolean;
}

export interface Job {
  readonly process: DraftNode;
  readonly remote: DraftNode;
  readonly retrieved: DraftNode;
  /** null where the program gave no result. */
  readonly output: DraftNode | null;
}

const two = (n: number): string => String(n).padStart(2, '0');
const clockText = (seconds: number): string =>
  `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;

/** As AiiDA writes a time into attributes. */
const iso = (microseconds: number): string =>
  `${new Date(Math.floor(microseconds / 1000)).toISOString().slice(0, 23)}${String(microseconds % 1000).padStart(3, '0')}+00:00`;

const exits = {
  converged: { status: 0, message: null },
  walltime: { status: 120, message: 'The job ran out of walltime.' },
  'not-converged': { status: 410, message: 'The self-consistency cycle did not converge in 40 iterations.' },
} as const;

/** Runs a job, on paper: the process node as AiiDA has it when the job has ended, with its files and what it made. */
export function runJob(
  draft: Draft,
  place: JobPlace,
  texts: ScfTexts,
  inputs: Readonly<Record<string, DraftNode>>,
  run: {
    readonly energy: number;
    readonly ending: Ending;
    readonly walltime: number;
    readonly caller: DraftNode;
    readonly label: string;
  },
): Job {
  const { energy, ending, walltime, caller, label } = run;
  const resources = { num_machines: 1, num_mpiprocs_per_machine: place.tasks };
  const options: Attributes = {
    resources,
    max_wallclock_seconds: walltime,
    withmpi: true,
    parser_name: `demo.${texts.mode}`,
    input_filename: 'pwdemo.in',
    output_filename: 'pwdemo.out',
    submit_script_filename: '_aiidasubmit.sh',
    scheduler_stdout: '_scheduler-stdout.txt',
    scheduler_stderr: '_scheduler-stderr.txt',
    ...(place.slurm ? { queue_name: 'batch', account: 'demo' } : {}),
  };
  const number = draft.nodes.length + 1;
  const script = scriptText(`aiida-${number}`, {
    walltime: clockText(walltime),
    tasks: place.tasks,
    slurm: place.slurm,
  });
  const process = draft.node(
    NodeType.calcJob,
    {},
    {
      processType: `aiida.calculations:demo.${texts.mode}`,
      computer: place.computer,
      files: {
        'pwdemo.in': inputText(texts),
        '_aiidasubmit.sh': script,
        '.aiida/calcinfo.json': JSON.stringify({
          codes_info: [
            { cmdline_params: ['-in', 'pwdemo.in'], stdout_name: 'pwdemo.out', code_uuid: place.code.uuid },
          ],
          retrieve_list: retrieved,
        }),
        '.aiida/job_tmpl.json': JSON.stringify({
          job_name: `aiida-${number}`,
          job_resource: resources,
          max_wallclock_seconds: walltime,
          ...(place.slurm ? { queue_name: 'batch', account: 'demo' } : {}),
        }),
      },
    },
  );
  for (const [port, node] of Object.entries({ ...inputs, code: place.code }))
    draft.link(node, process, 'input_calc', port);
  draft.link(caller, process, 'call_calc', label);

  const workdir = `${place.workdir}/${process.uuid.slice(0, 2)}/${process.uuid.slice(2, 4)}/${process.uuid.slice(4)}`;
  const remote = draft.node(NodeType.remote, { remote_path: workdir }, { computer: place.computer });
  draft.link(process, remote, 'create', 'remote_folder');
  const submitted = draft.after(8.4);
  const started = draft.after(40 + (number % 7) * 31.5);
  const ended = draft.after(ending.seconds + 3);
  draft.after(11.2);
  const jobId = String((place.slurm ? 4_810_000 : 20_000) + number * 3);
  const folder = draft.node(
    NodeType.folder,
    {},
    {
      files: {
        'pwdemo.out': outputText(texts, energy, ending, place.tasks),
        '_scheduler-stdout.txt': '',
        '_scheduler-stderr.txt':
          ending.kind === 'walltime'
            ? `slurmstepd: error: *** JOB ${jobId} ON node042 CANCELLED DUE TO TIME LIMIT ***\n`
            : '',
      },
    },
  );
  draft.link(process, folder, 'create', 'retrieved');
  const output = resultOf(draft, energy, ending, texts);
  if (output !== null) draft.link(process, output, 'create', 'output_parameters');

  const exit = exits[ending.kind];
  process.attributes = {
    process_label: texts.mode === 'scf' ? 'ScfCalculation' : 'BandsCalculation',
    process_state: 'finished',
    exit_status: exit.status,
    ...(exit.message === null ? {} : { exit_message: exit.message }),
    sealed: true,
    version: { core: '2.9.0', plugin: '1.2.0' },
    metadata_inputs: {
      metadata: {
        options: pick(options, ['resources', 'max_wallclock_seconds', 'withmpi', 'queue_name', 'account']),
      },
    },
    ...options,
    environment_variables: {},
    environment_variables_double_quotes: false,
    import_sys_environment: true,
    mpirun_extra_params: [],
    prepend_text: '',
    append_text: '',
    custom_scheduler_commands: '',
    remote_workdir: workdir,
    job_id: jobId,
    scheduler_state: 'done',
    scheduler_lastchecktime: iso(ended + 9_000_000),
    retrieve_list: retrieved,
    retrieve_temporary_list: [],
    detailed_job_info: null,
    last_job_info: {
      job_id: jobId,
      title: `aiida-${number}`,
      job_state: 'running',
      job_owner: 'demo',
      num_machines: 1,
      num_cpus: place.tasks,
      ...(place.slurm ? { queue_name: 'batch', account: 'demo' } : {}),
      requested_wallclock_time_seconds: walltime,
      submission_time: { date: iso(submitted).slice(0, 26), timezone: null },
      dispatch_time: { date: iso(started).slice(0, 26), timezone: null },
    },
  };
  process.mtime = draft.now;
  if (exit.message !== null) draft.log(process, 'ERROR', `The parser has found a problem: ${exit.message}`);
  return { process, remote, retrieved: folder, output };
}

const retrieved = ['pwdemo.out', '_scheduler-stdout.txt', '_scheduler-stderr.txt'];

function resultOf(draft: Draft, energy: number, ending: Ending, texts: ScfTexts): DraftNode | null {
  if (ending.kind === 'walltime') return null;
  return draft.node(NodeType.dict, {
    code_version: '1.2',
    converged: ending.kind === 'converged',
    energy: float(Number(energy.toFixed(8))),
    energy_units: 'eV',
    number_of_atoms: texts.positions.length,
    scf_iterations: ending.kind === 'converged' ? 15 : 40,
    wall_time_seconds: float(ending.seconds),
  });
}

const pick = (from: Attributes, keys: readonly string[]): Record<string, PyJson> =>
  Object.fromEntries(keys.map((key) => [key, from[key] ?? null]));
