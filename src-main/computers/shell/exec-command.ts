import { randomBytes } from 'node:crypto';
import { localFrame, streamFrame, textFrame } from './frame.ts';
import type { ExecRequest } from '../transport.ts';

export interface PreparedExec {
  readonly nonce: string;
  /** Goes to standard input first, followed by the request's own input. */
  readonly script: Buffer;
  /** The same few plain words for every login shell: bash, dash, zsh, csh and fish all pass them on to sh. */
  readonly command: string;
  /** Whether the answer has a checksum. */
  readonly summed: boolean;
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
  const limit = request.maxOutput ?? defaultMaxOutput;
  const body = bodyOf(request);
  const framed = kind === 'text' ? textFrame(nonce, body, limit) : streamFrame(nonce, body);
  const script = Buffer.from(framed, 'utf8');
  if (script.includes(0)) throw new Error('A script with a NUL byte.');
  return {
    nonce,
    script,
    command: `exec /bin/sh -c 'eval "$(dd bs=1 count=${script.length} 2>/dev/null)"'`,
    summed: true,
  };
}

const bodyOf = ({ script, environment }: Pick<ExecRequest, 'script' | 'environment'>): string =>
  `${environment === 'user' ? '' : plain}${script}`;

/** Longest script that is given as an argument: Linux allows 128 KiB for one. */
const longestArgument = 100_000;

/**
 * For a shell of this machine, which no login shell stands before: the script is its argument, and standard input has
 * the request's own input alone. Null where the script is too long for that.
 */
export function prepareLocalExec(
  request: Pick<ExecRequest, 'script' | 'environment'>,
  nonce = randomBytes(8).toString('hex'),
): PreparedExec | null {
  const command = localFrame(nonce, bodyOf(request));
  if (command.includes('\0')) throw new Error('A script with a NUL byte.');
  if (Buffer.byteLength(command) > longestArgument) return null;
  return { nonce, script: Buffer.alloc(0), command, summed: false };
}
