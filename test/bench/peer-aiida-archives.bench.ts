/**
 * One archive of 100 000 nodes, 230 000 links and 20 000 files, made here: what is in it, import and export, as whole
 * commands of AiiDA and of Stemma, in turns, each in a new profile, with the memory of all their processes (`weigh.ts`
 * says how it is counted, for both alike), and that of a process of Node which does nothing. Besides, what a window does
 * with it: it is opened without being imported, until its first page is there.
 * `STEMMA_BENCH_NODES=1000000`: Stemma alone, with so many nodes. `STEMMA_BENCH_ROUNDS=1`: fewer rounds than three.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findAiida, type AiidaVenv } from '../support/aiida.ts';
import { writeBigArchive } from './big-archive.ts';
import { median, report } from './measure.ts';
import { openFirstPage } from './open-first-page.ts';
import { weigh, type Weight } from './weigh.ts';

const alone = process.env['STEMMA_BENCH_NODES'];
const nodes = Number(alone ?? 100_000);
const rounds = Number(process.env['STEMMA_BENCH_ROUNDS'] ?? (alone === undefined ? 3 : 1));
const tell = (words: string): void => void process.stderr.write(`${words}\n`);

const peer = alone === undefined ? await findAiida() : null;
if (typeof peer === 'string') throw new Error(`No comparison: ${peer}`);
const folder = mkdtempSync(join(tmpdir(), 'stemma-bench-'));
const file = join(folder, 'big.aiida');

/** Below what nothing that runs in Node can be: a process that does nothing, and one that has loaded SQLite. */
const wait = 'setTimeout(() => {}, 500)';
const floors = [
  ['a process of Node', wait],
  ['a process of Node with SQLite', `new (require('better-sqlite3'))(':memory:'); ${wait}`],
  [
    'the same with one thread and one process beside it, each with SQLite',
    `const { Worker } = require('node:worker_threads');
     new (require('better-sqlite3'))(':memory:');
     const same = "new (require('better-sqlite3'))(':memory:'); ${wait}";
     new Worker(same, { eval: true });
     require('node:child_process').spawn(process.execPath, ['-e', same]);
     ${wait}`,
  ],
] as const;

type Step = 'info' | 'import' | 'export';
const steps: readonly Step[] = ['info', 'import', 'export'];
const told: Record<'AiiDA' | 'Stemma', Record<Step, Weight[]>> = {
  AiiDA: { info: [], import: [], export: [] },
  Stemma: { info: [], import: [], export: [] },
};

async function ours(round: number): Promise<void> {
  const profile = join(folder, `profile-${round}`);
  const stemma = (...args: readonly string[]): Promise<Weight> =>
    weigh(process.execPath, [join(import.meta.dirname, '../../out/main/stemma.js'), ...args]);
  // a new profile is made outside of what is measured, there as here
  await stemma('process', 'list', '--profile', profile);
  told.Stemma.info.push(await stemma('archive', 'info', file, '--json'));
  told.Stemma.import.push(await stemma('archive', 'import', file, '--profile', profile));
  const out = join(folder, `ours-${round}.aiida`);
  told.Stemma.export.push(await stemma('archive', 'export', out, '--profile', profile, '--all'));
  rmSync(profile, { recursive: true });
  rmSync(out);
}

async function theirs(round: number, venv: AiidaVenv): Promise<void> {
  const path = join(folder, `aiida-${round}`);
  mkdirSync(path);
  const env = {
    ...process.env,
    AIIDA_PATH: path,
    PATH: `${dirname(venv.verdi)}:${process.env['PATH'] ?? ''}`,
    PYTHONWARNINGS: 'ignore',
  };
  const verdi = (...args: readonly string[]): Promise<Weight> => weigh(venv.verdi, args, env);
  await verdi('presto', '--non-interactive', '--profile-name', 'bench', '--email', 'ada@example.org');
  told.AiiDA.info.push(await verdi('archive', 'info', '--detailed', file));
  told.AiiDA.import.push(await verdi('archive', 'import', file));
  const out = join(folder, `theirs-${round}.aiida`);
  told.AiiDA.export.push(await verdi('archive', 'create', '--all', out));
  rmSync(path, { recursive: true });
  rmSync(out);
}

try {
  const { links } = await writeBigArchive(file, nodes);
  const size = `${nodes} nodes, ${links} links, ${(statSync(file).size / 1e6).toFixed(0)} MB`;
  tell(`an archive of ${size}`);
  for (let round = 0; round < rounds; round++) {
    tell(`round ${round + 1} …`);
    if (peer !== null) await theirs(round, peer);
    await ours(round);
  }
  const MB = ({ peakBytes }: Weight): number => peakBytes / 1e6;
  for (const step of steps) {
    for (const who of ['AiiDA', 'Stemma'] as const) {
      const weights = told[who][step];
      if (weights.length === 0) continue;
      const name = `archive ${step} (${size}): ${who}`;
      report({ name, unit: 'ms', better: 'less', samples: weights.map(({ ms }) => ms) });
      const cpu = weights.map(({ cpuSeconds }) => cpuSeconds);
      report({ name: `${name}, on the processor`, unit: 's', better: 'less', samples: cpu });
      report({ name: `${name}, memory`, unit: 'MB', better: 'less', samples: weights.map(MB) });
    }
    if (peer === null) continue;
    const ratio = (of: (weight: Weight) => number): number =>
      median(told.AiiDA[step].map(of)) / median(told.Stemma[step].map(of));
    const times = { unit: '×', better: 'more' } as const;
    report({
      ...times,
      name: `archive ${step}: faster than AiiDA (aim 10)`,
      samples: [ratio(({ ms }) => ms)],
    });
    const cpuRatio = ratio(({ cpuSeconds }) => cpuSeconds);
    report({ ...times, name: `archive ${step}: less of the processor than AiiDA`, samples: [cpuRatio] });
    report({ ...times, name: `archive ${step}: less memory than AiiDA (aim 3)`, samples: [ratio(MB)] });
  }
  for (const [what, script] of floors) {
    const bare = await weigh(process.execPath, ['--input-type=commonjs', '-e', script]);
    report({ name: `${what}, memory`, unit: 'MB', better: 'less', samples: [MB(bare)] });
  }
  const opened = await openFirstPage(file, join(folder, 'window'), rounds);
  report({
    name: `opened until its first page shows (${size})`,
    unit: 'ms',
    better: 'less',
    samples: opened,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
