/** Jobs with rules that stop them, and jobs with a workflow that runs them again, from dice. */
import { usualRule, type StopRule } from '#shared/process/rule-types.ts';
import { unhandledPolicies } from '#shared/plugin/restart/run-restart.ts';
import { progressFile, type JobParameters, type RestartParameters, type Watch } from '../plugins/program.ts';
import type { Dice } from '../time/dice.ts';

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;

/** Far beyond the end of every world: only a rule or a person ends such a job. */
export const runsOnMs = 20 * day;

/** Values of a calculation that goes well are below it. */
const limit = 100;

type Course = 'goes-wrong' | 'goes-wrong-late' | 'goes-well' | 'falls-silent' | 'hardly-wrong';

/** A job that goes wrong in a way that one of its rules sees, or goes well. */
export function watchedFrom(dice: Dice): { readonly watch: Watch; readonly rules: readonly StopRule[] } {
  const course = dice.weighted<Course>([
    [4, 'goes-wrong'],
    [2, 'goes-wrong-late'],
    [2, 'goes-well'],
    [3, 'falls-silent'],
    [1, 'hardly-wrong'],
  ]);
  const everyMs = dice.wide(20 * second, 3 * minute);
  const well = Array.from({ length: dice.whole(2, 25) }, () => dice.whole(1, limit - 1));
  const times = dice.whole(1, 3);
  const wrong = (count: number): number[] => Array.from({ length: count }, () => dice.whole(limit + 1, 900));
  const value = valueRule(dice, times);
  const silent = silentRule(dice, everyMs);
  const rules = course === 'falls-silent' ? [silent] : dice.chance(0.3) ? [silent, value] : [value];
  const watch = (values: readonly number[], afterMs: number): Watch => ({
    values,
    everyMs,
    totalMs: values.length * everyMs + afterMs,
  });
  switch (course) {
    case 'goes-wrong':
      return { watch: watch([...well, ...wrong(times + dice.whole(0, 10))], runsOnMs), rules };
    case 'goes-wrong-late':
      return { watch: watch([...well, ...wrong(times)], dice.wide(second, 5 * minute)), rules };
    case 'goes-well':
      return { watch: watch(well, second), rules };
    case 'falls-silent':
      return { watch: watch(well, runsOnMs), rules };
    case 'hardly-wrong': {
      // one too few in a row, again and again
      const values = well.flatMap((one) => [one, ...wrong(times - 1)]);
      return { watch: watch(values.slice(0, 60), second), rules };
    }
  }
}

const common = (dice: Dice): Pick<StopRule, 'file' | 'every' | 'after'> => ({
  file: progressFile,
  every: dice.of([usualRule.every, 300]),
  after: dice.of(['parse', 'retrieve', 'nothing'] as const),
});

const valueRule = (dice: Dice, times: number): StopRule => ({
  ...common(dice),
  kind: 'value',
  pattern: { kind: 'words', text: 'energy' },
  compare: '>',
  limit,
  times,
});

/** A job that writes as it should never falls silent for so long. */
const silentRule = (dice: Dice, everyMs: number): StopRule => ({
  ...common(dice),
  kind: 'silent',
  minutes: Math.ceil(everyMs / minute) + dice.whole(2, 20),
});

/** Another wish of the person about a job that has rules: what stops it is the same. */
export const otherRules = (dice: Dice, rules: readonly StopRule[]): readonly StopRule[] =>
  rules.map((rule) => ({ ...rule, ...common(dice) }));

export function restartFrom(dice: Dice, made: JobParameters): RestartParameters {
  const most = dice.whole(1, 4);
  const mended = dice.chance(0.75);
  const job: JobParameters = mended
    ? {
        ...made,
        ends: dice.of(['exit-status', 'no-output'] as const),
        toMend: dice.whole(1, 4),
        asks: dice.chance(0.4),
      }
    : made;
  return {
    name: `restart of ${made.name}`,
    job,
    most,
    walltime: dice.chance(0.3) ? dice.wide(120, 3600) : 0,
    unhandled: dice.of(unhandledPolicies),
    asksAtLimit: dice.chance(0.5),
  };
}
