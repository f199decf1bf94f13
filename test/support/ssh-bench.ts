import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#shared/base/system-clock.ts';
import { HostTrust } from '#main/computers/trust/host-trust.ts';
import { SecretBook } from '#main/computers/trust/secrets.ts';
import { dial, type Dialled } from '#main/computers/transports/ssh/dial.ts';
import { HostNotTrusted } from '#main/computers/transports/ssh/host-check.ts';
import type { DialObserver, HopDeps } from '#main/computers/transports/ssh/hop-connection.ts';
import { SshTransport } from '#main/computers/transports/ssh/ssh-transport.ts';
import type { Hop, SshAuth, SshTarget } from '#main/computers/transports/ssh/target.ts';
import type { Sshd } from './sshd.ts';

/** Dials as the product does, with a known-hosts file of its own. */
export class SshBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'stemma-ssh-'));
  readonly knownHosts = join(this.folder, 'known_hosts');
  readonly trust: HostTrust;
  readonly secrets = new SecretBook(systemClock);
  readonly #open: Dialled[] = [];

  constructor(others: readonly string[] = []) {
    this.trust = new HostTrust(this.knownHosts, others);
  }

  async dial(
    hops: readonly [Hop, ...Hop[]],
    auth: SshAuth,
    change: Partial<HopDeps> = {},
    observe?: DialObserver,
  ): Promise<Dialled> {
    const target: SshTarget = { hops, auth };
    const deps: HopDeps = {
      clock: systemClock,
      trust: this.trust,
      secrets: this.secrets,
      environment: {},
      codeWaitMs: 0,
      asking: () => {},
      signal: new AbortController().signal,
      ...change,
    };
    const dialled = await dial(target, deps, observe);
    this.#open.push(dialled);
    return dialled;
  }

  /** Accepts whatever key the hops show, one after the other. */
  async accept(hops: readonly [Hop, ...Hop[]], auth: SshAuth): Promise<void> {
    for (const _ of hops) {
      void _;
      try {
        (await this.dial(hops, auth)).link.close();
        return;
      } catch (thrown) {
        if (!(thrown instanceof HostNotTrusted)) throw thrown;
        await this.trust.accept(thrown.verdict.key);
      }
    }
  }

  async transport(sshd: Sshd, port = sshd.port): Promise<SshTransport> {
    const hop: Hop = { host: sshd.host, port, user: sshd.user };
    const auth = { kind: 'key', path: sshd.key } as const;
    await this.accept([hop], auth);
    const { link } = await this.dial([hop], auth);
    return new SshTransport(link, systemClock);
  }

  close(): void {
    for (const { link } of this.#open) link.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const hopOf = (sshd: Sshd, change: Partial<Hop> = {}): Hop => ({
  host: sshd.host,
  port: sshd.port,
  user: sshd.user,
  ...change,
});

export const keyOf = (sshd: Sshd): SshAuth => ({ kind: 'key', path: sshd.key });
