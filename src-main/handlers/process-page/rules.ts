import type { RuleOnPage } from '#shared/contract/areas/processes.ts';
import { ruleWords } from '#shared/process/rule-words.ts';
import type { RuleState } from '../../computers/rules/rule-watch.ts';
import type { RunState } from '../../engine/state.ts';

/** Whether rules that stop it would still be heard. */
export const mayStop = (run: RunState): boolean =>
  run.kind === 'job' &&
  !run.killing &&
  run.stopping === undefined &&
  run.phase !== 'retrieve' &&
  run.phase !== 'parse';

/** The rules of a job with how far each is; what is known of them may be of a moment before. */
export function rulesOnPage(run: RunState | null, states: readonly RuleState[]): RuleOnPage[] {
  if (run?.kind !== 'job') return [];
  return (run.rules ?? []).map((rule, i) => {
    const { last = null, checked = null, problem = '' } = states[i] ?? {};
    return {
      rule,
      words: ruleWords(rule),
      last: last === null ? null : { value: String(last.value), line: last.line },
      checked,
      problem,
    };
  });
}
