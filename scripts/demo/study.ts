import { NodeType } from '#shared/provenance/node-types.ts';
import { float } from '#shared/provenance/python-json.ts';
import { bandStructure } from './bands-study.ts';
import { Draft, type DraftNode } from './draft.ts';
import { elements } from './elements.ts';
import { equationOfState, scales } from './eos-study.ts';
import type { JobPlace } from './jobs.ts';
import { potentialOf, type Shared } from './shared-inputs.ts';
import type { Ending } from './texts.ts';
import { runScf, structureNode } from './workflows.ts';

/** The whole study, in the order in which it happened. */
export function study(): Draft {
  const draft = new Draft(Date.UTC(2025, 8, 22, 7, 30) * 1000);
  draft.computers.push(
    {
      label: 'cluster',
      hostname: 'cluster.example.org',
      description: 'Invented for the demo: a cluster with Slurm',
      scheduler: 'core.slurm',
      metadata: {
        workdir: '/scratch/{username}/aiida',
        shebang: '#!/bin/bash',
        mpirun_command: ['mpirun', '-np', '{tot_num_mpiprocs}'],
        default_mpiprocs_per_machine: 32,
        minimum_scheduler_poll_interval: float(10),
        prepend_text: '',
        append_text: '',
      },
    },
    {
      label: 'workstation',
      hostname: 'workstation.example.org',
      description: 'Invented for the demo: a workstation without a queue',
      scheduler: 'core.direct',
      metadata: {
        workdir: '/home/{username}/aiida',
        shebang: '#!/bin/bash',
        mpirun_command: ['mpirun', '-np', '{tot_num_mpiprocs}'],
        default_mpiprocs_per_machine: 8,
        prepend_text: '',
        append_text: '',
      },
    },
  );
  const code = (computer: number, label: string, prepend: string): DraftNode =>
    draft.node(
      NodeType.installedCode,
      {
        input_plugin: 'demo.scf',
        append_text: '',
        prepend_text: prepend,
        use_double_quotes: false,
        with_mpi: true,
        wrap_cmdline_params: false,
        filepath_executable: '/opt/pwdemo/1.2/bin/pwdemo',
      },
      { label, computer, description: 'pwdemo 1.2, an invented plane-wave program' },
    );
  const cluster: JobPlace = {
    computer: 1,
    code: code(1, 'pwdemo', 'module load pwdemo/1.2'),
    tasks: 32,
    workdir: '/scratch/demo/aiida',
    slurm: true,
  };
  const workstation: JobPlace = {
    computer: 2,
    code: code(2, 'pwdemo', ''),
    tasks: 8,
    workdir: '/home/demo/aiida',
    slurm: false,
  };
  const shared: Shared = {
    parameters: draft.node(
      NodeType.dict,
      {
        cutoff_wavefunctions: float(40),
        cutoff_units: 'Ry',
        kpoints_mesh: [8, 8, 8],
        smearing: float(0),
        threshold: float(1e-9),
      },
      { label: 'standard parameters' },
    ),
    scales: draft.node(
      NodeType.list,
      { list: scales.map((scale) => float(scale)) },
      { label: 'volume scales' },
    ),
    potentials: new Map(),
  };

  const silicon = equationOfState(draft, cluster, shared, elements.Si, null);
  draft.after(5400);
  const germanium = equationOfState(draft, cluster, shared, elements.Ge, 3);
  draft.after(20_000);
  const diamond = equationOfState(draft, cluster, shared, elements.C, null);
  draft.after(3000);
  const aluminium = equationOfState(draft, workstation, shared, elements.Al, null);
  draft.after(50_000);
  const bands = bandStructure(draft, cluster, shared);
  draft.after(9000);
  const stuck: Ending = { kind: 'not-converged', seconds: 1204.4 };
  const iron = runScf(draft, workstation, {
    element: elements.Fe,
    a: elements.Fe.a,
    structure: structureNode(draft, elements.Fe, elements.Fe.a, 'iron'),
    parameters: shared.parameters,
    potential: potentialOf(draft, shared, elements.Fe),
    energy: elements.Fe.energy,
    endings: [stuck, { ...stuck, seconds: 1188.9 }, { ...stuck, seconds: 1231.5 }],
    caller: null,
    label: 'iron, first try',
  }).chain;

  draft.comment(bands, 'Gap at 85 % of the way from GAMMA to X, as it should be.');
  draft.comment(
    iron,
    'Iron needs spin polarisation and a smearing: these parameters are for semiconductors.',
  );
  draft.comment(germanium, 'One point ran out of walltime and was restarted by the workflow.');
  const time = draft.after(60);
  draft.groups.push(
    {
      label: 'equations-of-state',
      description: 'One workflow for each element',
      members: [silicon, germanium, diamond, aluminium],
      time,
    },
    { label: 'silicon', description: 'Equation of state and bands', members: [silicon, bands], time },
    { label: 'to look at again', description: 'What did not work, and why', members: [iron], time },
  );
  return draft;
}
