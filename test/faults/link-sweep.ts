/**
 * The sweep over the link: one job on a real Slurm behind a real sshd, again and again. The k-th piece that comes by the
 * link from the server, or goes to it, does not arrive, and the connection is cut there, for k = 1, 2, … until a job has
 * fewer of them: so each command and each transfer of the job fails once, in turn, at each of its round trips. Each job
 * must end well, must have been given to Slurm once and have run once, with a clean check.
 *
 * `node test/faults/link-sweep.ts [--stride N] [--offset N]` prints a JSON line for each run and one for the whole.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCore } from '#main/core.ts';
import { systemClock } from '#shared/base/system-clock.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { parseUuid } from '#shared/provenance/ids.ts';
import { addCluster, clusterConfig, writeCountingProgram } from '../support/cluster-profile.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { slurmUnavailable, startSlurm } from '../support/slurm.ts';
import { sshdUnavailable, startSshd } from '../support/sshd.ts';

const { values } = parseArgs({
  options: { stride: { type: 'string', default: '1' }, offset: { type: 'string', default: '0' } },
});
const stride = Number(values.stride);

const missing = slurmUnavailable() ?? sshdUnavailable();
if (missing !== null) {
  process.stderr.write(`The link cannot be swept here: ${missing}.\n`);
  process.exit(1);
}

/** Nobody waits for a retry. Deadlines, which are longer, stay as they are. */
const longestWaitMs = 250;
const deadlineMs = 10_000;
const plainAfter = systemClock.after;
Object.assign(systemClock, {
  after: (ms: number, run: () => void) =>
    plainAfter(ms >= deadlineMs ? ms : Math.min(ms, longestWaitMs), run),
});

const directions = ['to-client', 'to-server'] as const;
type Direction = (typeof directions)[number];

const folder = mkdtempSync(join(tmpdir(), 'stemma-link-'));
const slurm = await startSlurm();
const sshd = await startSshd({ env: slurm.env });
const proxy = await startFaultProxy(sshd.port);
const core = await openCore({
  profileDirectory: join(folder, 'profile'),
  shell: 'none',
  patience: { lookUpMs: 1000 },
});
const [near, far] = memoryPair();
core.serve(far);
const client: Client<Contract> = connectClient<Contract>(near);

const config = clusterConfig({ ...sshd, port: proxy.port }, join(folder, 'work'));
const computer = await addCluster(client, config);
const executable = writeCountingProgram(folder);
const { uuid: code } = await client.call('codes.create', { label: 'counts', computer, executable });

const problems: string[] = [];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The number of the next job: what was submitted in between shows. */
const nextId = async (): Promise<number> =>
  Number((await slurm.command('sbatch', '--parsable', '--hold', '--wrap=true')).trim());

async function launch(name: string): Promise<string> {
  const { uuid } = await client.call('launch.submit', {
    plugin: 'core.shell',
    inputs: {
      code: { kind: 'node', uuid: code },
      arguments: { kind: 'value', type: 'str', value: `${name} 0` },
      outputs: { kind: 'value', type: 'list', value: ['result.txt'] },
    },
  });
  return uuid;
}

/** A person who sees that the computer cannot be reached says “retry now”, and “again” where one is asked for. */
async function endedWithHelp(uuid: string, ms: number): Promise<boolean> {
  const over = performance.now() + ms;
  while (core.engine.state(parseUuid(uuid)) !== null) {
    if (performance.now() > over) return false;
    for (const state of core.engine.states()) {
      if (state.retry === null || !state.retry.needsPerson) continue;
      await client.call('processes.act', { uuid: state.uuid, action: 'retry-now' }).catch(() => {});
    }
    if (proxy.open === 0) await client.call('computers.retryNow', { uuid: computer });
    await pause(100);
  }
  return true;
}

async function howItEnded(uuid: string): Promise<string> {
  for await (const { row, outputs, exitMessage, exception } of client.listen('processes.watch', { uuid })) {
    if (row.state !== 'finished') return `${row.state} ${exitMessage} ${exception}`;
    return outputs.some(({ label }) => label === 'result_txt') ? 'well' : 'without its output';
  }
  return 'nothing is known of it';
}

/** @returns whether there was such a piece */
async function ranWith(direction: Direction | null, at: number): Promise<boolean> {
  const name = direction === null ? 'plain' : `${direction}-${at}`;
  const before = problems.length;
  const since = performance.now();
  const id = await nextId();
  if (direction !== null) proxy.cutAtPiece(at, direction);
  const uuid = await launch(name);
  if (!(await endedWithHelp(uuid, 120_000)))
    problems.push(`${name}: it does not end: ${JSON.stringify([...core.engine.states()])}`);
  const { pieces, cut } = proxy.piecesSince();
  const end = await howItEnded(uuid);
  if (end !== 'well') problems.push(`${name}: it ended ${end}`);
  const file = join(folder, `count.${name}`);
  const runs = existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
  if (runs !== 1) problems.push(`${name}: it ran ${runs} times`);
  const submitted = (await nextId()) - id - 1;
  if (submitted !== 1) problems.push(`${name}: it was submitted ${submitted} times`);
  process.stdout.write(
    `${JSON.stringify({ direction, at, cut, pieces, ms: Math.round(performance.now() - since), problems: problems.slice(before) })}\n`,
  );
  return cut;
}

const started = performance.now();
const cuts = { 'to-client': 0, 'to-server': 0 };
let runs = 0;
try {
  // what is made once (a connection, the folders) is not what is looked at
  await ranWith(null, 0);
  for (const direction of directions) {
    for (let at = 1 + Number(values.offset); ; at += stride) {
      runs++;
      if (!(await ranWith(direction, at))) break;
      cuts[direction]++;
    }
  }
  const { problems: found } = await client.call('app.check', { readObjects: true });
  for (const problem of found) problems.push(`check: ${JSON.stringify(problem)}`);
} finally {
  client.close();
  await core.close();
  await proxy.close();
  await sshd.stop();
  await slurm.stop();
  rmSync(folder, { recursive: true, force: true });
}
const took = Math.round((performance.now() - started) / 1000);
process.stdout.write(`${JSON.stringify({ runs, cuts, seconds: took, problems })}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
