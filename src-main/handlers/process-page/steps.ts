import type { ProcessStep } from '#shared/contract/areas/processes.ts';
import { jobSteps, type JobStep } from '#shared/process/states.ts';
import type { ProcessFacts } from './facts.ts';

const words: Readonly<Record<JobStep, string>> = {
  prepare: 'Prepare the files',
  upload: 'Upload to the computer',
  submit: 'Submit to the scheduler',
  queue: 'Wait in the queue',
  run: 'Run',
  retrieve: 'Retrieve the results',
  parse: 'Parse the results',
};

interface Times {
  readonly started: number | null;
  readonly ended: number | null;
  readonly attempts: number;
  readonly trouble: string;
}

/** The seven steps of a calculation job with their times, from its journal; empty for what is no job, and for a copy. */
export function stepsOf(facts: ProcessFacts): ProcessStep[] {
  if (facts.row.kind !== 'calculation-job' || facts.journal.length === 0 || facts.row.cached === true)
    return [];
  const created = facts.row.ctime;
  const { state } = facts.row;
  const over = facts.run === null;
  const reached = Math.max(
    ...jobSteps.map((step, at) => (timesOf(facts, step, created).started === null ? -1 : at)),
  );
  return jobSteps.map((step, at) => {
    const times = timesOf(facts, step, created);
    const ended = times.ended ?? (over && times.started !== null ? facts.row.mtime : null);
    const last = at === reached;
    return {
      name: step,
      words: words[step],
      state: stepState(times, ended, last, over && (state === 'killed' || state === 'excepted')),
      started: times.started,
      ended,
      detail: last && !over ? facts.run.activity.reason || times.trouble : times.trouble,
      attempts: times.attempts,
    };
  });
}

function stepState(times: Times, ended: number | null, last: boolean, cutOff: boolean): ProcessStep['state'] {
  if (times.started === null) return last ? 'active' : 'to-come';
  if (last && cutOff) return 'failed';
  if (ended !== null) return 'done';
  return times.trouble === '' ? 'active' : 'waiting';
}

function timesOf(facts: ProcessFacts, step: JobStep, created: number): Times {
  let started: number | null = step === 'prepare' ? created : null;
  let ended: number | null = null;
  let attempts = step === 'prepare' ? 1 : 0;
  let trouble = '';
  for (const { time, entry } of facts.journal) {
    if (entry.kind === 'note' || entry.phase !== step) continue;
    switch (entry.kind) {
      case 'enter':
        started ??= time;
        ended = null;
        attempts++;
        break;
      case 'leave':
        ended = time;
        break;
      case 'trouble':
        trouble = entry.words;
        break;
    }
  }
  return { started, ended, attempts, trouble };
}
