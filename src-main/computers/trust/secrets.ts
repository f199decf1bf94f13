import type { Clock } from '#shared/base/clock.ts';
import { Emitter } from '#shared/base/emitter.ts';

export type SecretKind = 'password' | 'passphrase' | 'code';

/** Whose secret: the account at a host. A passphrase is of the key with which that account logs in. */
export interface SecretOwner {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly of: SecretKind;
}

/** A one-time code is good for so long. */
const codeLifeMs = 60_000;

const nameOf = (owner: SecretOwner): string => `${owner.of} ${owner.user}@${owner.host}:${owner.port}`;

/** Passwords, passphrases and codes that a person has typed: in memory only, and gone when Stemma ends. */
export class SecretBook {
  readonly #clock: Clock;
  readonly #learn: (secret: string) => void;
  readonly #secrets = new Map<string, { readonly secret: string; readonly given: number }>();
  /** Says whose secret has come. */
  readonly given = new Emitter<SecretOwner>();

  /** @param learn hears every secret, so that a log can leave it out */
  constructor(clock: Clock, learn: (secret: string) => void = () => {}) {
    this.#clock = clock;
    this.#learn = learn;
  }

  give(owner: SecretOwner, secret: string): void {
    this.#learn(secret);
    this.#secrets.set(nameOf(owner), { secret, given: this.#clock.monotonic() });
    this.given.emit(owner);
  }

  /** A code is given once only, and only while it is fresh. */
  take(owner: SecretOwner): string | null {
    const found = this.#secrets.get(nameOf(owner));
    if (found === undefined) return null;
    if (owner.of !== 'code') return found.secret;
    this.#secrets.delete(nameOf(owner));
    return this.#clock.monotonic() - found.given <= codeLifeMs ? found.secret : null;
  }

  /** Waits for a secret that a person is being asked for. Null when it did not come in time. */
  wait(owner: SecretOwner, ms: number, signal: AbortSignal): Promise<string | null> {
    const now = this.take(owner);
    if (now !== null || ms <= 0) return Promise.resolve(now);
    return new Promise((resolve) => {
      const settle = (secret: string | null): void => {
        cancel();
        off();
        signal.removeEventListener('abort', onAbort);
        resolve(secret);
      };
      const onAbort = (): void => settle(null);
      const cancel = this.#clock.after(ms, () => settle(null));
      const off = this.given.on((other) => {
        if (nameOf(other) === nameOf(owner)) settle(this.take(owner));
      });
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
  }

  /** A secret that was refused is not tried again. */
  forget(owner: SecretOwner): void {
    this.#secrets.delete(nameOf(owner));
  }

  /** Values that must never appear in a log. */
  values(): string[] {
    return [...this.#secrets.values()].map(({ secret }) => secret);
  }
}
