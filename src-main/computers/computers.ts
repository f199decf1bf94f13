import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { operationalError, userError } from '#shared/base/errors.ts';
import { Emitter } from '#shared/base/emitter.ts';
import {
  computerConfig,
  type ComputerConfig,
  type ComputerRow,
  type SshHost,
  type HostKey,
} from '#shared/contract/areas/computers.ts';
import { newUuid, type Uuid } from '#shared/provenance/ids.ts';
import type { Reader } from '../provenance/read-api.ts';
import type { ComputerRecord, ProvenanceStore } from '../provenance/types.ts';
import { authParamsOf, configOf, recordOf } from './computer-record.ts';
import { ComputerRuntime, type JobLook, type RuntimeDeps } from './computer-runtime.ts';
import type { RuleState } from './rules/rule-watch.ts';
import { sshHosts } from './ssh-config/ssh-hosts.ts';
import { transportError } from './transport-error.ts';
import type { Turn } from './turns.ts';
import { LoginBudget } from './trust/login-budget.ts';
import type { SecretOwner } from './trust/secrets.ts';

export interface ComputersDeps extends Omit<RuntimeDeps, 'logins'> {
  readonly store: ProvenanceStore;
  readonly reader: Pick<Reader, 'computerRows'>;
  /** The folder of the profile: jobs of this machine run below it. */
  readonly profileDirectory: string;
}

/** Setting that keeps which computers a person has paused. */
const pausedSetting = 'computers.paused';
/** And when logins have failed a short while ago. */
const failedLoginsSetting = 'computers.failed-logins';

/** Every computer of the profile: its record, its connection, its queue. */
export class Computers {
  readonly #deps: ComputersDeps;
  readonly #runtimes = new Map<Uuid, ComputerRuntime>();
  readonly #logins: LoginBudget;
  readonly #off: () => void;
  /** A connection, a queue or a record has changed. */
  readonly changes = new Emitter<void>();
  /** A person has acted: whatever waits for this computer may try now. */
  readonly available = new Emitter<Uuid>();
  /** A computer answers (again): what its absence has held back may go on. */
  readonly reached = new Emitter<Uuid>();

