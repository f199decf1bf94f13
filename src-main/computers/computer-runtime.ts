import type { Clock } from '#shared/base/clock.ts';
import { Emitter } from '#shared/base/emitter.ts';
import { errorInfo } from '#shared/base/errors.ts';
import type { Random } from '#shared/base/random.ts';
import type { ComputerConfig, QueueState } from '#shared/contract/areas/computers.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { askOf } from './asks.ts';
import { ComputerConnection, ConnectionReplaced, type UseOptions } from './connection/computer-connection.ts';
import { Deadlines, PatientTransport } from './connection/deadlines.ts';
import type { Patience } from './patience.ts';
import { Places } from './queue/places.ts';
import { QueueMonitor } from './queue/queue-monitor.ts';
import { RuleWatch, type RuleState } from './rules/rule-watch.ts';
import type { Scheduler } from './schedulers/scheduler.ts';
import { schedulerOf } from './schedulers/schedulers.ts';
import { SchedulerSession } from './schedulers/session.ts';
import { slurmCause } from './schedulers/slurm/states.ts';
import type { Transport } from './transport.ts';
import { LocalTransport } from './transports/local/local-transport.ts';
import { dial } from './transports/ssh/dial.ts';
import { SshTransport } from './transports/ssh/ssh-transport.ts';
import { sshTarget } from './transports/ssh/target.ts';
import type { HostTrust } from './trust/host-trust.ts';
import type { LoginBudget } from './trust/login-budget.ts';
import type { SecretBook } from './trust/secrets.ts';
import { Turns } from './turns.ts';
import { fillTemplate, remoteAccount, type RemoteAccount } from './work-directory.ts';

export interface RuntimeDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly trust: HostTrust;
  readonly secrets: SecretBook;
  /** Limits failed logins; without it there is no limit. */
  readonly logins?: LoginBudget | undefined;
  /** For commands on this machine, and to find the SSH agent. */
  readonly environment: NodeJS.ProcessEnv;
  readonly patience: Patience;
  readonly log: (level: 'debug' | 'info' | 'warn', message: string, thrown?: unknown) => void;
  /** The name of a process, for the queue page. */
  readonly nameOf: (process: Uuid) => string;
  /** Where computers are virtual: reaches one instead of SSH and this machine do. */
  readonly openTransport?: (computer: Uuid, signal: AbortSignal) => Promise<Transport>;
}

/** A login may be held open for a one-time code. */
const codeWaitMs = 60_000;
const idleMs = 300_000;

/** How fresh what is known of a job is, and what only the last look told. */
export interface JobLook {
  /** The last complete look at the queue since Stemma began. */
  readonly seen: number | null;
  /** It should have been looked at since. */
  readonly isOld: boolean;
  readonly expectedStart: number | null;
}

/** One computer while Stemma runs: its connection, its queue, and what we do there now. */
export class ComputerRuntime {
  readonly uuid: Uuid;
  readonly #deps: RuntimeDeps;
  #config: ComputerConfig;
  #connection: ComputerConnection;
  #account: RemoteAccount | null = null;
  readonly #sessions = new WeakMap<Transport, SchedulerSession>();
  /** Of this computer, over all connections. */
  readonly #deadlines = new Deadlines();
  /** Tokens of watched attempts and their processes. */
  readonly #processes = new Map<string, Uuid>();
  readonly #tokens = new Map<Uuid, string>();
  readonly monitor: QueueMonitor;
  /** For jobs in its queue. */
  readonly places: Places;
  /** For uploads, submissions and retrievals. */
  readonly turns: Turns;
  /** The rules of the jobs that are watched. */
  readonly rules: RuleWatch;
  readonly changes = new Emitter<void>();
  /** The computer answers (again): what its absence has held back may go on. */
  readonly reached = new Emitter<void>();

