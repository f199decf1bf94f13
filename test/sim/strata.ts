import { noFaults, type Faults, type SiteRules } from './cluster/virtual-cluster.ts';
import type { Place, Scenario } from './scenario.ts';
import { Dice } from './time/dice.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * Kinds of worlds. Most seeds are `any`: what goes wrong there is decided by dice alone. The others make likely what
 * comes about there once in thousands of seeds:
 * - `doubt`: whether a job was submitted is not known, and lists do not help
 * - `returns`: the scheduler puts jobs back into its queue, after they looked as if they had ended
 * - `late-books`: the scheduler is away for hours, accounting learns of jobs much later, and notes of their ends lag behind
 * - `away`: nobody can log in for most of a day, while jobs run and others wait
 */
export type Stratum = 'any' | 'doubt' | 'returns' | 'late-books' | 'away';

const byLastDigit: Readonly<Record<number, Stratum>> = {
  2: 'doubt',
  4: 'returns',
  6: 'late-books',
  7: 'doubt',
  8: 'away',
};

export const stratumOf = (seed: number): Stratum => byLastDigit[seed % 10] ?? 'any';

/** The world of a seed, made into one of its kind. */
export function ofStratum(scenario: Scenario): Scenario {
  const dice = new Dice(scenario.seed, 'stratum');
  switch (stratumOf(scenario.seed)) {
    case 'any':
      return scenario;
    case 'doubt':
      return doubt(scenario, dice);
    case 'returns':
      return returns(scenario, dice);
    case 'late-books':
      return lateBooks(scenario, dice);
    case 'away':
      return away(scenario, dice);
  }
}

const maybe = (dice: Dice, probability: number, from: number, to: number): number =>
  dice.chance(probability) ? from + dice.next() * (to - from) : 0;

const changed = (
  place: Place,
  site: Partial<SiteRules>,
  faults: Partial<Faults>,
  pollSeconds: number,
): Place => ({
  ...place,
  site: { ...place.site, ...site },
  faults: { ...noFaults, ...faults },
  pollSeconds,
});

/** A few hours with many short jobs in weather that is mostly foul. */
function busy(scenario: Scenario, dice: Dice, places: readonly Place[]): Scenario {
  return {
    ...scenario,
    activeMs: dice.of([3 * hour, 6 * hour]),
    places,
    weatherMs: dice.wide(hour, 4 * hour),
    fairShare: 0.15,
    startsFair: false,
    mostLaunches: dice.wide(5, 12),
    onlyJobs: dice.chance(0.7),
    habits: { ...scenario.habits, launch: dice.wide(5 * minute, 40 * minute), sleep: 0, diskFills: 0 },
  };
}

const short = [
  [1, 5],
  [20, 120],
] as const;

function doubt(scenario: Scenario, dice: Dice): Scenario {
  const places = scenario.places.map((place) => {
    const isSlurm = dice.chance(0.85);
    const isForgetful = dice.chance(0.5);
    return changed(
      place,
      {
        scheduler: isSlurm ? 'core.slurm' : 'core.direct',
        slots: dice.of([1, 2, 8]),
        accounting: !isForgetful,
        latencyMs: dice.of(short),
        jobMs: [minute, dice.of([5 * minute, 20 * minute])],
      },
      {
        sbatchTimesOutButAccepts: maybe(dice, 0.6, 0.2, 0.7),
        sbatchAcceptsLate: maybe(dice, 0.7, 0.2, 0.7),
        wrapperKilledMidway: maybe(dice, 0.6, 0.2, 0.7),
        emptyListing: maybe(dice, isForgetful ? 0.7 : 0.3, 0.1, 0.6),
        schedulerDown: maybe(dice, 0.5, 0.02, 0.1),
        executeThenLoseReply: maybe(dice, 0.4, 0.02, 0.2),
      },
      dice.of([10, 30, 60]),
    );
  });
  const world = busy(scenario, dice, places);
  return { ...world, habits: { ...world.habits, crash: maybe(dice, 0.6, 15 * minute, hour) } };
}

function returns(scenario: Scenario, dice: Dice): Scenario {
  const places = scenario.places.map((place) =>
    changed(
      place,
      {
        scheduler: 'core.slurm',
        slots: dice.of([2, 8]),
        accounting: dice.chance(0.7),
        latencyMs: dice.of(short),
        jobMs: [minute, 20 * minute],
        nfsDelayMs: dice.of([0, 3 * second]),
      },
      {
        preempt: maybe(dice, 0.7, 0.2, 0.6),
        nodeFails: maybe(dice, 0.7, 0.2, 0.6),
        requeue: maybe(dice, 0.5, 0.1, 0.4),
        walltimeKill: maybe(dice, 0.4, 0.1, 0.4),
        emptyListing: maybe(dice, 0.3, 0.05, 0.3),
        cutLink: maybe(dice, 0.3, 0.01, 0.1),
      },
      dice.of([10, 10, 30, 60]),
    ),
  );
  return busy(scenario, dice, places);
}

function lateBooks(scenario: Scenario, dice: Dice): Scenario {
  const places = scenario.places.map((place) => {
    const isLate = dice.chance(0.6);
    return changed(
      place,
      {
        scheduler: 'core.slurm',
        slots: dice.of([1, 2, 8]),
        accounting: true,
        accountingLagMs: isLate ? dice.wide(20 * minute, hour) : dice.wide(second, minute),
        minJobAgeMs: dice.of([5 * second, 5 * minute]),
        outageMs: 2 * hour,
        maxQueued: null,
        nfsDelayMs: dice.of([0, 0, 40 * second]),
        latencyMs: dice.of(short),
        jobMs: [minute, 40 * minute],
      },
      {
        schedulerDown: isLate ? 0.02 + dice.next() * 0.1 : maybe(dice, 0.3, 0.005, 0.02),
        walltimeKill: maybe(dice, isLate ? 0.2 : 0.9, 0.1, 0.6),
        memoryKill: maybe(dice, isLate ? 0.2 : 0.5, 0.1, 0.4),
        jobExitsNonZero: maybe(dice, 0.5, 0.1, 0.4),
        cutLink: maybe(dice, 0.3, 0.01, 0.1),
      },
      dice.of([10, 60, 300]),
    );
  });
  return busy(scenario, dice, places);
}

function away(scenario: Scenario, dice: Dice): Scenario {
  const places = scenario.places.map((place) => {
    const forPersons = dice.chance(0.4);
    return changed(
      place,
      { latencyMs: dice.of(short), jobMs: [minute, hour] },
      {
        dialFails: forPersons ? 0.3 : 0.9 + dice.next() * 0.1,
        dialNeedsPerson: forPersons ? 0.3 + dice.next() * 0.5 : 0,
        cutLink: 0.02 + dice.next() * 0.1,
      },
      60,
    );
  });
  const world = busy(scenario, dice, places);
  const { habits } = scenario;
  // few reasons to dial that are not its own
  return {
    ...world,
    activeMs: dice.of([8 * hour, 24 * hour]),
    mostLaunches: 24,
    launchedAtOnce: [3, 8],
    habits: {
      ...world.habits,
      crash: habits.crash * 6,
      powerCut: habits.powerCut * 3,
      quit: 0,
      upgrade: 0,
      retryNow: 0,
      network: maybe(dice, 0.5, 2 * hour, 8 * hour),
    },
  };
}
