import { Dice } from './time/dice.ts';

const minute = 60_000;
const hour = 60 * minute;

/** What the person of a world makes use of, beside plain jobs, functions and workflows. */
export interface Uses {
  /** `asked`: where a launch says so; `always`: unless a launch says no. */
  readonly caching: 'off' | 'asked' | 'always';
  readonly restarts: boolean;
  /** Workflows ask the person. */
  readonly questions: boolean;
  /** Jobs are launched with rules that stop them. */
  readonly rules: boolean;
  /** Steps of workflows race: what comes first decides. */
  readonly races: boolean;
  /** Mean time between two looks at open questions, and between two changes of rules; 0 for never. */
  readonly answerMs: number;
  readonly setRulesMs: number;
}

export const noUses: Uses = {
  caching: 'off',
  restarts: false,
  questions: false,
  rules: false,
  races: false,
  answerMs: 0,
  setRulesMs: 0,
};

/** @param likely how likely each use is */
export function usesOf(seed: number, likely: number): Uses {
  const dice = new Dice(seed, 'uses');
  const caching = dice.chance(likely) ? dice.of(['asked', 'always'] as const) : 'off';
  const restarts = dice.chance(likely);
  const questions = dice.chance(likely);
  const rules = dice.chance(likely);
  const answerMs = restarts || questions ? dice.wide(5 * minute, 4 * hour) : 0;
  const setRulesMs = rules && dice.chance(0.5) ? dice.wide(30 * minute, 6 * hour) : 0;
  const races = dice.chance(likely);
  return {
    caching,
    restarts,
    questions,
    rules,
    races,
    answerMs,
    setRulesMs,
  };
}
