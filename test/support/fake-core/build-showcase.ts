import type { LogLine } from '#shared/contract/areas/processes.ts';
import { jobSteps, type JobStep } from '#shared/process/states.ts';
import { addProcess, jobTimeline } from './build-process.ts';
import { addRestart } from './build-restart.ts';
import { bytes, canary, pwInput, pwOutput, submitScript, traceback, walltimeLines } from './texts.ts';
import type { FakeNode, World } from './world.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const jobWords: Readonly<Record<JobStep, { words: string; reason: string }>> = {
  prepare: { words: 'preparing', reason: '' },
  upload: { words: 'uploading 3 of 7 files', reason: '' },
  submit: { words: 'submitting', reason: '' },
  queue: { words: 'in queue', reason: 'Priority' },
  run: { words: 'running', reason: '' },
  retrieve: { words: 'retrieving 2 of 5 files', reason: '' },
  parse: { words: 'parsing', reason: '' },
};

function data(
  world: World,
  className: string,
  nodeType: string,
  summary: string,
  ctime: number,
  more: { attributes?: Record<string, unknown>; label?: string; kind?: 'data' | 'code' } = {},
): FakeNode {
  return world.add({ kind: more.kind ?? 'data', className, nodeType, summary, ctime, ...more });
}

function pwInputs(world: World, job: FakeNode, structure: FakeNode, code: FakeNode): void {
  const at = job.ctime;
  world.link(code, job, 'input_calc', 'code');
  world.link(structure, job, 'input_calc', 'structure');
  const parameters = data(world, 'Dict', 'data.core.dict.Dict.', '3 keys', at, {
    attributes: {
      CONTROL: { calculation: 'scf', verbosity: 'high' },
      SYSTEM: { ecutwfc: 30.0, ecutrho: 240.0, occupations: 'smearing' },
      ELECTRONS: { conv_thr: 4e-10 },
    },
  });
  world.link(parameters, job, 'input_calc', 'parameters');
  const kpoints = data(world, 'KpointsData', 'data.core.array.kpoints.KpointsData.', '8 × 8 × 8', at);
  world.link(kpoints, job, 'input_calc', 'kpoints');
  const pseudo = data(world, 'UpfData', 'data.pseudo.upf.UpfData.', 'Si', at);
  world.link(pseudo, job, 'input_calc', 'pseudos__Si');
  job.files.set('aiida.in', bytes(pwInput));
  job.files.set('_aiidasubmit.sh', bytes(submitScript));
  job.files.set('.aiida/calcinfo.json', bytes(JSON.stringify({ retrieve_list: ['aiida.out'], version: 1 })));
  job.files.set('.aiida/job_tmpl.json', bytes(JSON.stringify({ num_machines: 2, priority: 1.0, big: 0 })));
  job.files.set('pseudo/Si.pbe-n-rrkjus_psl.1.0.0.UPF', bytes('<UPF version="2.0.1">\n'.repeat(400)));
}

function pwOutputs(world: World, job: FakeNode, at: number): FakeNode {
  const retrieved = data(world, 'FolderData', 'data.core.folder.FolderData.', '5 files', at);
  retrieved.files.set('aiida.out', bytes(pwOutput(2400)));
  retrieved.files.set('_scheduler-stdout.txt', bytes(''));
  retrieved.files.set('_scheduler-stderr.txt', bytes(''));
  retrieved.files.set(
    'out/aiida.save/data-file-schema.json',
    bytes(
      '{"energies": {"total": -22.84, "fermi": 6.2130, "unit": "Ry"}, "steps": [1, 2.0, 3e-5, 12345678901234567890], "converged": true, "notes": null, "titel": "Silizium – gemessen"}',
    ),
  );
  retrieved.files.set('out/aiida.save/charge-density.dat', world.random.bytes(40_000));
  world.link(job, retrieved, 'create', 'retrieved');
  const remote = data(world, 'RemoteData', 'data.core.remote.RemoteData.', '/scratch/ada/aiida/4f/8c', at);
  world.link(job, remote, 'create', 'remote_folder');
  const results = data(world, 'Dict', 'data.core.dict.Dict.', '24 keys', at, {
    attributes: { energy: -310.7, fermi_energy: 6.213, number_of_atoms: 2, wall_time_seconds: 1480.2 },
  });
  world.link(job, results, 'create', 'output_parameters');
  return results;
}

