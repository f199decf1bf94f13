import type { Explanation, ProcessDetail } from '#shared/contract/areas/processes.ts';
import { explanationOf } from './explanation.ts';
import { textOf, type ProcessFacts } from './facts.ts';
import type { RuleState } from '../../computers/rules/rule-watch.ts';
import { mayStop, rulesOnPage } from './rules.ts';
import { iterationsOf } from './iterations.ts';
import { schedulerFacts } from './scheduler-facts.ts';
import { alone, type Surroundings } from './waits.ts';
import { stepsOf } from './steps.ts';

/**
 * The page of a process.
 * @param launchable whether its plugin is installed here
 */
export function processPage(
  facts: ProcessFacts,
  launchable: boolean,
  around: Surroundings = alone,
  rules: readonly RuleState[] = [],
): ProcessDetail {
  const { run } = facts;
  const resumable = launchable && canResume(facts);
  return {
    node: facts.ref,
    row: facts.row,
    description: facts.description,
    processType: facts.processType,
    exitMessage: textOf(facts, 'exit_message'),
    exception: textOf(facts, 'exception'),
    steps: stepsOf(facts),
    explanation: onlyWhatCanBeDone(explanationOf(facts, around), launchable, resumable),
    inputs: [...facts.inputs],
    outputs: [...facts.outputs],
    called: [...facts.called],
    iterations: iterationsOf(facts),
    caller: facts.caller,
    resumed: facts.resumed,
    scheduler: schedulerFacts(facts),
    log: [...facts.log],
    rules: rulesOnPage(run, rules),
    can: {
      pause: run !== null && !run.paused && !run.killing,
      play: run !== null && run.paused,
      kill: run !== null,
      launchAgain: launchable,
      setRules: run !== null && mayStop(run),
      resume: resumable,
    },
  };
}

/** A workflow that did not end well, or whose code changed under it. */
function canResume({ row, run }: ProcessFacts): boolean {
  if (row.kind !== 'workflow') return false;
  if (run !== null) return run.kind === 'workflow' && run.changed !== null;
  return row.state === 'failed' || row.state === 'excepted' || row.state === 'killed';
}

/** Resuming comes first where it can be done: it costs the least. */
function onlyWhatCanBeDone(
  explanation: Explanation | null,
  launchable: boolean,
  resumable: boolean,
): Explanation | null {
  if (explanation === null) return explanation;
  const actions = explanation.actions.filter((action) => launchable || action !== 'launch-again');
  if (!resumable || actions.includes('resume')) {
    return { ...explanation, actions: actions.filter((action) => resumable || action !== 'resume') };
  }
  return { ...explanation, actions: ['resume', ...actions] };
}
