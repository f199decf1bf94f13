import { noFaults, usualSite, type Faults, type SiteRules } from './cluster/virtual-cluster.ts';
import { ofStratum, stratumOf } from './strata.ts';
import { Dice } from './time/dice.ts';
import { noUses, usesOf, type Uses } from './uses.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How often a person does something: the mean time between two of a kind, 0 for never. */
export interface Habits {
  readonly launch: number;
  readonly kill: number;
  readonly pause: number;
  readonly play: number;
  readonly pauseComputer: number;
  readonly resumeComputer: number;
  readonly retryNow: number;
  readonly signIn: number;
  readonly decide: number;
  readonly sleep: number;
  readonly quit: number;
  readonly crash: number;
  readonly powerCut: number;
  readonly upgrade: number;
  readonly network: number;
  readonly diskFills: number;
  readonly clockJumps: number;
  readonly answer: number;
  readonly setRules: number;
}

export interface Place {
  readonly name: string;
  readonly site: SiteRules;
  readonly faults: Faults;
  /** Seconds between two listings. */
  readonly pollSeconds: number;
}

/** Everything that a seed decides before anything happens. */
export interface Scenario {
  readonly seed: number;
  readonly activeMs: number;
  readonly places: readonly Place[];
  /** Mean time between two changes of the weather: in fair weather nothing fails. */
  readonly weatherMs: number;
  /** How likely each change of the weather brings fair weather, and whether it begins with that. */
  readonly fairShare: number;
  readonly startsFair: boolean;
  readonly habits: Habits;
  readonly mostLaunches: number;
  readonly launchedAtOnce: readonly [min: number, max: number];
  readonly onlyJobs: boolean;
  readonly uses: Uses;
  /** The profile is looked at when nobody has it open and so long has passed since the last look; and at the end. */
  readonly checksEachMs: number;
  /** So long after its end a job is forgotten, but for its names; null: never. */
  readonly forgetsAfterMs: number | null;
}

/** The most likely that each fault is. A seed has some of them, each more or less, and the rest not at all. */
const worst: Faults = {
  ...noFaults,
  dialFails: 0.95,
  dialNeedsPerson: 0.5,
  loseRequest: 0.15,
  executeThenLoseReply: 0.3,
  cutLink: 0.15,
  truncateReply: 0.2,
  garbleReply: 0.2,
  slowReply: 0.1,
  hang: 0.05,
  scratchWiped: 0.04,
  schedulerDown: 0.1,
  emptyListing: 0.3,
  sbatchTimesOutButAccepts: 0.6,
  sbatchTimesOutAndRefuses: 0.6,
  sbatchAcceptsLate: 0.3,
  wrapperKilledMidway: 0.6,
  jobNeverStarts: 0.2,
  nodeFails: 0.4,
  preempt: 0.4,
  requeue: 0.5,
  walltimeKill: 0.3,
  memoryKill: 0.2,
  cancelledByAdmin: 0.2,
  jobExitsNonZero: 0.3,
  diskFull: 0.15,
  uploadCutMidFile: 0.2,
  bitFlip: 0.15,
};

/** Few faults that strike often find more than many that hardly do. */
function faultsOf(dice: Dice): Faults {
  const share = dice.of([0, 0.15, 0.3, 0.5]);
  const pairs = Object.entries(worst).map(([name, most]) => {
    const strength = dice.next();
    return [name, dice.chance(share) ? (most as number) * strength : 0] as const;
  });
  return { ...noFaults, ...Object.fromEntries(pairs) };
}

/** Everybody has some of them: an array with a step, one with gaps that Slurm cuts off, a job of several kinds. */
const otherJobs = ['11_[0-20:4]', '12_[1,3,5,7,11,13,17,19,23,29,31,37,41,43,47,53,59,61,67...]', '13+1'];

/** A world has few jobs, and every command without a scheduler takes a number, too. */
const idsUntilWrap = (slurm: boolean, numbers: number): number => (slurm ? 3 + (numbers % 10) : numbers);

function siteOf(dice: Dice): SiteRules {
  const slurm = dice.chance(0.8);
  const first = dice.of([1, 1000, 4_000_000]);
  const slots = dice.of([1, 3, 16]);
  return {
    ...usualSite,
    scheduler: slurm ? 'core.slurm' : 'core.direct',
    slots,
    maxQueued: dice.chance(0.3) ? dice.whole(1, 5) : null,
    accounting: dice.chance(0.75),
    accountingLagMs: dice.wide(second, 3 * minute),
    minJobAgeMs: dice.of([5 * second, minute, 5 * minute]),
    accountingPurgeMs: dice.of([day, 30 * day, 365 * day]),
    nfsDelayMs: dice.of([0, 0, 3 * second, 40 * second]),
    clockSkewMs: dice.of([0, 0, -3 * hour, 7 * minute, 2 * day]),
    firstJobId: first,
    otherJobs,
    idWrapAt: dice.chance(0.15) ? first + idsUntilWrap(slurm, dice.whole(200, 500)) : null,
    loginNodes: dice.of([1, 1, 3]),
    latencyMs: dice.of([
      [1, 5],
      [20, 120],
      [200, 3000],
    ] as const),
    jobMs: dice.of([
      [second, 20 * second],
      [minute, 20 * minute],
      [10 * minute, slots === 1 ? hour : 6 * hour],
    ] as const),
  };
}

