/** `npm run sim`: see README.md. What a person reads while it runs goes to stderr, the verdict to stdout. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { noFaults } from './cluster/virtual-cluster.ts';
import { runCrew } from './crew.ts';
import { findPlants } from './find-plants.ts';
import { runSeed, type SeedReport } from './run-seed.ts';
import { bigScenario } from './scenario.ts';
import { Totals } from './totals.ts';
import { ProfileDisk } from './world/profile.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    workers: { type: 'string', default: '2' },
    replay: { type: 'boolean', default: false },
    planted: { type: 'boolean', default: false },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
    big: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '100000' },
    days: { type: 'string', default: '90' },
  },
});

const say = (words: string): void => {
  process.stderr.write(`${words}\n`);
};

function whole(text: string, name: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`--${name} takes a whole number, not “${text}”.`);
}

function* numbers(from: number, count: number, times: number): Generator<number> {
  for (let seed = from; seed < from + count; seed++) for (let time = 0; time < times; time++) yield seed;
}

function tell({ seed, violation, last }: SeedReport): void {
  if (violation === null) return;
  say('');
  for (const line of last.slice(-60)) say(line.length > 260 ? `${line.slice(0, 260)}…` : line);
  say(`\nSeed ${seed} broke ${violation.promise}: ${violation.words}`);
  say(`Repeat it with: npm run sim -- --seed ${seed}`);
}

async function runSeeds(from: number, count: number): Promise<number> {
  const totals = new Totals();
  const digests = new Map<number, string>();
  const broken: SeedReport[] = [];
  const unlike: number[] = [];
  const workers = whole(values.workers, 'workers');
  let told = performance.now();
  await runCrew(numbers(from, count, values.replay ? 2 : 1), {
    root,
    workers,
    plant: null,
    verbose: false,
    onReport(report) {
      totals.add(report);
      const before = digests.get(report.seed);
      if (before !== undefined && before !== report.digest) unlike.push(report.seed);
      digests.set(report.seed, report.digest);
      if (report.violation !== null && before === undefined) {
        broken.push(report);
        tell(report);
      }
      if (performance.now() - told > 5000) {
        told = performance.now();
        say(totals.words);
      }
      return values.keep || broken.length === 0;
    },
  });
  say(totals.table);
  for (const seed of unlike) say(`Seed ${seed} did not repeat itself.`);
  // a fault that nothing injects is a promise that nothing tests
  const idle = idleFaults(totals);
  for (const fault of idle) say(`The fault ${fault} never struck.`);
  const failed = broken.length > 0 || unlike.length > 0 || idle.length > 0;
  const promises = broken.map(({ seed, violation }) => `${seed} (${violation?.promise})`).join(', ');
  process.stdout.write(
    `sim ${failed ? 'failed' : 'passed'}: ${totals.words}${values.replay ? ', each twice' : ''}\n`,
  );
  if (failed)
    process.stdout.write(
      `broken: ${promises}${unlike.length > 0 ? `; not repeated: ${unlike.join(', ')}` : ''}` +
        `${idle.length > 0 ? `; never struck: ${idle.join(', ')}` : ''}\n`,
    );
  return failed ? 1 : 0;
}

async function runOne(seed: number): Promise<number> {
  let end: SeedReport | null = null;
  await runCrew(numbers(seed, 1, 1), {
    root,
    workers: 1,
    plant: null,
    verbose: true,
    onLine: (line) => process.stdout.write(`${line}\n`),
    onReport(report) {
      end = report;
      return true;
    },
  });
  const report = end as SeedReport | null;
  if (report === null) return 1;
  const totals = new Totals();
  totals.add(report);
  say(totals.table);
  say(`${totals.words}; digest ${report.digest.slice(0, 16)}`);
  if (report.violation === null) return 0;
  say(`Seed ${seed} broke ${report.violation.promise}: ${report.violation.words}`);
  return 1;
}

/** Faults that a world has, and that never struck: of so many seeds each kind has its share. */
const enoughForAll = 200;
const idleFaults = ({ seeds, counts }: Totals): readonly string[] =>
  seeds < enoughForAll ? [] : Object.keys(noFaults).filter((fault) => !counts.has(`fault: ${fault}`));

/** In this thread, with one engine: there is one seed, and its memory is to be told. */
async function runBig(jobs: number, days: number): Promise<number> {
  const disk = new ProfileDisk();
  const totals = new Totals();
  try {
    const report = await runSeed(1, disk, null, bigScenario(jobs, days));
    totals.add(report);
    tell(report);
    say(totals.table);
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
    const { violation, counts, digest } = report;
    process.stdout.write(
      `sim ${violation === null ? 'passed' : 'failed'}: one engine, one thread; ` +
        `${counts.get('launched: job') ?? 0} jobs launched; ${totals.words}; ` +
        `${((userCPUTime + systemCPUTime) / 1e6).toFixed(0)} s of processor time, at most ${mb(maxRSS * 1024)} of memory, ` +
        `database ${mb(disk.bytes)}; digest ${digest.slice(0, 16)}\n`,
    );
    return violation === null ? 0 : 1;
  } finally {
    disk.dispose();
  }
}

async function main(): Promise<number> {
  if (values.big) return runBig(whole(values.jobs, 'jobs'), whole(values.days, 'days'));
  if (values.planted) {
    return findPlants(
      root,
      values.only ?? null,
      whole(values.seeds ?? '500', 'seeds'),
      whole(values.workers, 'workers'),
      say,
    );
  }
  if (values.seed !== undefined) return runOne(whole(values.seed, 'seed'));
  return runSeeds(whole(values.from, 'from'), whole(values.seeds ?? '100', 'seeds'));
}

process.exitCode = await main();