/** What the front of the table shows: every state, every step of a job, failures of several kinds. */
export function addShowcase(world: World, now: number): void {
  const code = data(
    world,
    'InstalledCode',
    'data.core.code.installed.InstalledCode.',
    'pw@granite',
    now - 9 * hour,
    {
      label: 'pw-7.3',
      kind: 'code',
    },
  );
  const structure = data(world, 'StructureData', 'data.core.structure.StructureData.', 'Si2', now - 9 * hour);
  const granite = world.computers[1]?.uuid ?? '';
  world.codes.push({
    uuid: code.uuid,
    fullLabel: 'pw-7.3@granite',
    label: 'pw-7.3',
    computer: 'granite',
    computerUuid: granite,
    executable: '/opt/qe/bin/pw.x',
    defaultPlugin: 'quantumespresso.pw',
    withMpi: true,
    hidden: false,
    calculations: 4120,
    ctime: code.ctime,
  });

  addEquationOfState(world, now, code, structure);
  addFailures(world, now, code, structure);
  addBands(world, now, code, structure);
  for (const [i, step] of jobSteps.entries()) addActiveJob(world, now, step, i, code, structure);
  addWaitingForPerson(world, now);
  addRestart(world, now);

  const group = {
    uuid: world.uuid(),
    label: 'silicon',
    description: 'Test systems',
    typeString: 'core',
    time: now - hour,
  };
  world.groups.push({
    ...group,
    nodes: new Set([structure.uuid, ...world.processes.slice(-40).map(({ uuid }) => uuid)]),
  });
  world.groups.push({
    ...group,
    uuid: world.uuid(),
    label: 'paper-2026/figure-3',
    description: '',
    nodes: new Set(),
  });
}

