import { computerConfig, type ComputerConfigInput } from '#shared/contract/areas/computers.ts';
import { jobOptions, type JobOptionsInput } from '#shared/process/job-options.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { PreparedCalculation } from '#main/engine/ports.ts';
import { buildJobScript } from '#main/computers/job-script/build-job-script.ts';
import type { CodeSettings } from '#main/computers/job-script/code-settings.ts';

export const codeUuid = '11111111-1111-4111-8111-111111111111' as Uuid;
const otherUuid = '22222222-2222-4222-8222-222222222222' as Uuid;

export const code = (change: Partial<CodeSettings> = {}): CodeSettings => ({
  uuid: codeUuid,
  label: 'pw',
  executable: '/usr/bin/pw.x',
  prependText: '',
  appendText: '',
  withMpi: null,
  useDoubleQuotes: false,
  ...change,
});

type Run = PreparedCalculation['runs'][number];

export const run = (change: Partial<Run> = {}): Run => ({
  code: codeUuid,
  arguments: [],
  stdin: null,
  stdout: null,
  stderr: null,
  joinFiles: false,
  withMpi: null,
  ...change,
});

export const calculation = (change: Partial<PreparedCalculation> = {}): PreparedCalculation => ({
  files: [],
  localCopies: [],
  remoteCopies: [],
  remoteSymlinks: [],
  runs: [run()],
  parallel: false,
  retrieve: [],
  prependText: '',
  appendText: '',
  ...change,
});

export const computer = (change: Partial<ComputerConfigInput> = {}) =>
  computerConfig.parse({
    label: 'cluster',
    transport: { type: 'core.local' },
    scheduler: 'core.slurm',
    workDirectory: '/scratch/{username}/stemma',
    ...change,
  });

export interface ScriptWish {
  readonly computer?: Partial<ComputerConfigInput>;
  readonly codes?: readonly CodeSettings[];
  readonly options?: JobOptionsInput;
  readonly calculation?: Partial<PreparedCalculation>;
}

export const script = (wish: ScriptWish = {}): string =>
  buildJobScript({
    computer: computer(wish.computer),
    codes: new Map((wish.codes ?? [code()]).map((one) => [one.uuid, one])),
    options: jobOptions.parse(wish.options ?? {}),
    calculation: calculation(wish.calculation),
  });

/** By name of the golden file. */
export const samples: Readonly<Record<string, ScriptWish>> = {
  'slurm-small': { calculation: { runs: [run({ stdin: 'pw.in', stdout: 'pw.out' })] } },
  'slurm-full': {
    computer: {
      shebang: '#!/bin/bash -l',
      mpirunCommand: ['srun', '-n', '{tot_num_mpiprocs}', '--cpu-bind=cores'],
      defaultMpiprocsPerMachine: 36,
      prependText: 'module load intel\n',
      appendText: 'echo computer done',
    },
    codes: [code({ prependText: 'module load espresso', appendText: 'echo code done', withMpi: true })],
    options: {
      resources: { num_machines: 2, num_cores_per_mpiproc: 2 },
      max_wallclock_seconds: 90_061,
      max_memory_kb: 4_194_304,
      queue_name: 'normal',
      account: 'project-7',
      qos: 'high',
      priority: '100',
      rerunnable: true,
      mpirun_extra_params: ['--exclusive'],
      environment_variables: { OMP_NUM_THREADS: '2', GREETING: `it's "quoted" $HOME` },
      custom_scheduler_commands: '#SBATCH --constraint=gpu\n#SBATCH --hint=nomultithread',
      prepend_text: 'echo option before',
      append_text: 'echo option after',
    },
    calculation: {
      runs: [run({ arguments: ['-in', 'pw in.txt'], stdout: 'pw.out', stderr: 'pw.err' })],
      prependText: 'echo calculation before',
      appendText: 'echo calculation after',
    },
  },
  'slurm-parallel': {
    codes: [
      code(),
      code({ uuid: otherUuid, label: 'ph', executable: '/usr/bin/ph.x', prependText: 'ulimit -s unlimited' }),
    ],
    options: { import_sys_environment: false },
    calculation: {
      parallel: true,
      runs: [
        run({ stdout: 'one.out', joinFiles: true }),
        run({ code: otherUuid, arguments: ['-x'], withMpi: true }),
        run({ stdout: 'three.out' }),
      ],
    },
  },
  'direct-small': {
    computer: { scheduler: 'core.direct', shebang: '#!/bin/sh' },
    options: { resources: { num_cores_per_mpiproc: 4 } },
    calculation: { runs: [run({ stdout: 'out' })] },
  },
  'direct-clean': {
    computer: { scheduler: 'core.direct' },
    options: { import_sys_environment: false, environment_variables: { A: 'b' } },
  },
};
