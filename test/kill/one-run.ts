import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Random } from '#shared/base/random.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { InputOf } from '#shared/contract/define.ts';
import type { FaultPlan } from '../support/faults/control.ts';
import { startCoreProcess, type CoreProcess } from '../support/start-core-process.ts';
import type { ClusterOfRuns, Codes } from './cluster-of-runs.ts';

export interface RunReport {
  readonly kills: readonly string[];
  /** Milliseconds from the start of a process after a kill until it is ready. */
  readonly restarts: readonly number[];
  readonly processes: number;
  readonly jobs: number;
  readonly lost: number;
  readonly executedTwice: number;
  readonly submittedTwice: number;
  /** Everything that is not as it should be, in words. */
  readonly problems: readonly string[];
}

type Launch = InputOf<Contract['launch.submit']>;

const value = (number: number) => ({ kind: 'value', type: 'int', value: number }) as const;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Jobs here and on the cluster, functions, and workflows with jobs. */
function work({ here, there }: Codes): readonly Launch[] {
  const node = (uuid: string) => ({ kind: 'node', uuid }) as const;
  const [x, y, z] = [value(6), value(7), value(1)];
  return [
    { plugin: 'core.arithmetic.multiply_add', inputs: { x, y, z, code: node(there) } },
    { plugin: 'core.arithmetic.add', inputs: { x, y, code: node(here) } },
    { plugin: 'core.arithmetic.multiply', inputs: { x, y } },
    { plugin: 'core.arithmetic.add', inputs: { x, y, code: node(there) } },
    { plugin: 'core.arithmetic.multiply_add', inputs: { x, y, z, code: node(here) } },
    { plugin: 'core.arithmetic.add', inputs: { x, y, code: node(there) } },
    { plugin: 'core.arithmetic.multiply', inputs: { x, y } },
    { plugin: 'core.arithmetic.add', inputs: { x, y, code: node(here) } },
  ];
}

type Kill =
  /** So long after the process is ready. */
  | { readonly kind: 'later'; readonly ms: number }
  /** While it starts. */
  | { readonly kind: 'starting'; readonly ms: number }
  /** At a call to the disk, to SQLite or to another program. */
  | { readonly kind: 'call'; readonly plan: FaultPlan };

function randomKill(random: Random): Kill {
  const kind = random.next();
  if (kind < 0.35) return { kind: 'later', ms: Math.round(random.next() * 3000) };
  if (kind < 0.45) return { kind: 'starting', ms: Math.round(random.next() * 700) };
  const action = random.next() < 0.5 ? 'kill before' : 'kill after';
  return {
    kind: 'call',
    plan: { at: 1 + Math.floor(random.next() ** 2 * 800), action, error: 0, only: 'changes' },
  };
}

interface Row {
  readonly uuid: string;
  readonly node_type: string;
  readonly exit_status: number | null;
  readonly process_state: string | null;
  readonly sealed: number;
}

/** One profile, killed one to three times while it works, then left to finish. */
export class OneRun {
  readonly #cluster: ClusterOfRuns;
  readonly #random: Random;
  readonly #profile: string;
  readonly #report: string;
  readonly #acknowledged: string[] = [];
  readonly #toLaunch: Launch[];
  readonly #kills: string[] = [];
  readonly #restarts: number[] = [];
  readonly #problems: string[] = [];
  /** How long the last process may take until everything has ended. */
  readonly #drainMs: number;

  constructor(cluster: ClusterOfRuns, number: number, random: Random, drainMs: number) {
    this.#cluster = cluster;
    this.#random = random;
    this.#drainMs = drainMs;
    const { profile, report } = cluster.newProfile(number);
    this.#profile = profile;
    this.#report = report;
    this.#toLaunch = [...work(cluster.codes)];
  }

