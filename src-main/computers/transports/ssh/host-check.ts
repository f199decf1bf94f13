import { StemmaError } from '#shared/base/errors.ts';
import type { TransportCause } from '#shared/process/causes.ts';
import type { HostVerdict } from '../../trust/host-trust.ts';

type Untrusted = Exclude<HostVerdict, { kind: 'trusted' }>;

const codes = {
  unknown: 'host-key-unknown',
  changed: 'host-key-changed',
  revoked: 'host-key-revoked',
} as const satisfies Record<Untrusted['kind'], TransportCause>;

/** The host's key is not trusted: nothing but the key exchange has happened, and no user name was sent. */
export class HostNotTrusted extends StemmaError {
  readonly verdict: Untrusted;

  constructor(verdict: Untrusted) {
    const { host, port, algorithm, fingerprint } = verdict.key;
    const name = port === 22 ? host : `${host}, port ${port}`;
    super({
      family: 'operational',
      code: codes[verdict.kind],
      subject: host,
      ...words(verdict, name, `${algorithm} ${fingerprint}`),
    });
    this.verdict = verdict;
  }
}

function words(
  verdict: Untrusted,
  name: string,
  offered: string,
): { readonly message: string; readonly hint: string; readonly details: string } {
  switch (verdict.kind) {
    case 'unknown':
      return {
        message:
          verdict.others.length === 0
            ? `The host key of ${name} is not known yet.`
            : `${name} shows a key of another kind than the one that is known.`,
        hint: 'Compare the fingerprint with the one that the site publishes, then accept it.',
        details: [
          `shown: ${offered}`,
          ...verdict.others.map((key) => `known: ${key.algorithm} ${key.fingerprint} (${key.source})`),
        ].join('\n'),
      };
    case 'changed':
      return {
        message: `The host key of ${name} has changed: this may be another machine that poses as it.`,
        hint: 'Ask the site whether it has changed its keys. Only then forget the old key and test again.',
        details: [
          ...verdict.known.map((key) => `known: ${key.algorithm} ${key.fingerprint} (${key.source})`),
          `shown: ${offered}`,
        ].join('\n'),
      };
    case 'revoked':
      return {
        message: `The host key of ${name} is marked as revoked.`,
        hint: 'It must not be used. Ask the site for its present key.',
        details: `revoked: ${offered} (${verdict.source})`,
      };
  }
}