function addBands(world: World, now: number, code: FakeNode, structure: FakeNode): void {
  const start = now - 52 * minute;
  const bands = addProcess(world, {
    kind: 'workflow',
    className: 'PwBandsWorkChain',
    processType: 'aiida.workflows:quantumespresso.pw.bands',
    label: 'Si bands, PBE',
    description: 'Band structure of silicon along the path of SeeK-path, after a relaxation.',
    state: 'waiting',
    ctime: start,
    process: {
      activity: {
        step: 'step',
        words: 'waiting for 1 process',
        reason: '',
        since: start + 31 * minute,
        until: null,
      },
      steps: [
        {
          name: 'relax',
          words: 'relax',
          state: 'done',
          started: start,
          ended: start + 30 * minute,
          detail: 'PwRelaxWorkChain',
          attempts: 1,
        },
        {
          name: 'seekpath',
          words: 'seekpath',
          state: 'done',
          started: start + 30 * minute,
          ended: start + 30.2 * minute,
          detail: 'seekpath_structure_analysis',
          attempts: 1,
        },
        {
          name: 'scf',
          words: 'scf',
          state: 'active',
          started: start + 31 * minute,
          ended: null,
          detail: 'PwBaseWorkChain',
          attempts: 1,
        },
      ],
      log: logOf(start, [
        ['REPORT', 'launching PwRelaxWorkChain'],
        ['REPORT', 'after the relaxation the volume changed by 0.42 %'],
        ['REPORT', 'launching PwBaseWorkChain in scf mode'],
      ]),
    },
  });
  world.link(structure, bands, 'input_work', 'structure');
  world.link(code, bands, 'input_work', 'scf__pw__code');
  const relax = addProcess(world, {
    kind: 'workflow',
    className: 'PwRelaxWorkChain',
    state: 'finished',
    ctime: start + 2 * second,
    caller: bands,
    callLabel: 'relax',
  });
  const relaxJob = addProcess(world, {
    kind: 'calculation-job',
    className: 'PwCalculation',
    state: 'finished',
    ctime: start + 5 * second,
    caller: relax,
    callLabel: 'iteration_01',
    process: { steps: jobTimeline(start + 5 * second, null) },
  });
  relaxJob.mtime = start + 30 * minute;
  pwInputs(world, relaxJob, structure, code);
  pwOutputs(world, relaxJob, relaxJob.mtime);
  relax.mtime = relaxJob.mtime + 2 * second;
  const relaxed = data(world, 'StructureData', 'data.core.structure.StructureData.', 'Si2', relaxJob.mtime);
  world.link(relaxJob, relaxed, 'create', 'output_structure');
  world.link(relax, relaxed, 'return', 'output_structure');
  const seekpath = addProcess(world, {
    kind: 'calculation-function',
    className: 'seekpath_structure_analysis',
    state: 'finished',
    ctime: start + 30 * minute,
    caller: bands,
    callLabel: 'seekpath',
  });
  seekpath.mtime = seekpath.ctime + 3 * second;
  world.link(relaxed, seekpath, 'input_calc', 'structure');
  const scf = addProcess(world, {
    kind: 'workflow',
    className: 'PwBaseWorkChain',
    state: 'waiting',
    ctime: start + 31 * minute,
    caller: bands,
    callLabel: 'scf',
    process: {
      activity: {
        step: 'step',
        words: 'waiting for 1 process',
        reason: '',
        since: start + 31 * minute,
        until: null,
      },
    },
  });
  const scfJob = addProcess(world, {
    kind: 'calculation-job',
    className: 'PwCalculation',
    state: 'waiting',
    ctime: start + 31.1 * minute,
    caller: scf,
    callLabel: 'iteration_01',
    process: {
      activity: {
        step: 'run',
        words: 'running',
        reason: '',
        since: now - 7 * minute,
        until: now + 9 * second,
      },
      steps: jobTimeline(now - 7 * minute - 230 * second, 'run'),
      explanation: null,
      log: logOf(now - 11 * minute, [
        ['INFO', 'uploaded 7 files, 1.32 MB in 00:02'],
        ['INFO', 'submitted as job 5512091'],
        ['INFO', 'the scheduler says: RUNNING on nid001842, nid001843'],
      ]),
    },
  });
  pwInputs(world, scfJob, relaxed, code);
}

function logOf(start: number, lines: readonly (readonly [string, string])[]): LogLine[] {
  return lines.map(([level, message], i) => ({
    time: start + i * 14 * second,
    level,
    source: level === 'REPORT' ? 'workflow' : 'engine',
    message,
  }));
}

function addActiveJob(
  world: World,
  now: number,
  step: JobStep,
  place: number,
  code: FakeNode,
  structure: FakeNode,
): void {
  const { words, reason } = jobWords[step];
  const since = now - (place + 1) * 41 * second;
  const job = addProcess(world, {
    kind: 'calculation-job',
    className: 'PwCalculation',
    processType: 'aiida.calculations:quantumespresso.pw',
    label: `MgO cutoff ${30 + place * 10} Ry`,
    state: step === 'prepare' || step === 'parse' ? 'running' : 'waiting',
    ctime: now - (12 - place) * minute,
    process: {
      activity: {
        step,
        words,
        reason,
        since,
        until: step === 'queue' || step === 'run' ? now + 8 * second : null,
      },
      steps: jobTimeline(now - (12 - place) * minute, step),
      explanation:
        step === 'queue'
          ? {
              tone: 'waits',
              headline: 'The job waits in the queue of granite because others have a higher priority.',
              facts: [
                { name: 'Scheduler’s reason', value: 'Priority' },
                { name: 'Jobs before it', value: '14 in the partition “normal”' },
                { name: 'Estimated start', value: 'in about 20 minutes, by the scheduler' },
                { name: 'Last asked', value: '2 s ago; asked again every 10 s' },
              ],
              lines: [],
              advice: [
                'Nothing needs to be done. Stemma submits, watches and retrieves by itself, also after a restart.',
              ],
              actions: ['kill'],
            }
          : null,
    },
  });
  pwInputs(world, job, structure, code);
}

