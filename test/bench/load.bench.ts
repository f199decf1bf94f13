/**
 * Ten thousand queued jobs on one computer. Slurm's commands are imitated by small scripts on the search path, which
 * print as many lines as Slurm would; everything else is as it is: engine, database, connection, processes, parsing.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openCore, type Core } from '#main/core.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { newUuid, parseUuid } from '#shared/provenance/ids.ts';
import { report, sized } from './measure.ts';
import { watchLoop } from './watch-loop.ts';

const many = sized(10_000, 50);
const beginning = sized(1000, 10);
const launched = sized(100, 3);
const intervalS = sized(5, 1);
const watchedS = sized(30, 2);

const folder = mkdtempSync(join(tmpdir(), 'stemma-bench-'));
const profile = join(folder, 'profile');
const queue = join(folder, 'queue');
const calls = join(folder, 'calls');
const programs = join(folder, 'bin');
mkdirSync(programs);
writeFileSync(queue, '');
writeFileSync(calls, '');
function program(name: string, text: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(programs, name), 0o755);
}
program('squeue', `echo squeue >> ${calls}\ncat ${queue}`);
// the id is the number of the process that asks: each is another one
program('sbatch', `echo "9$$|PENDING|N/A|N/A||Priority|\${2#--job-name=}" >> ${queue}\necho "9$$"`);
program('sacct', 'echo "accounting storage is disabled" >&2; exit 1');
const environment = { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}` };
const tell = (text: string): void => void process.stderr.write(`${text}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Open {
  readonly core: Core;
  readonly client: Client<Contract>;
  readonly openMs: number;
}

async function open(): Promise<Open> {
  const start = performance.now();
  const core = await openCore({ profileDirectory: profile, shell: 'none', environment });
  const openMs = performance.now() - start;
  const [near, far] = memoryPair();
  core.serve(far);
  return { core, client: connectClient<Contract>(near), openMs };
}

async function close({ core, client }: Open): Promise<void> {
  client.close();
  await core.close();
}

const config = {
  label: 'cluster',
  transport: { type: 'core.local' },
  scheduler: 'core.slurm',
  workDirectory: join(folder, 'work'),
  minimumPollInterval: intervalS,
} as const;

const launchOne = (client: Client<Contract>, code: string): Promise<{ readonly uuid: string }> =>
  client.call('launch.submit', {
    plugin: 'core.arithmetic.add',
    inputs: {
      code: { kind: 'node', uuid: code },
      x: { kind: 'value', type: 'int', value: 1 },
      y: { kind: 'value', type: 'int', value: 2 },
    },
  });

/** Waits until so many jobs are known to be queued. */
async function queued(core: Core, count: number): Promise<void> {
  for (;;) {
    let seen = 0;
    for (const state of core.engine.states()) if (state.kind === 'job' && state.facts !== null) seen++;
    if (seen >= count) return;
    await pause(50);
  }
}

// one job goes the whole way into the queue; the others are copies of it, as a profile has them after a restart
tell('one job is launched …');
let now = await open();
const { uuid: computer } = await now.client.call('computers.create', config);
const { uuid: code } = await now.client.call('codes.create', {
  label: 'bash',
  computer,
  executable: '/bin/bash',
});
const first = parseUuid((await launchOne(now.client, code)).uuid);
await queued(now.core, 1);
await close(now);

