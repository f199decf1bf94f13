#!/usr/bin/env node
// `npm run bench -- [--only NAME] [--json FILE]`: each test/bench/*.bench.ts runs as a process of its own under Node 24
// and prints one JSON line for each thing it measured; here the samples become medians and a table.
// `npm run bench -- --smoke`: each of them with little of everything, two at a time: that they run to their end and say
// something, not how fast. One that does not end is ended, and named.
// `npm run bench -- --peer aiida [--only archives]`: the same work there and here, in turns
// (test/bench/peer-aiida.bench.ts, test/bench/peer-aiida-archives.bench.ts).
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { createInterface } from 'node:readline';
import { inProject, localEnvironment, node24, root } from './support/project.mjs';
import { Stop, main, say, seconds } from './support/run.mjs';
import { setUp } from './setup.mjs';
import { buildWhenStale } from './build.mjs';

/** Names of benchmarks that compare. */
const peerPrefix = 'peer-';
/** So long none takes in a short round, on the slowest of machines: it hangs. */
const hangsMs = 300_000;

await main(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      peer: { type: 'string' },
      smoke: { type: 'boolean' },
    },
  });
  if (values.smoke === true && values.peer !== undefined)
    throw new Stop('A comparison has no short round: --smoke and --peer do not go together.');
  const files = benchFiles(chosenName(values));
  await setUp();
  await buildWhenStale();
  if (values.smoke === true) return smoke(files);
  const results = [];
  const failed = [];
  for (const name of files) {
    const since = performance.now();
    say(`${name} …`);
    const { status, lines } = await measure(name);
    if (status !== 0) failed.push(name);
    results.push(...lines.map((line) => ({ bench: name, ...line, median: median(line.samples) })));
    say(`${name} took ${seconds(since)}${status === 0 ? '' : ` and ended with status ${status}`}`);
  }
  print(results);
  if (values.json !== undefined) {
    const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, memoryBytes: totalmem() };
    writeFileSync(
      values.json,
      `${JSON.stringify({ machine, time: new Date().toISOString(), results }, null, 2)}\n`,
    );
  }
  if (failed.length === 0) return 0;
  throw new Stop(`Failed: ${failed.join(', ')}`);
});

/** @param {readonly string[]} names */
async function smoke(names) {
  const wrong = [];
  const left = names.values();
  const work = async () => {
    for (const name of left) {
      const since = performance.now();
      const { status, lines, hung } = await measure(name, { STEMMA_BENCH_SMOKE: 'yes' }, hangsMs);
      const empty = lines.some(({ samples }) => samples.length === 0 || !samples.every(Number.isFinite));
      const fault = hung
        ? `did not come to its end within ${hangsMs / 1000} s`
        : status !== 0
          ? `ended with status ${status}`
          : lines.length === 0
            ? 'measured nothing'
            : empty
              ? 'has lines without a figure'
              : null;
      if (fault !== null) wrong.push(`${name} ${fault}`);
      say(`${name}: ${fault ?? `ran to its end, ${lines.length} lines`} (${seconds(since)})`);
    }
  };
  await Promise.all([work(), work()]);
  if (wrong.length === 0) return 0;
  throw new Stop(`Not right: ${wrong.join('; ')}.`);
}

/** `--peer aiida` alone is its main comparison; `--peer aiida --only archives` is `peer-aiida-archives`. */
function chosenName({ peer, only }) {
  if (peer === undefined) return only;
  return only === undefined ? `${peerPrefix}${peer}` : `${peerPrefix}${peer}-${only}`;
}

function benchFiles(only) {
  const names = readdirSync(inProject('test', 'bench'))
    .filter((file) => file.endsWith('.bench.ts'))
    .map((file) => file.replace('.bench.ts', ''))
    .sort();
  // a peer is installed and set to work only where it was asked for
  const chosen =
    only === undefined
      ? names.filter((name) => !name.startsWith(peerPrefix))
      : names.filter((name) => name === only);
  if (chosen.length > 0) return chosen;
  throw new Stop(
    only === undefined ? 'There are no benchmarks.' : `There is no “${only}”: ${names.join(', ')}.`,
  );
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [more]
 * @param {number} [endAfterMs]
 * @returns {Promise<{ status: number, hung: boolean, lines: { name: string, unit: string, samples: number[] }[] }>}
 */
async function measure(name, more = {}, endAfterMs = Infinity) {
  const child = spawn(node24(), ['--expose-gc', inProject('test', 'bench', `${name}.bench.ts`)], {
    cwd: root,
    env: { ...localEnvironment(), ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told = createInterface(child.stdout);
  let hung = false;
  const end = () => {
    hung = true;
    child.kill('SIGKILL');
    // whatever it started may hold the other end open
    told.close();
    child.stdout.destroy();
  };
  const timer = Number.isFinite(endAfterMs) ? setTimeout(end, endAfterMs) : null;
  const ended = new Promise((resolve) => child.once('close', (status) => resolve(status ?? 1)));
  const lines = [];
  for await (const line of told) {
    if (line.startsWith('{')) lines.push(JSON.parse(line));
    else say(line);
  }
  const status = await ended;
  if (timer !== null) clearTimeout(timer);
  return { status, hung, lines };
}

function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function print(results) {
  const number = (value) =>
    Math.abs(value) >= 100
      ? Math.round(value).toLocaleString('en-GB').replaceAll(',', ' ')
      : value.toPrecision(3);
  const rows = results.map(({ name, unit, samples, median: middle }) => [
    name,
    `${number(middle)} ${unit}`,
    samples.length === 1 ? '' : `${number(Math.min(...samples))} to ${number(Math.max(...samples))}`,
    String(samples.length),
  ]);
  const table = [['what', 'median', 'range', 'runs'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table) {
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}