function addWaitingForPerson(world: World, now: number): void {
  addProcess(world, {
    kind: 'calculation-job',
    className: 'PwCalculation',
    label: 'TiO2 relax',
    state: 'paused',
    computer: 'basalt',
    ctime: now - 3 * hour,
    process: {
      activity: {
        step: 'upload',
        words: 'waiting for a password',
        reason: 'basalt asks for one',
        since: now - 3 * hour,
        until: null,
      },
      steps: jobTimeline(now - 3 * hour, 'upload', 'waiting'),
      explanation: {
        tone: 'needs-you',
        headline: 'basalt asks for your password. The job goes on by itself once you have signed in.',
        facts: [
          { name: 'Computer', value: 'basalt (ada@basalt.example.org through gate.example.org)' },
          { name: 'Said by the server', value: 'keyboard-interactive: Password:' },
        ],
        lines: [],
        advice: ['Sign in once: the password is kept in memory until Stemma ends and is written nowhere.'],
        actions: ['sign-in', 'open-computer', 'kill'],
      },
    },
  });
  addProcess(world, {
    kind: 'calculation-job',
    className: 'CalcJob',
    label: canary,
    description: canary,
    state: 'created',
    computer: 'localhost',
    ctime: now - 20 * second,
    process: {
      activity: {
        step: 'prepare',
        words: `not begun ${canary}`,
        reason: canary,
        since: now - 20 * second,
        until: null,
      },
      log: logOf(now - 20 * second, [
        ['WARNING', canary],
        ['WARNING', '\u001b[31mred\u001b[0m \u0007 and \u202eesrever\u202c'],
      ]),
    },
  }).files.set(`odd/${canary.replaceAll('/', '∕')}.txt`, bytes(canary));
}

function addEquationOfState(world: World, now: number, code: FakeNode, structure: FakeNode): void {
  const start = now - 5 * hour;
  const eos = addProcess(world, {
    kind: 'workflow',
    className: 'EquationOfState',
    label: 'MgO equation of state',
    state: 'failed',
    exitStatus: 310,
    ctime: start,
    process: {
      exitMessage: 'Fewer than 5 of the 7 volumes converged.',
      steps: Array.from({ length: 7 }, (_, i) => ({
        name: `volume_${i}`,
        words: `volume_${i}`,
        state: i < 4 ? ('done' as const) : ('failed' as const),
        started: start + i * 90 * second,
        ended: start + (26 + i * 3) * minute,
        detail: 'PwBaseWorkChain',
        attempts: i < 4 ? 1 : 2,
      })),
      explanation: {
        tone: 'failed',
        headline: 'Fewer than 5 of the 7 volumes converged.',
        facts: [
          { name: 'Exit code', value: '310 ERROR_TOO_FEW_POINTS' },
          { name: 'Failed', value: 'volume_4, volume_5, volume_6' },
        ],
        lines: [
          'volume_4: exit status 400, the scf cycle did not converge',
          'volume_5: exit status 400',
          'volume_6: exit status 400',
        ],
        advice: [
          'Open a failed volume below: its log says why it did not converge.',
          'Launch again with a smaller range of volumes, or with mixing_beta = 0.2.',
        ],
        actions: ['launch-again'],
      },
    },
  });
  eos.mtime = start + 48 * minute;
  world.link(structure, eos, 'input_work', 'structure');
  world.link(code, eos, 'input_work', 'pw__code');
  for (let i = 0; i < 7; i++) {
    const ctime = start + i * 90 * second;
    const ok = i < 4;
    const base = addProcess(world, {
      kind: 'workflow',
      className: 'PwBaseWorkChain',
      state: ok ? 'finished' : 'failed',
      ...(ok ? {} : { exitStatus: 400 }),
      ctime,
      caller: eos,
      callLabel: `volume_${i}`,
    });
    const job = addProcess(world, {
      kind: 'calculation-job',
      className: 'PwCalculation',
      state: ok ? 'finished' : 'failed',
      ...(ok ? {} : { exitStatus: 410 }),
      ctime: ctime + 2 * second,
      caller: base,
      callLabel: 'iteration_01',
      process: { steps: jobTimeline(ctime + 2 * second, null, 'active', 0.8) },
    });
    job.mtime = ctime + 25 * minute;
    base.mtime = job.mtime + 3 * second;
    pwInputs(world, job, structure, code);
    const results = pwOutputs(world, job, job.mtime);
    if (ok) world.link(base, results, 'return', 'output_parameters');
  }
}

