import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { GraphBuilder } from './builder.ts';

/** One calculation job with its inputs and outputs. */
export function singleCalculation(): GraphPart {
  const b = new GraphBuilder();
  const job = b.job('ArithmeticAddCalculation');
  b.inputs(job, { code: b.code('add@localhost'), x: b.data('Int', '4'), y: b.data('Int', '5') });
  b.output(job, 'remote_folder', 'RemoteData', '/scratch/ab/cd/…');
  b.output(job, 'retrieved', 'FolderData', '4 files');
  b.output(job, 'sum', 'Int', '9');
  return b.part(job);
}

/** (x * y) + z, with a calculation function and a job, called by a workflow. */
export function multiplyAdd(): GraphPart {
  const b = new GraphBuilder();
  const workflow = b.workchain('MultiplyAddWorkChain');
  const [x, y, z] = [b.data('Int', '2'), b.data('Int', '3'), b.data('Int', '4')];
  const code = b.code('add@localhost');
  b.inputs(workflow, { x, y, z, code });
  const multiply = b.calcfunction('multiply');
  b.call(workflow, multiply, 'multiply');
  b.inputs(multiply, { x, y });
  const product = b.output(multiply, 'result', 'Int', '6');
  const add = b.job('ArithmeticAddCalculation');
  b.call(workflow, add, 'add');
  b.inputs(add, { code, x: product, y: z });
  b.output(add, 'remote_folder', 'RemoteData', '/scratch/1f/0a/…');
  b.output(add, 'retrieved', 'FolderData', '4 files');
  const sum = b.output(add, 'sum', 'Int', '10');
  b.returns(workflow, sum, 'result');
  return b.part(workflow);
}

/** A workflow that ran a code eight times, each from where the one before stopped; the last failed for good. */
export function restarts(runs = 8): GraphPart {
  const b = new GraphBuilder();
  const workflow = b.workchain('PwBaseWorkChain', 'failed');
  const code = b.code('pw-7.3@daint');
  const structure = b.data('StructureData', 'Ga8As8');
  const pseudos = { pseudos__Ga: b.data('UpfData', 'Ga'), pseudos__As: b.data('UpfData', 'As') };
  const kpoints = b.data('KpointsData', '4 × 4 × 4');
  const settings = b.data('Dict', '12 keys');
  b.inputs(workflow, { pw__code: code, pw__structure: structure, kpoints, pw__parameters: settings });
  for (const [label, pseudo] of Object.entries(pseudos)) b.input(pseudo, workflow, `pw__${label}`);
  let before = -1;
  for (let run = 1; run <= runs; run++) {
    const last = run === runs;
    const job = b.job('PwCalculation', last ? 'failed' : run % 3 === 0 ? 'failed' : 'finished');
    b.call(workflow, job, `iteration_${String(run).padStart(2, '0')}`);
    b.inputs(job, { code, structure, kpoints, ...pseudos, parameters: b.data('Dict', '14 keys') });
    if (before !== -1) b.input(before, job, 'parent_folder');
    before = b.output(job, 'remote_folder', 'RemoteData', `/scratch/run-${run}`);
    const retrieved = b.output(job, 'retrieved', 'FolderData', '7 files');
    if (last) {
      b.returns(workflow, before, 'remote_folder');
      b.returns(workflow, retrieved, 'retrieved');
    } else {
      const parameters = b.output(job, 'output_parameters', 'Dict', '31 keys');
      b.output(job, 'output_trajectory', 'TrajectoryData', '12 steps');
      if (run === runs - 1) b.returns(workflow, parameters, 'output_parameters');
    }
  }
  return b.part(workflow);
}

/** A structure that many calculations took, most of them alike. */
export function hub(users = 500): GraphPart {
  const b = new GraphBuilder();
  const structure = b.data('StructureData', 'SiO2');
  const code = b.code('pw-7.3@daint');
  const relax = b.job('PwCalculation');
  b.link(relax, structure, 'create', 'output_structure');
  b.inputs(relax, { code, structure: b.data('StructureData', 'SiO2'), parameters: b.data('Dict', '9 keys') });
  for (let user = 0; user < users; user++) {
    const kind = user % 5;
    const state = user % 23 === 7 ? 'failed' : user > users - 12 ? 'running' : 'finished';
    const job = b.job(kind === 0 ? 'PhCalculation' : kind === 1 ? 'Cp2kCalculation' : 'PwCalculation', state);
    b.inputs(job, { structure, code, parameters: b.data('Dict', `${user % 17} keys`) });
    if (state === 'finished') b.output(job, 'output_parameters', 'Dict', '31 keys');
  }
  const convert = b.calcfunction('structure_to_primitive');
  b.input(structure, convert, 'structure');
  b.output(convert, 'primitive', 'StructureData', 'Si3O6');
  return b.part(structure);
}

/** Every kind of node and every type of link, with every state of a process: what the legend explains. */
export function everyKind(): GraphPart {
  const b = new GraphBuilder();
  const outer = b.workchain('OuterWorkChain', 'running');
  const structure = b.data('StructureData', 'Si2');
  const settings = b.data('Dict', '3 keys');
  const code = b.code('pw@cluster');
  b.inputs(outer, { structure, settings, code });
  const states = [
    'created',
    'running',
    'waiting',
    'paused',
    'finished',
    'failed',
    'excepted',
    'killed',
  ] as const;
  const inner = b.workchain('InnerWorkChain');
  b.call(outer, inner, 'relax');
  b.inputs(inner, { structure, code });
  const first = b.calcfunction('refine_structure');
  b.call(inner, first, 'refine');
  b.input(structure, first, 'structure');
  const refined = b.output(first, 'result', 'StructureData', 'Si2');
  b.returns(inner, refined, 'structure');
  for (const state of states) {
    const job = b.job(`Run${state}Calculation`, state);
    b.call(outer, job, state);
    b.inputs(job, { structure: refined, code });
    if (state === 'finished') b.returns(outer, b.output(job, 'energy', 'Float', '-13.6 eV'), 'energy');
  }
  const odd = b.node('', 'Node', { summary: 'of an old archive' });
  b.link(odd, first, 'input_calc', 'hint');
  return b.part(outer);
}
