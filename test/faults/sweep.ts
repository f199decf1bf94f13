/**
 * The k-th failure sweep: one workflow (a calculation function, then a job on this machine) again and again; in run k
 * the k-th call to the disk, to SQLite or to another program fails once, until a run has fewer calls than that. Each
 * run must end with the right result, with every job run once, and with a clean check.
 *
 * `node --import test/support/faults/install.ts test/faults/sweep.ts [--stride N] [--from K] [--to K]` prints a JSON
 * line for each run and one for the whole.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCore, type Core } from '#main/core.ts';
import { systemClock } from '#shared/base/system-clock.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { parseUuid, type Uuid } from '#shared/provenance/ids.ts';
import { arm, disarm, type FaultyCall } from '../support/faults/control.ts';

const { values } = parseArgs({
  options: {
    stride: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    to: { type: 'string', default: '1000000' },
  },
});
const stride = Number(values.stride);

/** Runs before the profile is checked and a new one is taken: a check reads everything there is. */
const perProfile = 40;
/** Nobody waits for a retry: what is due in minutes comes at once. How long a command may be silent stays as it is. */
const longestWaitMs = 60;
const silences = new Set([60_000, 300_000, 3_600_000]);
const plainAfter = systemClock.after;
Object.assign(systemClock, {
  after: (ms: number, run: () => void) =>
    plainAfter(silences.has(ms) ? ms : Math.min(ms, longestWaitMs), run),
});

interface Place {
  readonly folder: string;
  core: Core;
  client: Client<Contract>;
  code: string;
}

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function open(folder: string): Promise<Pick<Place, 'core' | 'client'>> {
  const core = await openCore({ profileDirectory: join(folder, 'profile'), shell: 'none' });
  const [near, far] = memoryPair();
  core.serve(far);
  return { core, client: connectClient<Contract>(near) };
}

async function newPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'stemma-faults-'));
  const { core, client } = await open(folder);
  const program = join(folder, 'bash.sh');
  // the name of the attempt's directory is its last part: two lines that differ only there are two runs of one job
  writeFileSync(program, `#!/bin/sh\necho "$PWD" >> ${folder}/executions\nexec /bin/bash "$@"\n`);
  chmodSync(program, 0o755);
  let computer = '';
  for await (const rows of client.listen('computers.list', {})) {
    computer = rows[0]?.uuid ?? '';
    break;
  }
  const { uuid } = await client.call('codes.create', { label: 'bash', computer, executable: program });
  return { folder, core, client, code: uuid };
}

async function restart(place: Place): Promise<void> {
  place.client.close();
  await place.core.close();
  Object.assign(place, await open(place.folder));
}

const problems: string[] = [];

async function checked(place: Place): Promise<void> {
  const { problems: found } = await place.client.call('app.check', { readObjects: true });
  for (const problem of found) problems.push(`check: ${JSON.stringify(problem)}`);
  const runs = existsSync(join(place.folder, 'executions'))
    ? readFileSync(join(place.folder, 'executions'), 'utf8').trim().split('\n')
    : [];
  const jobs = runs.map((directory) => directory.replace(/\/a\d+$/, ''));
  if (new Set(jobs).size !== jobs.length) problems.push(`a job ran twice: ${runs.join(' ')}`);
  if (jobs.length !== ended) problems.push(`${ended} workflows ended, and ${jobs.length} jobs ran`);
  ended = 0;
  place.client.close();
  await place.core.close();
  rmSync(place.folder, { recursive: true, force: true });
}

let ended = 0;

const value = (number: number) => ({ kind: 'value', type: 'int', value: number }) as const;

function launch({ client, code }: Place, k: number): Promise<{ readonly uuid: string }> {
  return client.call('launch.submit', {
    plugin: 'core.arithmetic.multiply_add',
    inputs: { x: value(k), y: value(3), z: value(1), code: { kind: 'node', uuid: code } },
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A person who sees that something waits for them, and says: again. @returns whether it has ended in time */
async function endedWithHelp(place: Place, uuid: Uuid, ms: number): Promise<boolean> {
  const over = performance.now() + ms;
  while (place.core.engine.state(uuid) !== null) {
    if (performance.now() > over) return false;
    for (const state of place.core.engine.states()) {
      if (state.retry === null || !state.retry.needsPerson) continue;
      await place.client.call('processes.act', { uuid: state.uuid, action: 'retry-now' }).catch(() => {});
    }
    await pause(20);
  }
  return true;
}

async function result({ client }: Place, uuid: string): Promise<string> {
  for await (const { row, outputs, exitMessage, exception } of client.listen('processes.watch', { uuid })) {
    if (row.state !== 'finished') return `${row.state} ${exitMessage} ${exception}`;
    const node = outputs.find(({ label }) => label === 'result')?.node.uuid ?? '';
    return (await client.call('nodes.get', { uuid: node })).attributes;
  }
  return 'nothing';
}

interface Outcome {
  readonly hit: FaultyCall | null;
  readonly calls: number;
  readonly refused: boolean;
  readonly restarted: boolean;
}

/** One run. Where the launch itself is refused, a person launches again: nothing may have come of the first. */
async function runWith(place: Place, k: number): Promise<Outcome> {
  arm({ at: k, action: 'fail', error: k });
  let refused = false;
  let uuid: string;
  try {
    ({ uuid } = await launch(place, k));
  } catch {
    refused = true;
    ({ uuid } = await launch(place, k));
  }
  let restarted = false;
  if (!(await endedWithHelp(place, parseUuid(uuid), 10_000))) {
    restarted = true;
    await restart(place);
    if (!(await endedWithHelp(place, parseUuid(uuid), 30_000))) {
      problems.push(`run ${k}: it does not end: ${JSON.stringify([...place.core.engine.states()])}`);
    }
  }
  const { hit, calls } = disarm();
  const text = await result(place, uuid);
  const expected = k * 3 + 1;
  if (!new RegExp(`"value": ?${expected}\\b`).test(text)) problems.push(`run ${k} (${hit}): ${text}`);
  return { hit, calls, refused, restarted };
}

const hits: Record<string, number> = {};
const tally = { runs: 0, refused: 0, restarted: 0, mostCalls: 0 };
const started = performance.now();
let place: Place | null = null;
for (let k = Number(values.from), run = 0; k <= Number(values.to); k += stride, run++) {
  if (place === null) {
    place = await newPlace();
    // what is made once (a connection, the folders of the repository) is not what is looked at
    const { uuid } = await launch(place, 0);
    await place.core.engine.ended(parseUuid(uuid));
    ended++;
  }
  const before = problems.length;
  const outcome = await runWith(place, k);
  ended++;
  tally.runs++;
  tally.refused += outcome.refused ? 1 : 0;
  tally.restarted += outcome.restarted ? 1 : 0;
  tally.mostCalls = Math.max(tally.mostCalls, outcome.calls);
  if (outcome.hit !== null) hits[outcome.hit] = (hits[outcome.hit] ?? 0) + 1;
  say({ k, ...outcome, problems: problems.slice(before) });
  if (run % perProfile === perProfile - 1 || outcome.hit === null) {
    await checked(place);
    place = null;
  }
  if (outcome.hit === null) break;
}
if (place !== null) await checked(place);
say({ ...tally, hits, seconds: Math.round((performance.now() - started) / 1000), problems });
process.exitCode = problems.length === 0 ? 0 : 1;
