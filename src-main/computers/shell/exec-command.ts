import { randomBytes } from 'node:crypto';
import { streamFrame, textFrame } from './frame.ts';
import type { ExecRequest } from '../transport.ts';

export interface PreparedExec {
  readonly nonce: string;
  /** Goes to standard input first, followed by the request's own input. */
  readonly script: Buffer;
  /** The same few plain words for every login shell: bash, dash, zsh, csh and fish all pass them on to sh. */
  readonly command: string;
}

export const defaultMaxOutput = 8_000_000;

const plain = 'LC_ALL=C\nTZ=UTC\nexport LC_ALL TZ\nunset CDPATH\n';

/**
 * The script never is part of a command line: sh reads exactly its bytes from standard input (a byte at a time, so that
 * not one of the input that follows is lost) and evaluates them.
 */
export function prepareExec(
  request: Pick<ExecRequest, 'script' | 'environment' | 'maxOutput'>,
  kind: 'text' | 'stream',
  nonce = randomBytes(8).toString('hex'),
): PreparedExec {
  const body = `${request.environment === 'user' ? '' : plain}${request.script}`;
  const limit = request.maxOutput ?? defaultMaxOutput;
  const framed = kind === 'text' ? textFrame(nonce, body, limit) : streamFrame(nonce, body);
  const script = Buffer.from(framed, 'utf8');
  if (script.includes(0)) throw new Error('A script with a NUL byte.');
  return {
    nonce,
    script,
    command: `exec /bin/sh -c 'eval "$(dd bs=1 count=${script.length} 2>/dev/null)"'`,
  };
}