/** Everything follows from the seed; its last digit decides of what kind its world is. */
export const scenarioOf = (seed: number): Scenario => ofStratum(anyScenario(seed));

function anyScenario(seed: number): Scenario {
  const dice = new Dice(seed, 'scenario');
  const places: Place[] = Array.from({ length: dice.of([1, 1, 2]) }, (_, index) => ({
    name: `site${index + 1}`,
    site: siteOf(dice),
    faults: faultsOf(dice),
    pollSeconds: dice.of([10, 30, 60, 60, 300]),
  }));
  // a world of a kind is made for something else
  const uses = usesOf(seed, stratumOf(seed) === 'any' ? 0.4 : 0.15);
  const often = (mean: number, probability = 0.6): number =>
    dice.chance(probability) ? dice.wide(mean / 3, mean * 3) : 0;
  return {
    seed,
    activeMs: dice.of([3 * hour, 8 * hour, day]),
    places,
    weatherMs: dice.wide(20 * minute, 6 * hour),
    fairShare: 0.4,
    startsFair: true,
    mostLaunches: dice.wide(4, 18),
    launchedAtOnce: [1, 4],
    onlyJobs: false,
    uses,
    checksEachMs: 0,
    forgetsAfterMs: null,
    habits: {
      launch: dice.wide(5 * minute, hour),
      kill: often(2 * hour),
      pause: often(3 * hour),
      play: dice.wide(20 * minute, 4 * hour),
      pauseComputer: often(6 * hour, 0.4),
      resumeComputer: dice.wide(20 * minute, 6 * hour),
      retryNow: often(10 * hour),
      signIn: dice.wide(10 * minute, 8 * hour),
      decide: dice.wide(hour, 10 * hour),
      sleep: often(6 * hour),
      quit: often(5 * hour),
      crash: often(hour, 0.7),
      powerCut: often(3 * hour),
      upgrade: often(8 * hour, 0.4),
      network: often(4 * hour),
      diskFills: often(5 * hour, 0.35),
      clockJumps: often(10 * hour, 0.2),
      answer: uses.answerMs,
      setRules: uses.setRulesMs,
    },
  };
}

/** Many jobs over a long time, with a kill or a power cut every few days and weather that is foul now and then. */
export function bigScenario(jobs: number, days: number): Scenario {
  const atOnce = 50;
  const never: Habits = {
    launch: 0,
    kill: 0,
    pause: 0,
    play: 0,
    pauseComputer: 0,
    resumeComputer: 0,
    retryNow: 0,
    signIn: 0,
    decide: 0,
    sleep: 0,
    quit: 0,
    crash: 0,
    powerCut: 0,
    upgrade: 0,
    network: 0,
    diskFills: 0,
    clockJumps: 0,
    answer: 0,
    setRules: 0,
  };
  return {
    seed: 1,
    activeMs: days * day,
    places: [
      {
        name: 'site1',
        site: { ...usualSite, slots: 256, jobMs: [minute, 2 * hour], accountingPurgeMs: 30 * day },
        faults: {
          ...noFaults,
          executeThenLoseReply: 0.01,
          dialFails: 0.1,
          wrapperKilledMidway: 0.01,
          requeue: 0.01,
          nodeFails: 0.005,
          walltimeKill: 0.005,
        },
        pollSeconds: 300,
      },
    ],
    weatherMs: 12 * hour,
    fairShare: 0.4,
    startsFair: true,
    mostLaunches: jobs,
    launchedAtOnce: [atOnce, atOnce],
    onlyJobs: true,
    uses: noUses,
    checksEachMs: 15 * day,
    forgetsAfterMs: 12 * hour,
    habits: {
      ...never,
      // somewhat more often than needed: nobody launches anything while the laptop sleeps or is off
      launch: (0.85 * days * day * atOnce) / jobs,
      decide: 6 * hour,
      signIn: hour,
      sleep: 3 * day,
      crash: 3 * day,
      powerCut: 10 * day,
      network: 2 * day,
    },
  };
}
