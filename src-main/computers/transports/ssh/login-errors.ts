import { StemmaError, type ErrorInfo } from '#shared/base/errors.ts';
import type { TransportCause } from '#shared/process/causes.ts';
import { transportError } from '../../transport-error.ts';
import type { SecretOwner } from '../../trust/secrets.ts';
import { hopName, type Hop, type SshAuth } from './target.ts';

/** Says whose secret is wanted, so that a form can ask for it. */
export class AuthNeeded extends StemmaError {
  readonly owner: SecretOwner;

  constructor(
    owner: SecretOwner,
    info: { readonly code: TransportCause } & Omit<ErrorInfo, 'family' | 'subject'>,
  ) {
    super({ family: 'operational', subject: `${owner.user}@${owner.host}`, ...info });
    this.owner = owner;
  }
}

/** What a server says may hold anything: control characters go before it is shown. */
export const plainText = (text: string): string =>
  text.replaceAll(/[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '').slice(0, 2000);

/** A secret is wanted that nobody has given yet. @param message may hold words of the server */
export const authNeeded = (owner: SecretOwner, message: string): AuthNeeded =>
  new AuthNeeded(owner, { code: 'auth-needed', message: plainText(message) });

/**
 * The server said no.
 * @param offered methods that it would take
 * @param agentKeys how many were tried; below 0 where that is not known
 */
export function authRefused(
  hop: Hop,
  auth: SshAuth,
  offered: readonly string[],
  agentKeys: number,
): StemmaError {
  const where = hopName(hop);
  const others = offered.filter((name) => name !== (auth.kind === 'password' ? 'password' : 'publickey'));
  const also = others.length > 0 ? ` It also offers: ${others.join(', ')}.` : '';
  switch (auth.kind) {
    case 'agent':
      return transportError('auth-refused', {
        message:
          agentKeys === 0
            ? 'The SSH agent holds no key.'
            : `${where} accepted none of the ${agentKeys > 0 ? `${agentKeys} ` : ''}keys of the SSH agent.`,
        subject: where,
        hint:
          agentKeys === 0
            ? 'ssh-add adds your key to the agent for this session; ssh-add -l lists what it holds.'
            : `See with ssh-add -l which keys these are. ssh-copy-id ${copyTo(hop)} installs one there.${also}`,
      });
    case 'key':
      return transportError('auth-refused', {
        message: `${where} did not accept the key ${auth.path}.`,
        subject: where,
        hint: `Install its public half there: ssh-copy-id -i ${auth.path} ${copyTo(hop)}. Also check the user name.${also}`,
      });
    case 'password':
      // asked for again: it may have been mistyped
      return new AuthNeeded(
        { host: hop.host, port: hop.port, user: hop.user, of: 'password' },
        {
          code: 'auth-refused',
          message: `${where} did not accept the password.`,
          hint:
            offered.includes('password') || offered.includes('keyboard-interactive')
              ? 'Type it again. Some sites ban an address after a few wrong ones.'
              : `This host takes no passwords.${also}`,
        },
      );
  }
}

const copyTo = (hop: Hop): string =>
  hop.port === 22 ? `${hop.user}@${hop.host}` : `-p ${hop.port} ${hop.user}@${hop.host}`;
