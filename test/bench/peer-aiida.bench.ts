/**
 * The same work in AiiDA and here, in turns: A, B, A, B, …. Both are warm before anything counts: AiiDA's Python and
 * daemon are up, our threads run, and the first round of each is thrown away. Both are durable in the same way: SQLite
 * with a wait for the disk at each commit (AiiDA's default `synchronous` is FULL; ours is set).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newUuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { findAiida } from '../support/aiida.ts';
import { AiidaPeer } from './aiida/peer.ts';
import { startedSoFar, startsPerSecond, syncsPerSecond } from './limits.ts';
import { median, report } from './measure.ts';
import { OurCore } from './ours.ts';

const rounds = 3;
const steps = 20;
const shown = 10_000;

const venv = await findAiida();
if (typeof venv === 'string') throw new Error(`No comparison: ${venv}`);
const folder = mkdtempSync(join(tmpdir(), 'stemma-bench-'));
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

const limits = { starts: await startsPerSecond(), syncs: syncsPerSecond(folder) };
const chain = new URL('./chain-of-multiplications.ts', import.meta.url).href;
const ours = await OurCore.start(join(folder, 'ours'), [chain]);
const theirs = await AiidaPeer.start(venv, join(folder, 'theirs'));

interface Side {
  readonly samples: number[];
  readonly count: number;
  readonly work: () => Promise<number>;
}

async function timed(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const start = performance.now();
  await work();
  return performance.now() - start;
}

let failed = 0;
const asked = (request: string) => async (): Promise<number> => {
  const answer = await theirs.ask(request);
  failed += answer.failed;
  return answer.ms;
};

/** One thing on both sides, in turns; the first turn of each is not counted. */
async function inTurns(a: Omit<Side, 'samples'>, b: Omit<Side, 'samples'>): Promise<readonly [Side, Side]> {
  const sides = [
    { ...a, samples: [] as number[] },
    { ...b, samples: [] as number[] },
  ] as const;
  for (let round = -1; round < rounds; round++) {
    for (const side of sides) {
      const ms = await side.work();
      if (round >= 0) side.samples.push(side.count / (ms / 1000));
    }
  }
  return sides;
}

/** Says both rates, and how many times the other's ours is. @returns our median */
function compare(name: string, unit: string, aim: number, [a, b]: readonly [Side, Side]): number {
  const [theirMedian, ourMedian] = [median(a.samples), median(b.samples)];
  report({ name: `${name}: AiiDA`, unit, better: 'more', samples: a.samples });
  report({ name: `${name}: Stemma`, unit, better: 'more', samples: b.samples });
  const times = ourMedian / theirMedian;
  report({ name: `${name}: times AiiDA (aim ${aim})`, unit: '×', better: 'more', samples: [times] });
  return ourMedian;
}

const value = (start: number) => (i: number) => ({ x: start + i, y: 2 });

tell('calculation functions …');
const functions = compare(
  'calculation functions',
  '/s',
  50,
  await inTurns(
    { count: 40, work: asked('functions 40') },
    { count: 1000, work: () => timed(() => ours.run('core.arithmetic.multiply', 1000, value(1))) },
  ),
);

tell('jobs on this machine …');
let started = 0;
const jobsAtOnce = 100;
const jobs = compare(
  'core.arithmetic.add on localhost',
  'jobs/s',
  10,
  await inTurns(
    { count: 16, work: asked('jobs 16') },
    {
      count: jobsAtOnce,
      work: async () => {
        const before = startedSoFar();
        const ms = await timed(() => ours.run('core.arithmetic.add', jobsAtOnce, value(1), true));
        started = (startedSoFar() ?? Number.NaN) - (before ?? 0);
        return ms;
      },
    },
  ),
);

tell('steps of workflows …');
compare(
  'workflow steps (calculation functions)',
  'steps/s',
  20,
  await inTurns(
    { count: 4 * steps, work: asked(`chains 4 ${steps}`) },
    {
      count: 50 * steps,
      work: () => timed(() => ours.run('bench.chain', 50, () => ({ start: 1, two: 2, steps }))),
    },
  ),
);

await ours.allWell();
tell('a list of processes …');
await theirs.ask(`fill ${shown}`);
for (let batch = 0; batch < 20; batch++) {
  ours.core.store.write((tx) => {
    for (let i = 0; i < shown / 20; i++) {
      const process = tx.insertNode({
        uuid: newUuid(),
        nodeType: NodeType.calcFunction,
        processType: 'aiida.calculations:core.arithmetic.multiply',
        label: 'multiply',
        description: '',
        ctime: Date.now() * 1000,
        attributes: {
          process_state: 'finished',
          process_label: 'multiply',
          exit_status: 0,
          sealed: false,
        },
        computer: null,
      });
      tx.seal(process);
    }
  });
}

async function page(offset: number, limit: number): Promise<number> {
  for await (const { rows } of ours.client.listen('processes.table', { offset, limit })) return rows.length;
  return 0;
}
const times = { list: [] as number[], command: [] as number[], first: [] as number[], all: [] as number[] };
for (let round = -1; round < rounds; round++) {
  const { ms: list } = await theirs.ask('list');
  const command = await theirs.command('process', 'list', '-a');
  const first = await timed(async () => void (await page(0, 100)));
  const all = await timed(async () => {
    for (let offset = 0; offset < shown; offset += 500) await page(offset, 500);
  });
  if (round < 0) continue;
  times.list.push(list);
  times.command.push(command);
  times.first.push(first);
  times.all.push(all);
}
const ms = { unit: 'ms', better: 'less' } as const;
const more = { unit: '×', better: 'more' } as const;
report({
  ...ms,
  name: '10 000 processes: AiiDA, what “verdi process list -a” shows, warm',
  samples: times.list,
});
report({ ...ms, name: '10 000 processes: AiiDA, the command itself', samples: times.command });
report({ ...ms, name: '10 000 processes: Stemma, first page and counts', samples: times.first });
report({ ...ms, name: '10 000 processes: Stemma, every row', samples: times.all });
report({
  ...more,
  name: '10 000 processes, warm, until the table shows: times AiiDA (aim 20)',
  samples: [median(times.list) / median(times.first)],
});
report({
  ...more,
  name: '10 000 processes, warm, every row: times AiiDA',
  samples: [median(times.list) / median(times.all)],
});

report({
  name: 'bound: processes that a small shell can start',
  unit: '/s',
  better: 'more',
  samples: [limits.starts],
});
report({
  name: 'bound: durable writes of a page, one by one',
  unit: '/s',
  better: 'more',
  samples: [limits.syncs],
});
report({
  name: 'processes started for one job on localhost',
  unit: '',
  better: 'less',
  samples: [started / jobsAtOnce],
});
report({
  name: 'jobs on localhost: share of the rate at which processes can be started',
  unit: '',
  better: 'more',
  samples: [(jobs * started) / jobsAtOnce / limits.starts],
});
report({
  name: 'calculation functions for each durable write that the disk could do',
  unit: '',
  better: 'more',
  samples: [functions / limits.syncs],
});
if (failed > 0) tell(`${failed} processes of AiiDA did not finish with exit code 0.`);

await theirs.stop();
await ours.close();
rmSync(folder, { recursive: true, force: true });