  async go(): Promise<RunReport> {
    const kills = 1 + Math.floor(this.#random.next() * 3);
    for (let i = 0; i < kills; i++) await this.#untilKilled(randomKill(this.#random));
    const core = await this.#start({});
    if (core === null) throw new Error('The profile could not be opened');
    await this.#launchRest(core);
    await this.#drained();
    const { problems } = await core.client.call('app.check', { readObjects: true });
    for (const problem of problems) this.#problems.push(`check: ${JSON.stringify(problem)}`);
    await core.close();
    return this.#judge();
  }

  /** Starts, works, and dies. */
  async #untilKilled(kill: Kill): Promise<void> {
    const core = await this.#start(
      kill.kind === 'call'
        ? { fault: { plan: kill.plan, report: this.#report } }
        : {
            onStart: (child) => {
              if (kill.kind === 'starting') setTimeout(() => child.kill('SIGKILL'), kill.ms);
            },
          },
    );
    if (core !== null) {
      const launching = this.#launchRest(core);
      // a call that does not come, because there is no work left for so many, is a kill at some time
      const ms = kill.kind === 'later' ? kill.ms : 4000;
      await Promise.race([core.ended, pause(ms)]);
      await core.kill();
      await launching;
    }
    this.#kills.push(this.#where(kill));
  }

  #where(kill: Kill): string {
    const said = existsSync(this.#report) ? readFileSync(this.#report, 'utf8').trim().split('\n') : [];
    const before = this.#kills.filter((where) => /^(before|after) /.test(where)).length;
    switch (kill.kind) {
      case 'later':
        return `${kill.ms} ms after it was ready`;
      case 'starting':
        return `${kill.ms} ms after its start`;
      case 'call':
        return said.length > before ? `${said.at(-1)} (call ${kill.plan.at})` : '4 s after it was ready';
    }
  }

  /** Null where it was killed before it was ready. */
  async #start(options: Parameters<typeof startCoreProcess>[1]): Promise<CoreProcess | null> {
    const since = performance.now();
    try {
      const core = await startCoreProcess(this.#profile, { ...options, patience: { lookUpMs: 3000 } });
      if (this.#kills.length > 0) this.#restarts.push(Math.round(performance.now() - since));
      return core;
    } catch (error) {
      if (error instanceof Error && /SIGKILL before it was ready/.test(error.message)) return null;
      throw error;
    }
  }

  /** What was not acknowledged is launched again, as a person would; it may have been stored all the same. */
  async #launchRest({ client }: CoreProcess): Promise<void> {
    for (let next = this.#toLaunch[0]; next !== undefined; next = this.#toLaunch[0]) {
      try {
        const { uuid } = await client.call('launch.submit', next);
        this.#acknowledged.push(uuid);
        this.#toLaunch.shift();
      } catch {
        return;
      }
      await pause(this.#random.next() * 120);
    }
  }

  #read<T>(sql: string): readonly T[] {
    const db = new Database(join(this.#profile, 'stemma.sqlite'), { readonly: true });
    try {
      return db.prepare(sql).all() as T[];
    } finally {
      db.close();
    }
  }

  async #drained(): Promise<void> {
    const over = performance.now() + this.#drainMs;
    for (;;) {
      const runs = this.#read<{ state: string }>('SELECT state FROM runs');
      if (runs.length === 0) return;
      if (performance.now() > over) {
        const states = runs.map(({ state }) => state.slice(0, 1500)).join('\n');
        this.#problems.push(`not ended after ${this.#drainMs / 1000} s: ${states}`);
        return;
      }
      await pause(100);
    }
  }

  #judge(): RunReport {
    const rows = this.#read<Row>(
      `SELECT uuid, node_type, exit_status, attributes ->> '$.process_state' AS process_state, sealed FROM nodes WHERE is_process`,
    );
    const executions = this.#cluster.executions();
    const submissions = this.#cluster.submissions();
    const known = new Map(rows.map((row) => [row.uuid, row]));
    const jobs = rows.filter(({ node_type }) => node_type.includes('calcjob'));
    const count = (list: readonly Row[], of: (uuid: string) => boolean, words: string): number => {
      const found = list.filter(({ uuid }) => of(uuid));
      for (const { uuid } of found) this.#problems.push(`${uuid} ${words}`);
      return found.length;
    };
    const missing = this.#acknowledged.filter((uuid) => !known.has(uuid));
    for (const uuid of missing) this.#problems.push(`${uuid} was launched and is not there`);
    const unfinished = rows.filter(
      ({ process_state, exit_status, sealed }) =>
        process_state !== 'finished' || exit_status !== 0 || sealed !== 1,
    );
    for (const row of unfinished) this.#problems.push(`did not finish well: ${JSON.stringify(row)}`);
    const neverRan = count(jobs, (uuid) => !executions.has(uuid), 'never ran');
    return {
      kills: this.#kills,
      restarts: this.#restarts,
      processes: rows.length,
      jobs: jobs.length,
      lost: missing.length + neverRan + unfinished.length,
      executedTwice: count(jobs, (uuid) => (executions.get(uuid) ?? 0) > 1, 'was executed twice'),
      submittedTwice: count(jobs, (uuid) => (submissions.get(uuid) ?? 0) > 1, 'was submitted twice'),
      problems: this.#problems,
    };
  }

  /** Where everything was well nothing of it is kept. */
  drop(): void {
    this.#cluster.dropProfile(this.#profile);
  }

  get profile(): string {
    return this.#profile;
  }
}
