import { noFaults, usualSite, type Faults, type SiteRules } from './cluster/virtual-cluster.ts';
import { Dice } from './time/dice.ts';

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
  readonly habits: Habits;
  readonly mostLaunches: number;
}

/** The most likely that each fault is; what a seed has is often less, or nothing. */
const worst: Faults = {
  ...noFaults,
  dialFails: 0.4,
  dialNeedsPerson: 0.15,
  loseRequest: 0.05,
  executeThenLoseReply: 0.1,
  cutLink: 0.05,
  truncateReply: 0.05,
  garbleReply: 0.05,
  slowReply: 0.03,
  hang: 0.02,
  scratchWiped: 0.0005,
  schedulerDown: 0.02,
  emptyListing: 0.02,
  sbatchTimesOutButAccepts: 0.15,
  sbatchTimesOutAndRefuses: 0.15,
  wrapperKilledMidway: 0.15,
  jobNeverStarts: 0.05,
  nodeFails: 0.05,
  preempt: 0.05,
  requeue: 0.1,
  walltimeKill: 0.05,
  memoryKill: 0.05,
  cancelledByAdmin: 0.05,
  jobExitsNonZero: 0.1,
  diskFull: 0.03,
  uploadCutMidFile: 0.05,
  bitFlip: 0.03,
};

function faultsOf(dice: Dice): Faults {
  const rough = dice.of([0, 0.3, 1, 1]);
  const pairs = Object.entries(worst).map(([name, most]) => {
    const often = dice.chance(0.45) ? 0 : rough * (most as number) * dice.next();
    return [name, often] as const;
  });
  return { ...noFaults, ...Object.fromEntries(pairs) };
}

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
    minJobAgeMs: dice.of([5 * second, minute, 5 * minute, 5 * minute]),
    accountingPurgeMs: dice.of([day, 30 * day, 365 * day]),
    nfsDelayMs: dice.of([0, 0, 3 * second, 40 * second]),
    clockSkewMs: dice.of([0, 0, -3 * hour, 7 * minute, 2 * day]),
    firstJobId: first,
    idWrapAt: dice.chance(0.15) ? first + dice.whole(200, 500) : null,
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

export function scenarioOf(seed: number): Scenario {
  const dice = new Dice(seed, 'scenario');
  const places: Place[] = Array.from({ length: dice.of([1, 1, 2]) }, (_, index) => ({
    name: `site${index + 1}`,
    site: siteOf(dice),
    faults: faultsOf(dice),
    pollSeconds: dice.of([10, 30, 60, 60, 300]),
  }));
  const often = (mean: number, probability = 0.6): number =>
    dice.chance(probability) ? dice.wide(mean / 3, mean * 3) : 0;
  return {
    seed,
    activeMs: dice.of([6 * hour, day, 3 * day]),
    places,
    weatherMs: dice.wide(hour, day),
    mostLaunches: dice.wide(4, 24),
    habits: {
      launch: dice.wide(20 * minute, 2 * hour),
      kill: often(6 * hour),
      pause: often(8 * hour),
      play: dice.wide(20 * minute, 4 * hour),
      pauseComputer: often(day, 0.4),
      resumeComputer: dice.wide(20 * minute, 6 * hour),
      retryNow: often(10 * hour),
      signIn: dice.wide(10 * minute, 8 * hour),
      decide: dice.wide(hour, 10 * hour),
      sleep: often(10 * hour),
      quit: often(12 * hour),
      crash: often(5 * hour),
      powerCut: often(16 * hour),
      upgrade: often(2 * day, 0.4),
      network: often(8 * hour),
      diskFills: often(2 * day, 0.3),
      clockJumps: often(2 * day, 0.2),
    },
  };
}