  constructor(uuid: Uuid, config: ComputerConfig, deps: RuntimeDeps) {
    this.uuid = uuid;
    this.#config = config;
    this.#deps = deps;
    this.#connection = this.#newConnection();
    const scheduler = (): Scheduler => this.scheduler;
    this.monitor = new QueueMonitor({
      clock: deps.clock,
      get scheduler() {
        return scheduler();
      },
      ask: (what, { script, input = new Uint8Array(0) }, signal) =>
        this.use({ signal, mode: 'park' }, (_, session) => session.run({ what, script, input, signal })),
      causeOf: (facts) => (this.#config.scheduler === 'core.slurm' ? slurmCause(facts.schedulerState) : null),
      intervalMs: () => this.#config.minimumPollInterval * 1000,
      patience: deps.patience,
      onFailure: (thrown) =>
        deps.log('warn', `The jobs on ${this.#config.label} could not be looked at`, thrown),
    });
    this.rules = new RuleWatch({
      clock: deps.clock,
      ask: (what, { script, input = new Uint8Array(0), maxOutput }, signal) =>
        this.use({ signal, mode: 'park' }, (_, session) =>
          session.run({ what, script, input, maxOutput, signal }),
        ),
      leastMs: () => this.#config.minimumPollInterval * 1000,
      onFailure: (thrown) =>
        deps.log('warn', `The files that rules look at on ${this.#config.label} could not be read`, thrown),
    });
    this.rules.changes.on(() => this.changes.emit());
    this.monitor.changes.on(() => this.changes.emit());
    this.places = new Places({
      clock: deps.clock,
      random: deps.random,
      label: () => this.#config.label,
      limit: () => this.#config.maxJobs,
    });
    this.places.changes.on(() => this.changes.emit());
    this.turns = new Turns(deps.clock, config);
    this.turns.changes.on(() => this.changes.emit());
  }

  get patience(): Patience {
    return this.#deps.patience;
  }

  get config(): ComputerConfig {
    return this.#config;
  }

  get scheduler(): Scheduler {
    return schedulerOf(this.#config);
  }

  get connection(): ComputerConnection {
    return this.#connection;
  }

  /** A new way to get there, from now on: what is under way ends on the old one. Jobs that are watched stay watched. */
  reconfigure(config: ComputerConfig): void {
    const { paused } = this.#connection;
    this.#config = config;
    this.#account = null;
    const before = this.#connection;
    this.#connection = this.#newConnection();
    this.#connection.setPaused(paused);
    before.retire();
    this.turns.set(config);
    this.places.tryNow();
    this.changes.emit();
  }

  async use<T>(
    options: UseOptions,
    work: (transport: Transport, session: SchedulerSession) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const connection = this.#connection;
      try {
        return await connection.use(options, (transport) => work(transport, this.#session(transport)));
      } catch (thrown) {
        // who had only waited for it waits for its successor
        if (!(thrown instanceof ConnectionReplaced) || connection === this.#connection) throw thrown;
      }
    }
  }

  #session(transport: Transport): SchedulerSession {
    let session = this.#sessions.get(transport);
    if (session === undefined) {
      session = new SchedulerSession((request) => transport.exec(request));
      this.#sessions.set(transport, session);
    }
    return session;
  }

  /** This machine was asleep. */
  wake(): void {
    this.#connection.wake();
    this.monitor.pollNow();
  }

  /** A person wants it to be tried now. */
  retryNow(): void {
    const { transport } = this.#config;
    if (transport.type === 'core.ssh') {
      for (const { host } of [transport, ...transport.jumps]) this.#deps.logins?.allow(host);
    }
    this.#connection.retryNow();
    this.monitor.pollNow();
    this.places.tryNow();
  }

  /** Whether a login at this host is part of the way there. */
  goesBy(host: string): boolean {
    const { transport } = this.#config;
    return transport.type === 'core.ssh' && [transport, ...transport.jumps].some((hop) => hop.host === host);
  }

  /** The work directory with everything filled in. Asked for once. */
  async workRoot(transport: Transport, signal: AbortSignal): Promise<string> {
    // each asks for itself until one knows: an answer that is waited for by many would end with the signal of the first
    const config = this.#config;
    const account = this.#account ?? (await remoteAccount(transport, signal));
    if (this.#config === config) this.#account = account;
    return fillTemplate(config.workDirectory, account);
  }

  noteWatched(token: string, process: Uuid, signal: AbortSignal): void {
    this.#processes.set(token, process);
    this.#tokens.set(process, token);
    this.places.watched(token);
    const gone = (): void => {
      this.#processes.delete(token);
      if (this.#tokens.get(process) === token) this.#tokens.delete(process);
      // where only its rules have changed it is watched again at once, and nobody may come in between
      this.#deps.clock.after(0, () => {
        if (!this.#processes.has(token)) this.places.release(token);
      });
    };
    signal.addEventListener('abort', gone, { once: true });
  }

  /** How far the rules of a job that is watched are; empty where none is. */
  ruleStates(process: Uuid): readonly RuleState[] {
    const token = this.#tokens.get(process);
    return token === undefined ? [] : this.rules.states(token);
  }

  /** What is known of a job that is watched here; null where it is not. */
  lookAt(process: Uuid): JobLook | null {
    const token = this.#tokens.get(process);
    if (token === undefined) return null;
    const { lastLook, failure } = this.monitor;
    const age = lastLook === null ? Infinity : this.#deps.clock.now() - lastLook;
    const isOld =
      failure !== null || this.held !== '' || age > 3 * this.#config.minimumPollInterval * 1000 + 60_000;
    return { seen: lastLook, isOld, expectedStart: this.monitor.facts(token)?.expectedStart ?? null };
  }

  close(): void {
    this.monitor.close();
    this.places.close();
    this.rules.close();
    this.#connection.close();
  }

  /** Why nothing goes on there now, in words that stay true while it lasts; empty where all is well. */
  get held(): string {
    const { state, error } = this.#connection.status;
    const { label } = this.#config;
    switch (state) {
      case 'paused':
        return `${label} is paused`;
      case 'needs-you':
        return `${label} needs you: ${error?.message ?? 'sign in'}`;
      case 'waiting':
        return `${label} cannot be reached`;
      case 'idle':
      case 'connecting':
      case 'connected':
        return '';
    }
  }

  /** As the queue page shows it, but for what only the engine knows. */
  get queue(): Omit<QueueState, 'waiting'> {
    const { state, words, nextAttempt, unreachableSince, error } = this.#connection.status;
    const { steps } = this.turns;
    const jobs = this.monitor.jobs.map(({ key, jobId, facts, since }) => {
      const process = this.#processes.get(key);
      const step = facts !== null && !facts.state.startsWith('queued') ? 'run' : 'queue';
      steps[step] = (steps[step] ?? 0) + 1;
      return {
        process: process ?? ('' as Uuid),
        name: process === undefined ? '' : this.#deps.nameOf(process),
        jobId,
        state: facts?.state ?? 'undetermined',
        reason: facts?.reason ?? '',
        since,
      };
    });
    return {
      computer: this.uuid,
      label: this.#config.label,
      scheduler: this.scheduler.name,
      connection: state,
      words,
      paused: this.#connection.paused,
      lastPoll: this.monitor.lastPoll,
      nextPoll: this.monitor.nextPoll,
      nextAttempt,
      unreachableSince,
      places: this.places.state,
      steps,
      jobs: jobs.filter(({ process }) => process !== ''),
      problem: error === null ? this.monitor.failure : errorInfo(error),
      ask: askOf(error),
    };
  }

  #newConnection(): ComputerConnection {
    const { clock, random } = this.#deps;
    const connection = new ComputerConnection({
      label: this.#config.label,
      clock,
      random,
      idleMs,
      open: (...how) => this.#open(...how),
    });
    connection.changes.on(() => this.changes.emit());
    connection.reached.on(() => this.reached.emit());
    return connection;
  }

  async #open(
    ...[signal, asking, waits]: Parameters<ConstructorParameters<typeof ComputerConnection>[0]['open']>
  ): Promise<Transport> {
    const { transport } = this.#config;
    const { clock, environment, trust, secrets, logins, log, openTransport } = this.#deps;
    if (openTransport !== undefined) return openTransport(this.uuid, signal);
    if (transport.type === 'core.local') return new LocalTransport(environment, clock);
    const { link, hops } = await dial(sshTarget(transport), {
      clock,
      environment,
      trust,
      secrets,
      logins,
      signal,
      asking,
      waits,
      codeWaitMs,
    });
    for (const { warning } of hops) if (warning !== null) log('warn', warning);
    log('info', `Connected to ${this.#config.label}`);
    return new PatientTransport(new SshTransport(link, clock), this.#deadlines);
  }
}