function addFailures(world: World, now: number, code: FakeNode, structure: FakeNode): void {
  const start = now - 8 * hour;
  const walltime = addProcess(world, {
    kind: 'calculation-job',
    className: 'PwCalculation',
    processType: 'aiida.calculations:quantumespresso.pw',
    label: 'SrTiO3 phonons, supercell 3×3×3',
    state: 'failed',
    exitStatus: 120,
    ctime: start,
    process: {
      exitMessage: 'The job ran out of walltime.',
      steps: jobTimeline(start, 'parse', 'failed', 4),
      explanation: {
        tone: 'failed',
        headline: 'The job ran out of walltime after 6:00:00.',
        facts: [
          { name: 'Exit code', value: '120 ERROR_SCHEDULER_OUT_OF_WALLTIME' },
          { name: 'Asked for', value: '6:00:00 on 2 machines' },
          { name: 'Reached', value: 'scf iteration 41, accuracy 0.00018873 Ry' },
        ],
        lines: walltimeLines,
        advice: [
          'Launch again with a longer walltime, or from its own remote folder so that it goes on where it stopped.',
        ],
        actions: ['launch-again', 'open-computer'],
      },
      log: logOf(start, [
        ['INFO', 'submitted as job 5512091'],
        ['WARNING', 'the scheduler ended the job: TIMEOUT'],
        ['ERROR', 'ERROR_SCHEDULER_OUT_OF_WALLTIME: The job ran out of walltime.'],
      ]),
    },
  });
  walltime.mtime = start + 6.2 * hour;
  pwInputs(world, walltime, structure, code);
  pwOutputs(world, walltime, walltime.mtime);
  const excepted = addProcess(world, {
    kind: 'workflow',
    className: 'EquationOfState',
    label: 'LiF equation of state',
    state: 'excepted',
    ctime: now - 7 * hour,
    process: {
      exception: traceback,
      explanation: {
        tone: 'failed',
        headline: 'The workflow’s own code broke: Cannot read properties of undefined (reading ‘energy’).',
        facts: [{ name: 'Where', value: 'plugin equation-of-state, collect.ts line 41' }],
        lines: traceback.split('\n'),
        advice: [
          'This is a defect of the plugin “equation-of-state”: tell its authors, with the report below.',
        ],
        actions: ['launch-again'],
      },
    },
  });
  excepted.mtime = now - 6.5 * hour;
  const killed = addProcess(world, {
    kind: 'calculation-job',
    className: 'PwCalculation',
    label: 'BaTiO3 md, 40 000 steps',
    state: 'killed',
    ctime: now - 6 * hour,
    process: { steps: jobTimeline(now - 6 * hour, 'run', 'failed') },
  });
  killed.mtime = now - 5.8 * hour;
}