  constructor(deps: ComputersDeps) {
    this.#deps = deps;
    this.#logins = new LoginBudget(deps.clock, {
      load: () => deps.store.setting(failedLoginsSetting),
      save: (failures) => this.#keepFailedLogins(failures),
    });
    this.#off = deps.store.changes.on((changes) => {
      if (changes.computers || changes.everything) this.#follow();
    });
    this.#follow();
  }

  // ------------------------------------------------------------------------------------------------- records

  /** Adds this machine to a profile that has no computer of its own yet. */
  ensureLocalhost(): void {
    const has = this.#deps.store
      .computers()
      .some(({ auth, transportType }) => auth !== null && transportType.endsWith('local'));
    if (has || process.platform === 'win32') return;
    const taken = new Set(this.#deps.store.computers().map(({ label }) => label));
    const below = join(this.#deps.profileDirectory, 'work');
    this.create(
      computerConfig.parse({
        label: taken.has('localhost') ? 'this-machine' : 'localhost',
        description: 'This machine.',
        transport: { type: 'core.local' },
        scheduler: 'core.direct',
        // braces would be taken for placeholders
        workDirectory: /[{}]/.test(below) ? '{home}/.stemma-work' : below,
        minimumPollInterval: 0.25,
      }),
    );
  }

  create(config: ComputerConfig): Uuid {
    this.#checkLabel(config.label, null);
    const uuid = newUuid();
    this.#deps.store.write((tx) => {
      tx.insertComputer({ uuid, ...recordOf(config) });
      tx.putAuth(uuid, { enabled: true, params: authParamsOf(config) });
    });
    this.#follow();
    return uuid;
  }

  /** @throws StemmaError `computer-busy` where jobs of another scheduler are still watched */
  update(uuid: Uuid, config: ComputerConfig): void {
    const before = this.#record(uuid);
    this.#checkLabel(config.label, uuid);
    const runtime = this.#runtimes.get(uuid);
    if (
      runtime !== undefined &&
      runtime.monitor.jobs.length > 0 &&
      runtime.config.scheduler !== config.scheduler
    ) {
      throw userError({
        code: 'computer-busy',
        message: `${before.label} has jobs in its queue, so its scheduler cannot be changed now.`,
        subject: before.label,
        hint: 'Add a second computer with the other scheduler, or wait for the jobs.',
      });
    }
    this.#deps.store.write((tx) => {
      tx.updateComputer(uuid, recordOf(config));
      tx.putAuth(uuid, { enabled: before.auth?.enabled ?? true, params: authParamsOf(config) });
    });
    this.#follow();
    this.retryNow(uuid);
  }

  /** @throws StemmaError `computer-in-use` */
  remove(uuid: Uuid): void {
    this.#record(uuid);
    this.#deps.store.write((tx) => tx.removeComputer(uuid));
    this.#follow();
  }

  setEnabled(uuid: Uuid, enabled: boolean): void {
    const { auth, label } = this.#record(uuid);
    if (auth === null) throw notConfigured(label);
    this.#deps.store.write((tx) => tx.putAuth(uuid, { enabled, params: auth.params }));
    this.#follow();
    if (enabled && this.#runtimes.has(uuid)) this.retryNow(uuid);
  }

  config(uuid: Uuid): ComputerConfig | null {
    return configOf(this.#record(uuid));
  }

  async rows(): Promise<ComputerRow[]> {
    const rows = await this.#deps.reader.computerRows(null);
    return rows.map((row) => ({ ...row, configured: this.#runtimes.has(row.uuid as Uuid) }));
  }

  /** Hosts of the person's own ssh configuration. */
  sshHosts(): Promise<SshHost[]> {
    return sshHosts({ home: homedir(), user: userInfo().username });
  }

  // ------------------------------------------------------------------------------------------- what happens there

  /** @throws StemmaError `computer-missing`, `computer-not-configured` */
  runtime(uuid: Uuid): ComputerRuntime {
    const found = this.#runtimes.get(uuid);
    if (found !== undefined) return found;
    const record = this.#deps.store.computer(uuid);
    if (record !== null) throw notConfigured(record.label);
    throw transportError('computer-missing', {
      message: 'The computer is not in this profile.',
      subject: uuid,
      hint: 'It may have been removed. Kill the process, or add the computer again by importing an archive that has it.',
    });
  }

  queues(uuid?: Uuid): ComputerRuntime['queue'][] {
    return [...this.#runtimes.values()]
      .filter((runtime) => uuid === undefined || runtime.uuid === uuid)
      .map((runtime) => runtime.queue);
  }

  /** Computers, by label, where nothing goes on now, and why. */
  held(): ReadonlyMap<string, string> {
    const held = [...this.#runtimes.values()].filter((runtime) => runtime.held !== '');
    return new Map(held.map((runtime) => [runtime.config.label, runtime.held]));
  }

  /** Labels of the computers on which nothing goes on before a person acts. */
  inNeed(): readonly string[] {
    return [...this.#runtimes.values()]
      .filter((runtime) => runtime.connection.status.state === 'needs-you')
      .map((runtime) => runtime.config.label);
  }

  /** How far the rules of a job that is watched are, in their order; empty where none is. */
  ruleStates(process: Uuid): readonly RuleState[] {
    return this.#first((runtime) => runtime.ruleStates(process).length > 0)?.ruleStates(process) ?? [];
  }

  /** What is known of a job that is watched, by its process; null where none is. */
  lookAt(process: Uuid): JobLook | null {
    return this.#first((runtime) => runtime.lookAt(process) !== null)?.lookAt(process) ?? null;
  }

  /** What a process waits for while others do what it would do; null where it does not. */
  turnOf(process: Uuid): Turn | null {
    return this.#first(({ turns }) => turns.of(process) !== null)?.turns.of(process) ?? null;
  }

  #first(fits: (runtime: ComputerRuntime) => boolean): ComputerRuntime | undefined {
    return [...this.#runtimes.values()].find(fits);
  }

  setPaused(uuid: Uuid, paused: boolean): void {
    this.runtime(uuid);
    const now = new Set(this.#paused());
    if (paused) now.add(uuid);
    else now.delete(uuid);
    this.#deps.store.write((tx) => tx.setSetting(pausedSetting, [...now]));
    this.#follow();
    if (!paused) this.retryNow(uuid);
  }

  retryNow(uuid: Uuid): void {
    this.runtime(uuid).retryNow();
    this.available.emit(uuid);
  }

  /**
   * The machine was asleep: every connection is doubtful and every wait is too long. What waits for a person does so
   * still: a login that was refused is not tried again by a lid that was opened.
   */
  wake(): void {
    for (const runtime of this.#runtimes.values()) runtime.wake();
  }

  async acceptHostKey(key: HostKey): Promise<void> {
    await this.#deps.trust.accept(key);
    this.#retryWhereNeeded(key.host);
  }

  async forgetHostKeys(host: string, port: number): Promise<void> {
    await this.#deps.trust.forget(host, port);
    this.#retryWhereNeeded(host);
  }

  giveSecret(owner: SecretOwner, secret: string): void {
    this.#deps.secrets.give(owner, secret);
    this.#retryWhereNeeded(owner.host);
  }

  close(): void {
    this.#off();
    for (const runtime of this.#runtimes.values()) runtime.close();
    this.#runtimes.clear();
  }

  /** A person has acted for this host, and for no other. */
  #retryWhereNeeded(host: string): void {
    this.#logins.allow(host);
    for (const runtime of this.#runtimes.values()) {
      if (!runtime.goesBy(host)) continue;
      // a login that is held open for a code goes on by itself
      const { state } = runtime.connection.status;
      if (state === 'needs-you' || state === 'waiting') runtime.connection.retryNow();
      this.available.emit(runtime.uuid);
    }
  }

  #keepFailedLogins(failures: Readonly<Record<string, readonly number[]>>): void {
    const { store, log } = this.#deps;
    try {
      store.write((tx) => tx.setSetting(failedLoginsSetting, failures));
    } catch (thrown) {
      // they are counted in memory all the same, until the next start
      log('warn', 'A failed login could not be noted', thrown);
    }
  }

  #paused(): readonly string[] {
    const setting = this.#deps.store.setting(pausedSetting);
    return Array.isArray(setting) ? setting.filter((item): item is string => typeof item === 'string') : [];
  }

  /** Brings the running parts in line with the records. */
  #follow(): void {
    const paused = new Set(this.#paused());
    const records = new Map(this.#deps.store.computers().map((record) => [record.uuid, record]));
    for (const [uuid, runtime] of this.#runtimes) {
      if (!records.has(uuid)) {
        runtime.close();
        this.#runtimes.delete(uuid);
      }
    }
    for (const [uuid, record] of records) {
      const config = configOf(record);
      const runtime = this.#runtimes.get(uuid);
      if (config === null) continue;
      if (runtime === undefined) this.#add(uuid, config);
      else if (JSON.stringify(runtime.config) !== JSON.stringify(config)) runtime.reconfigure(config);
      const held = paused.has(uuid) || record.auth?.enabled === false;
      const { connection } = this.runtime(uuid);
      if (connection.paused !== held) connection.setPaused(held);
    }
    this.changes.emit();
  }

  #add(uuid: Uuid, config: ComputerConfig): void {
    const runtime = new ComputerRuntime(uuid, config, { ...this.#deps, logins: this.#logins });
    runtime.changes.on(() => this.changes.emit());
    runtime.reached.on(() => this.reached.emit(uuid));
    this.#runtimes.set(uuid, runtime);
  }

  #record(uuid: Uuid): ComputerRecord {
    const record = this.#deps.store.computer(uuid);
    if (record !== null) return record;
    throw userError({ code: 'computer-missing', message: 'There is no such computer.', subject: uuid });
  }

  #checkLabel(label: string, own: Uuid | null): void {
    const taken = this.#deps.store.computers().some((other) => other.label === label && other.uuid !== own);
    if (!taken) return;
    throw userError({
      code: 'label-taken',
      message: `There is a computer called “${label}” already.`,
      subject: 'label',
      hint: 'Choose another label.',
    });
  }
}

const notConfigured = (label: string): Error =>
  operationalError({
    code: 'computer-not-configured',
    message: `Nothing is known of how to reach ${label}.`,
    subject: label,
    hint: 'It came with an archive. Open it under Computers and fill in how to log in.',
  });
