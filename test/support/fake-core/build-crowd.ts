import { addProcess, jobTimeline } from './build-process.ts';
import { bytes, pwInput, submitScript } from './texts.ts';
import type { FakeNode, World } from './world.ts';

const materials = [
  'Si',
  'Ge',
  'GaAs',
  'MgO',
  'NaCl',
  'LiF',
  'TiO2',
  'SrTiO3',
  'BaTiO3',
  'MoS2',
  'hBN',
  'Al',
  'Cu',
];
const minute = 60_000;

/** Many ended processes of the last two months: workflows with two or three children, and jobs on their own. */
export function addCrowd(world: World, count: number, now: number): void {
  const { random } = world;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)] as T;
  let made = 0;
  while (made < count) {
    const ctime = now - 60 * minute - (1 - made / count) * 60 * 24 * 60 * minute;
    const material = pick(materials);
    const chance = random.next();
    if (chance < 0.45) {
      const left = count - made;
      const workflow = addProcess(world, {
        kind: 'workflow',
        className: 'PwBaseWorkChain',
        processType: 'aiida.workflows:quantumespresso.pw.base',
        label: `${material} scf`,
        state: 'finished',
        ctime,
      });
      workflow.mtime = ctime + 31 * minute;
      made++;
      const children = Math.min(left - 1, 1 + Math.floor(random.next() * 2));
      for (let i = 0; i < children; i++) {
        addJob(
          world,
          material,
          ctime + (i + 1) * minute,
          random.next() < 0.06 ? 'failed' : 'finished',
          workflow,
          i,
        );
        made++;
      }
      const last = world.processes.at(-1)?.process;
      if (last?.state === 'failed') {
        world.setState(workflow, 'failed');
        if (workflow.process !== null) workflow.process.exitStatus = 401;
        workflow.mtime = ctime + 40 * minute;
      }
    } else if (chance < 0.75) {
      addJob(world, material, ctime, random.next() < 0.05 ? 'failed' : 'finished');
      made++;
    } else {
      const node = addProcess(world, {
        kind: 'calculation-function',
        className: pick(['create_kpoints_from_distance', 'seekpath_structure_analysis', 'rescale_structure']),
        state: random.next() < 0.01 ? 'excepted' : 'finished',
        ctime,
      });
      node.mtime = ctime + 900;
      made++;
    }
  }
}

function addJob(
  world: World,
  material: string,
  ctime: number,
  state: 'finished' | 'failed',
  caller?: FakeNode,
  index = 0,
): void {
  const node = addProcess(world, {
    kind: 'calculation-job',
    className: 'PwCalculation',
    processType: 'aiida.calculations:quantumespresso.pw',
    label:
      caller === undefined
        ? `${material} ${['scf', 'relax', 'bands'][Math.floor(world.random.next() * 3)] ?? ''}`
        : '',
    state,
    ctime,
    computer: world.random.next() < 0.7 ? 'granite' : 'basalt',
    ...(state === 'failed' ? { exitStatus: world.random.next() < 0.5 ? 400 : 120 } : {}),
    ...(caller === undefined ? {} : { caller, callLabel: `iteration_${String(index + 1).padStart(2, '0')}` }),
    process: {
      steps: jobTimeline(ctime, null, 'active', 0.3 + world.random.next()),
      exitMessage: state === 'failed' ? 'The calculation stopped before it converged.' : '',
    },
  });
  node.mtime = ctime + 29 * minute;
  node.files.set('aiida.in', bytes(pwInput));
  node.files.set('_aiidasubmit.sh', bytes(submitScript));
}