tell(`${many} copies of it are written …`);
const db = new Database(join(profile, 'stemma.sqlite'));
interface Node {
  readonly [column: string]: unknown;
  readonly id: number;
}
const node = db.prepare('SELECT * FROM nodes WHERE uuid = ?').get(first) as Node;
const state = JSON.parse(
  (db.prepare('SELECT state FROM runs WHERE process_id = ?').get(node.id) as { state: string }).state,
) as { readonly attempt: object };
const effects = db.prepare('SELECT * FROM effects WHERE process_id = ?').all(node.id) as {
  key: string;
  payload: string;
  not_before: number;
}[];
const generated = new Set(
  (db.pragma('table_xinfo(nodes)') as { name: string; hidden: number }[])
    .filter(({ hidden }) => hidden !== 0)
    .map(({ name }) => name),
);
const columns = Object.keys(node).filter((name) => name !== 'id' && !generated.has(name));
const insertNode = db.prepare(
  `INSERT INTO nodes (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
);
const insertRun = db.prepare('INSERT INTO runs (process_id, state) VALUES (?, ?)');
const insertEffect = db.prepare(
  'INSERT INTO effects (key, process_id, payload, not_before) VALUES (?, ?, ?, ?)',
);
const inputs = db.prepare('SELECT source_id, type, label FROM links WHERE target_id = ?').all(node.id) as {
  source_id: number;
  type: string;
  label: string;
}[];
const insertLink = db.prepare('INSERT INTO links (source_id, target_id, type, label) VALUES (?, ?, ?, ?)');
const lines: string[] = [];
db.transaction(() => {
  for (let i = 0; i < many; i++) {
    const uuid = newUuid();
    const jobId = String(1_000_000 + i);
    const values = columns.map((name) => (name === 'uuid' ? uuid : node[name]));
    const id = Number(insertNode.run(...values).lastInsertRowid);
    for (const { source_id, type, label } of inputs) insertLink.run(source_id, id, type, label);
    const token = `t${String(i).padStart(15, '0')}`;
    insertRun.run(
      id,
      JSON.stringify({ ...state, uuid, jobId, facts: null, attempt: { ...state.attempt, token } }),
    );
    for (const { key, payload, not_before } of effects) {
      insertEffect.run(key.replace(/^\d+/, String(id)), id, payload, not_before);
    }
    lines.push(`${jobId}|PENDING|N/A|N/A||Priority|${token}\n`);
  }
})();
db.close();
writeFileSync(queue, readFileSync(queue, 'utf8') + lines.join(''));
writeFileSync(calls, '');

/** A window asks for something small all the time; the longest wait for an answer. */
function askAllTheTime(client: Client<Contract>): { readonly stop: () => Promise<number> } {
  const over = new AbortController();
  let longest = 0;
  const done = (async () => {
    while (!over.signal.aborted) {
      const start = performance.now();
      await client.call('nodes.get', { uuid: first });
      longest = Math.max(longest, performance.now() - start);
      await pause(20);
    }
  })();
  return {
    async stop() {
      over.abort();
      await done;
      return longest;
    },
  };
}

const ms = { unit: 'ms', better: 'less' } as const;
tell('the profile is opened again …');
const rssBefore = process.memoryUsage().rss;
const starting = watchLoop();
now = await open();
const { core, client } = now;
// a window shows the table and follows
const watching = (async () => {
  for await (const _ of client.listen('processes.table', {})) continue;
})().catch(() => {});
await queued(core, many);
const started = starting.stop();
report({ ...ms, name: `${many} jobs: the profile is open`, samples: [now.openMs] });
report({ ...ms, name: `${many} jobs: longest block until all are seen`, samples: [started.longestBlockMs] });

tell(`${watchedS} s of looks …`);
globalThis.gc?.();
writeFileSync(calls, '');
let loop = watchLoop();
let asking = askAllTheTime(client);
const cpu = process.threadCpuUsage();
await pause(watchedS * 1000);
const used = process.threadCpuUsage(cpu);
let figures = loop.stop();
const looks = readFileSync(calls, 'utf8').trim().split('\n').length;
report({ ...ms, name: `${many} jobs: longest block while looking`, samples: [figures.longestBlockMs] });
report({
  ...ms,
  name: `${many} jobs: longest wait of a window while looking`,
  samples: [await asking.stop()],
});
report({
  name: `${many} jobs: looks in an interval of ${intervalS} s`,
  unit: '',
  better: 'less',
  samples: [(looks * intervalS) / watchedS],
});
report({
  ...ms,
  name: `${many} jobs: work of the main thread for one look`,
  samples: [(used.user + used.system) / 1000 / Math.max(1, looks)],
});

tell(`${beginning} begin to run …`);
loop = watchLoop();
asking = askAllTheTime(client);
const running = readFileSync(queue, 'utf8')
  .split('\n')
  .map((line, i) =>
    i < beginning ? line.replace('PENDING|N/A|N/A||Priority', 'RUNNING|1795000000|N/A|n1|None') : line,
  );
writeFileSync(queue, running.join('\n'));
for (let begun = 0; begun < beginning;) {
  await pause(50);
  begun = 0;
  for (const one of core.engine.states()) {
    if (one.kind === 'job' && one.facts?.state === 'running') begun++;
  }
}
figures = loop.stop();
report({
  ...ms,
  name: `${many} jobs: longest block while ${beginning} begin`,
  samples: [figures.longestBlockMs],
});
report({ ...ms, name: `${many} jobs: longest wait of a window then`, samples: [await asking.stop()] });

tell(`${launched} more are launched …`);
loop = watchLoop();
asking = askAllTheTime(client);
const start = performance.now();
await Promise.all(Array.from({ length: launched }, () => launchOne(client, code)));
await queued(core, many + 1 + launched);
const launchedMs = performance.now() - start;
figures = loop.stop();
report({
  ...ms,
  name: `${many} jobs: longest block while ${launched} are launched`,
  samples: [figures.longestBlockMs],
});
report({ ...ms, name: `${many} jobs: longest wait of a window then`, samples: [await asking.stop()] });
report({
  name: `${many} jobs: more of them, launched and seen in the queue`,
  unit: 'jobs/s',
  better: 'more',
  samples: [launched / (launchedMs / 1000)],
});
globalThis.gc?.();
const { rss, heapUsed } = process.memoryUsage();
report({ name: `${many} jobs: memory of the process`, unit: 'MB', better: 'less', samples: [rss / 1e6] });
report({
  name: `${many} jobs: memory of the process before they were opened`,
  unit: 'MB',
  better: 'less',
  samples: [rssBefore / 1e6],
});
report({
  name: `${many} jobs: of it in use by the main thread`,
  unit: 'MB',
  better: 'less',
  samples: [heapUsed / 1e6],
});

const closing = performance.now();
await close(now);
await watching;
report({ ...ms, name: `${many} jobs: until the profile is closed`, samples: [performance.now() - closing] });
rmSync(folder, { recursive: true, force: true });
