import type { ProcessStep } from '#shared/contract/areas/processes.ts';
import { jobSteps, type DisplayState, type JobStep } from '#shared/process/states.ts';
import type { FakeNode, FakeProcess, World } from './world.ts';

const stepWords: Readonly<Record<JobStep, string>> = {
  prepare: 'Prepare the files',
  upload: 'Upload to the computer',
  submit: 'Submit to the scheduler',
  queue: 'Wait in the queue',
  run: 'Run',
  retrieve: 'Retrieve the results',
  parse: 'Parse the results',
};

/** How long each step takes when nothing is wrong, in seconds. */
const usualSeconds: Readonly<Record<JobStep, number>> = {
  prepare: 2,
  upload: 11,
  submit: 3,
  queue: 214,
  run: 1480,
  retrieve: 19,
  parse: 4,
};

/** The timeline of a job that is in `active`, or that has ended when that is null. */
export function jobTimeline(
  start: number,
  active: JobStep | null,
  how: 'active' | 'waiting' | 'failed' = 'active',
  scale = 1,
): ProcessStep[] {
  let at = start;
  let passed = false;
  return jobSteps.map((name): ProcessStep => {
    const words = stepWords[name];
    if (passed) return { name, words, state: 'to-come', started: null, ended: null, detail: '', attempts: 0 };
    const started = at;
    const isActive = name === active;
    at += usualSeconds[name] * 1000 * scale;
    passed = isActive;
    const detail = name === 'upload' ? '7 files, 1.32 MB' : name === 'queue' ? 'job 5512091' : '';
    return {
      name,
      words,
      state: isActive ? how : 'done',
      started,
      ended: isActive && how !== 'failed' ? null : at,
      detail: isActive && name === 'upload' ? '3 of 7 files' : detail,
      attempts: isActive && how === 'waiting' ? 3 : 1,
    };
  });
}

export const noActivity = { step: '', words: '', reason: '', since: null, until: null } as const;

export interface ProcessDraft {
  readonly kind: FakeProcess['kind'];
  readonly className: string;
  readonly label?: string;
  readonly description?: string;
  readonly processType?: string;
  readonly state: DisplayState;
  readonly ctime: number;
  readonly caller?: FakeNode;
  readonly callLabel?: string;
  readonly computer?: string;
  readonly exitStatus?: number;
  readonly process?: Partial<FakeProcess>;
}

const nodeTypes: Readonly<Record<FakeProcess['kind'], string>> = {
  'calculation-job': 'process.calculation.calcjob.CalcJobNode.',
  'calculation-function': 'process.calculation.calcfunction.CalcFunctionNode.',
  workflow: 'process.workflow.workchain.WorkChainNode.',
};

export function addProcess(world: World, draft: ProcessDraft): FakeNode {
  const isJob = draft.kind === 'calculation-job';
  const computer = draft.computer ?? (isJob ? 'granite' : '');
  const node = world.add({
    kind: draft.kind === 'workflow' ? 'workflow' : 'calculation',
    nodeType: nodeTypes[draft.kind],
    className: draft.className,
    processType: draft.processType ?? `aiida.calculations:${draft.className.toLowerCase()}`,
    label: draft.label ?? '',
    description: draft.description ?? '',
    ctime: draft.ctime,
    attributes: {
      process_state: draft.state === 'failed' ? 'finished' : draft.state,
      process_label: draft.className,
      ...(isJob ? { scheduler_state: 'done', job_id: '5512091' } : {}),
    },
    process: {
      kind: draft.kind,
      state: draft.state,
      exitStatus:
        draft.exitStatus ?? (draft.state === 'finished' ? 0 : draft.state === 'failed' ? 300 : null),
      exitMessage: '',
      exception: '',
      activity: noActivity,
      computer,
      caller: draft.caller?.pk ?? null,
      steps: [],
      explanation: null,
      iterations: [],
      plan: [],
      scheduler: isJob
        ? [
            { name: 'Scheduler', value: 'core.slurm' },
            { name: 'Job id', value: '5512091' },
            { name: 'Work directory', value: `/scratch/ada/aiida/${world.uuid().slice(0, 2)}/4f/8c1d-77` },
            { name: 'Queue', value: 'normal' },
            { name: 'Account', value: 's1234' },
            { name: 'Machines', value: '2' },
            { name: 'Processes per machine', value: '36' },
            { name: 'Walltime', value: '6:00:00' },
          ]
        : [],
      log: [],
      rules: [],
      ...draft.process,
    },
  });
  if (draft.caller !== undefined) {
    const type = draft.kind === 'workflow' ? 'call_work' : 'call_calc';
    world.link(draft.caller, node, type, draft.callLabel ?? `iteration_01`);
  }
  return node;
}
