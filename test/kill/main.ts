/**
 * The core is killed at random points while it works with a real sshd and a real Slurm, again and again: nothing may be
 * lost, nothing run or be submitted twice, and the check must be clean each time.
 *
 * `node test/kill/main.ts [--runs N] [--seed S]`; run i has seed S + i, so that `--runs 1 --seed S+i` does it again.
 */
import { parseArgs } from 'node:util';
import { seededRandom } from '#shared/base/random.ts';
import { slurmUnavailable } from '../support/slurm.ts';
import { sshdUnavailable } from '../support/sshd.ts';
import { ClusterOfRuns } from './cluster-of-runs.ts';
import { OneRun, type RunReport } from './one-run.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [runs, seed] = [Number(values.runs), Number(values.seed)];
const drainMs = 120_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const missing = sshdUnavailable() ?? slurmUnavailable();
if (missing !== null) {
  say(`No cluster to work with: ${missing}.`);
  process.exit(2);
}

/** Asked to end: after this run, with the sum of those that were done. */
const over = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => over.abort());

const cluster = await ClusterOfRuns.start();
const since = performance.now();
const reports: RunReport[] = [];
let failed = true;
try {
  for (let i = 0; i < runs && !over.signal.aborted; i++) {
    const begin = performance.now();
    const run = new OneRun(cluster, i, seededRandom(seed + i), drainMs);
    const report = await run.go();
    reports.push(report);
    const well = report.problems.length === 0;
    say(
      `run ${i + 1}, seed ${seed + i}: killed ${report.kills.join('; ')}. Ready again after ` +
        `${report.restarts.join(', ')} ms. ${report.processes} processes, ${report.jobs} jobs, ` +
        `${((performance.now() - begin) / 1000).toFixed(1)} s: ${well ? 'ok' : 'NOT WELL'}`,
    );
    for (const problem of report.problems) say(`  ${problem}`);
    if (well) run.drop();
    else say(`  The profile is kept: ${run.profile}`);
  }
  failed = reports.some(({ problems }) => problems.length > 0);
} finally {
  // also where something was thrown
  await cluster.stop(failed);
}

const sum = (of: (report: RunReport) => number): number =>
  reports.reduce((total, report) => total + of(report), 0);
const restarts = reports.flatMap((report) => report.restarts).toSorted((a, b) => a - b);
const bad = reports.filter(({ problems }) => problems.length > 0).length;
say(
  `${reports.length} runs, ${sum(({ kills }) => kills.length)} kills, ${sum(({ processes }) => processes)} processes, ` +
    `${sum(({ jobs }) => jobs)} jobs in ${Math.round((performance.now() - since) / 1000)} s. ` +
    `Lost ${sum(({ lost }) => lost)}, executed twice ${sum(({ executedTwice }) => executedTwice)}, ` +
    `submitted twice ${sum(({ submittedTwice }) => submittedTwice)}; not well ${bad} of ${reports.length}. ` +
    `Ready again: median ${restarts[Math.floor(restarts.length / 2)] ?? 0} ms, longest ${restarts.at(-1) ?? 0} ms.`,
);
process.exitCode = bad === 0 ? 0 : 1;
