import type { ResumeStep } from '#shared/contract/areas/launch.ts';
import type { WorkflowSources } from '#shared/contract/areas/processes.ts';
import { addProcess } from './build-process.ts';
import type { FakeNode, World } from './world.ts';

const hour = 3_600_000;

const lines = (edit: (line: string, at: number) => readonly string[]): string =>
  Array.from({ length: 120 }, (_, at) =>
    edit(`  const volume_${at} = await step.call('volume_${at}', scf, {`, at),
  )
    .flat()
    .join('\n');

/** Two versions of a workflow: one line replaced, one taken away, two put in, far apart. */
const sources: WorkflowSources = {
  recorded: { version: '1.0.0', text: lines((line) => [line]) },
  installed: {
    version: '1.1.0',
    text: lines((line, at) => {
      if (at === 20) return [line.replace('scf', 'scfWithSmearing')];
      if (at === 60) return [];
      return at === 100 ? [line, '    smearing,', '    degauss: data.float(0.01),'] : [line];
    }),
  },
};

/** A workflow whose last step failed, with a plan of what a new run takes over; and two versions of its code. */
export function addResumable(world: World, now: number): FakeNode {
  const start = now - 5 * hour;
  const failed = addProcess(world, {
    kind: 'workflow',
    className: 'MultiplyAddWorkChain',
    processType: 'aiida.workflows:core.arithmetic.multiply_add',
    label: 'Equation of state of MgO',
    state: 'failed',
    exitStatus: 402,
    ctime: start,
    process: {
      exitMessage: 'Step volume_2 failed.',
      sources,
      explanation: {
        tone: 'failed',
        headline: 'Step volume_2 failed.',
        facts: [
          { name: 'Exit status', value: '402' },
          { name: 'Step volume_2', value: 'PwCalculation: The job ran out of walltime after 6:00:00.' },
        ],
        lines: [],
        advice: [],
        actions: ['resume', 'launch-again'],
      },
    },
  });
  const step = (path: string, name: string, verdict: ResumeStep['verdict'], why: string): ResumeStep => ({
    path,
    name,
    verdict,
    why,
    former: failed.uuid,
  });
  const equal = 'it finished, and is asked for the same';
  failed.process?.plan.push(
    step('relax', 'PwRelaxWorkChain', 'reused', equal),
    step('relax/iteration_01', 'PwCalculation', 'reused', equal),
    step('volume_1', 'PwCalculation', 'reused', equal),
    step('volume_2', 'PwCalculation', 'again', 'it failed with exit status 120'),
    step('fit', 'fit', 'later', 'comes after what runs again; it is re-used if its inputs are then the same'),
  );
  return failed;
}

/** What a new run would do, where a person wants some steps to run again in any case. */
export function planOf(node: FakeNode, again: readonly string[]) {
  const steps = (node.process?.plan ?? []).map((step): ResumeStep => {
    const wanted = again.some((path) => step.path === path || step.path.startsWith(`${path}/`));
    return wanted && step.verdict === 'reused'
      ? { ...step, verdict: 'again', why: 'you want it to run again' }
      : step;
  });
  const count = (verdict: ResumeStep['verdict']): number =>
    steps.filter((step) => step.verdict === verdict).length;
  return { from: node.uuid, reused: count('reused'), again: count('again'), later: count('later'), steps };
}
