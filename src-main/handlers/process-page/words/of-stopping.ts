/** A person or a rule stops it, for now or for good. */
import type { Explanation } from '#shared/contract/areas/processes.ts';
import { ruleWords } from '#shared/process/rule-words.ts';
import { fact, jobFacts, lastsSince, plain, type Of } from './pieces.ts';

/** A pause does not reach the scheduler: a job that is there goes on. */
export const pausedByPerson = ({ run }: Of<'paused'>): Explanation => ({
  ...plain,
  headline: 'Paused by a person: nothing happens until someone presses play.',
  facts: jobFacts(run),
  advice:
    run.kind === 'job' && run.phase === 'run'
      ? [
          'The job itself goes on at the scheduler and keeps its place there; its rules rest, and its files are retrieved after the pause.',
        ]
      : [],
  actions: ['play', 'kill'],
});

/** A kill that is not through yet: the scheduler or the steps have to end first. */
export function beingKilled({ run }: Of<'being-killed'>): Explanation {
  const steps = run.kind === 'workflow' ? Object.keys(run.waiting).length : 0;
  return {
    ...plain,
    headline:
      run.kind === 'workflow'
        ? `Being killed: it ends when its ${steps === 1 ? 'step has' : `${steps} steps have`} ended.`
        : 'Being killed: the scheduler is asked to cancel the job.',
    ...lastsSince(run),
    facts: jobFacts(run),
    actions: ['retry-now', 'open-computer'],
  };
}

/** A stop rule was met; unlike after a kill the process ends with an exit code. */
export const beingStopped = ({ run, stopping }: Of<'being-stopped'>): Explanation => ({
  ...plain,
  headline: stopping.told
    ? 'A rule stops the job: the scheduler was told, and its end is awaited.'
    : 'A rule stops the job: the scheduler is asked to cancel it.',
  since: stopping.since,
  facts: [
    fact('The rule', ruleWords(stopping.rule)),
    ...(stopping.value === null ? [] : [fact('It read', `${stopping.value} in “${stopping.line}”`)]),
    ...jobFacts(run),
  ],
  advice: [
    stopping.rule.after === 'nothing'
      ? 'It ends with exit status 150; its files stay where they are.'
      : 'Its files come back all the same; it ends with exit status 150.',
  ],
  actions: ['retry-now', 'open-computer', 'kill'],
});
