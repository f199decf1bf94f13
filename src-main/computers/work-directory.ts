import type { Uuid } from '#shared/provenance/ids.ts';
import { shellQuote } from './shell/quote.ts';
import { commandFailed } from './shell/remote-errors.ts';
import { transportError } from './transport-error.ts';
import type { Transport } from './transport.ts';

export interface RemoteAccount {
  readonly username: string;
  readonly home: string;
}

/**
 * Asked of the computer: the name in the ssh configuration may be another one. @throws StemmaError with a cause of
 * transport
 */
export async function remoteAccount(transport: Transport, signal: AbortSignal): Promise<RemoteAccount> {
  const answer = await transport.exec({
    what: 'the name of the account',
    script: `id -un && printf '%s\\n' "$HOME"`,
    signal,
  });
  const [username = '', home = ''] = answer.stdout.split('\n');
  if (answer.exitCode !== 0 || username === '') {
    throw commandFailed('Asking for the name of the account', answer.exitCode, answer.stderr);
  }
  return { username, home };
}

/** Fills `{username}` and `{home}` in. @throws StemmaError `remote-missing` where the result is no absolute path */
export function fillTemplate(template: string, account: RemoteAccount): string {
  const filled = template.replaceAll('{username}', account.username).replaceAll('{home}', account.home);
  const path = filled.replaceAll(/\/+/g, '/').replace(/\/$/, '');
  if (path.startsWith('/') && path.length > 1 && !/[\0\n]/.test(path)) return path;
  throw transportError('remote-missing', {
    message: `The work directory “${template}” becomes “${filled}”, which is no absolute path below /.`,
    subject: template,
    hint: 'Write an absolute path, for example /scratch/{username}/stemma.',
  });
}

/** AiiDA's three levels below the root, and one for the attempt: two attempts never share a directory. */
export const attemptDirectory = (root: string, process: Uuid, attempt: number): string =>
  `${root}/${process.slice(0, 2)}/${process.slice(2, 4)}/${process.slice(4)}/a${attempt}`;

/** Bytes that are free there; null where that cannot be told. */
export async function freeBytes(
  transport: Transport,
  directory: string,
  signal: AbortSignal,
): Promise<number | null> {
  const answer = await transport.exec({
    what: 'the free space',
    script: `df -Pk ${shellQuote(directory)} | tail -n 1`,
    signal,
  });
  const found = /\s(\d+)\s+\d+%\s/.exec(answer.stdout);
  return found === null ? null : Number(found[1]) * 1024;
}
