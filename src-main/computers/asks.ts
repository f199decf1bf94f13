import type { TestStep } from '#shared/contract/areas/computers.ts';
import { AuthNeeded } from './transports/ssh/login-errors.ts';
import { HostNotTrusted } from './transports/ssh/host-check.ts';

/** What a person is to be asked for, where an error says so. */
export function askOf(error: unknown): TestStep['ask'] {
  if (error instanceof AuthNeeded) {
    const { of, host, port, user } = error.owner;
    return { kind: 'secret', of, host, port, user, prompt: error.message };
  }
  if (!(error instanceof HostNotTrusted)) return null;
  const { verdict } = error;
  switch (verdict.kind) {
    case 'unknown':
      return { kind: 'host-key', key: verdict.key };
    case 'changed': {
      const known = verdict.known.map(({ host, port, algorithm, fingerprint }) => ({
        host,
        port,
        algorithm,
        fingerprint,
      }));
      const source = verdict.known.map((key) => key.source).join('; ');
      return { kind: 'host-key-changed', key: verdict.key, known, source };
    }
    case 'revoked':
      return null;
  }
}
