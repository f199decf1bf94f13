/**
 * The k-th failure sweep: one workflow (a calculation function, then a job on this machine) again and again. For each
 * kind of call to the disk, to SQLite and to other programs, the k-th one fails once, for k = 1, 2, … until a run has
 * fewer of them; with each of the errors that such a call may have. Each run must end with the right result, with every
 * job run once, and with a clean check.
 *
 * `node --import test/support/faults/install.ts test/faults/sweep.ts [--only KIND] [--stride N] [--offset N]` prints a
 * JSON line for each run and one for the whole; with a stride only every n-th of the runs is made.
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
import { arm, disarm, faultyCalls, type FaultyCall } from '../support/faults/control.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    stride: { type: 'string', default: '1' },
    offset: { type: 'string', default: '0' },
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
  // what it prints is so long that the repository keeps it as a file, not in its index; no two jobs print the same
  const long = 'yes "$PWD" | head -c 300000 >&2';
  writeFileSync(program, `#!/bin/sh\necho "$PWD" >> ${folder}/executions\n${long}\nexec /bin/bash "$@"\n`);
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

interface Fault {
  readonly call: FaultyCall;
  /** The first, second, … of its kind. */
  readonly at: number;
  readonly error: number;
}

/** One run. Where the launch itself is refused, a person launches again: nothing may have come of the first. */
async function runWith(place: Place, { call, at, error }: Fault): Promise<Outcome> {
  const name = `${call} ${at}, error ${error}`;
  const k = at + error;
  arm({ at, action: 'fail', error, only: call });
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
      problems.push(`${name}: it does not end: ${JSON.stringify([...place.core.engine.states()])}`);
    }
  }
  const { hit, calls } = disarm();
  const text = await result(place, uuid);
  const expected = k * 3 + 1;
  if (!new RegExp(`"value": ?${expected}\\b`).test(text)) problems.push(`${name}: ${text}`);
  return { hit, calls, refused, restarted };
}

const errorsOf = (call: FaultyCall): number => (call === 'SQL read' ? 2 : 3);

const calls: Record<string, number> = {};
const tally = { runs: 0, failed: 0, refused: 0, restarted: 0 };
const started = performance.now();
let place: Place | null = null;

async function ready(): Promise<Place> {
  if (place !== null) return place;
  place = await newPlace();
  // what is made once (a connection, the folders of the repository) is not what is looked at
  const { uuid } = await launch(place, 0);
  await place.core.engine.ended(parseUuid(uuid));
  ended++;
  return place;
}

/** @returns whether there was such a call */
async function met(fault: Fault): Promise<boolean> {
  const before = problems.length;
  const here = await ready();
  const outcome = await runWith(here, fault);
  ended++;
  tally.runs++;
  tally.failed += outcome.hit === null ? 0 : 1;
  tally.refused += outcome.refused ? 1 : 0;
  tally.restarted += outcome.restarted ? 1 : 0;
  say({ ...fault, ...outcome, problems: problems.slice(before) });
  if (tally.runs % perProfile === 0) {
    await checked(here);
    place = null;
  }
  return outcome.hit !== null;
}

let turn = Number(values.offset);
for (const call of faultyCalls) {
  if (values.only !== undefined && values.only !== call) continue;
  let more = true;
  for (let at = 1; more; at++) {
    for (let error = 0; error < errorsOf(call) && more; error++) {
      if (turn++ % stride !== 0) continue;
      more = await met({ call, at, error });
      if (more) calls[call] = at;
    }
    // with a stride a kind of which there are few may have no run at all
    if (at > 100_000) break;
  }
}
if (place !== null) await checked(place);
say({ ...tally, calls, seconds: Math.round((performance.now() - started) / 1000), problems });
process.exitCode = problems.length === 0 ? 0 : 1;
