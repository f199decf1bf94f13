import { z } from 'zod';
import type { Clock } from '#shared/base/clock.ts';
import type { StemmaError } from '#shared/base/errors.ts';
import { formatLocal } from '#shared/base/time.ts';
import { Permits } from '../transports/permits.ts';
import { transportError } from '../transport-error.ts';

interface Account {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** Sites lock accounts and ban addresses after a few failed logins, often three within minutes. */
const mostFailures = 2;
const windowMs = 600_000;

const kept = z.record(z.string(), z.array(z.number()));

/** Where the failures are kept, so that a restart does not make up for them. */
export interface LoginMemory {
  load(): unknown;
  save(failures: Readonly<Record<string, readonly number[]>>): void;
}

const nameOf = ({ user, host, port }: Account): string => `${user}@${host}:${port}`;

/**
 * How often we may fail to log in by ourselves: twice within ten minutes for one account, whichever computer or job it
 * is for. A person’s wish is never refused.
 */
export class LoginBudget {
  readonly #clock: Clock;
  readonly #memory: LoginMemory;
  readonly #failures: Map<string, readonly number[]>;
  readonly #turns = new Map<string, Permits>();

  constructor(clock: Clock, memory: LoginMemory = { load: () => ({}), save: () => {} }) {
    this.#clock = clock;
    this.#memory = memory;
    this.#failures = new Map(Object.entries(kept.safeParse(memory.load()).data ?? {}));
  }

  /** Before anything is said to the host. @throws StemmaError `throttled` */
  check(account: Account): void {
    const recent = this.#recent(nameOf(account));
    const oldest = recent.at(-mostFailures);
    if (oldest !== undefined) throw tooMany(account, oldest + windowMs);
  }

  /**
   * One login at a host at a time, whichever computers are behind it: sites count those that are not done yet.
   * @param waits called with what is waited for where that is so, and with null when it is over
   */
  async inTurn<T>(
    { host, port }: Account,
    signal: AbortSignal,
    work: () => Promise<T>,
    waits: (what: string | null) => void = () => {},
  ): Promise<T> {
    const name = `${host}:${port}`;
    const turns = this.#turns.get(name) ?? new Permits(1);
    this.#turns.set(name, turns);
    if (turns.used < turns.limit) return await turns.with(signal, work);
    waits(`another login at ${host}, where one is made at a time`);
    return await turns.with(signal, () => {
      waits(null);
      return work();
    });
  }

  failed(account: Account): void {
    const name = nameOf(account);
    this.#failures.set(name, [...this.#recent(name), this.#clock.now()]);
    this.#save();
  }

  succeeded(account: Account): void {
    if (this.#failures.delete(nameOf(account))) this.#save();
  }

  /** A person has asked for a login at this host. */
  allow(host: string): void {
    const names = [...this.#failures.keys()].filter((name) => name.includes(`@${host}:`));
    for (const name of names) this.#failures.delete(name);
    if (names.length > 0) this.#save();
  }

  /** A clock that was set back must not lock anybody out: what lies in the future is forgotten. */
  #recent(name: string): readonly number[] {
    const now = this.#clock.now();
    return (this.#failures.get(name) ?? []).filter((time) => time <= now && now - time < windowMs);
  }

  #save(): void {
    for (const name of this.#failures.keys()) {
      const recent = this.#recent(name);
      if (recent.length === 0) this.#failures.delete(name);
      else this.#failures.set(name, recent);
    }
    this.#memory.save(Object.fromEntries(this.#failures));
  }
}

const tooMany = (account: Account, until: number): StemmaError =>
  transportError('throttled', {
    message: `Two logins as ${account.user} at ${account.host} have failed within ten minutes.`,
    subject: account.host,
    hint: `So that the site does not lock the account, Stemma does not try again before ${formatLocal(until).slice(11, 16)}, unless you say so.`,
  });
