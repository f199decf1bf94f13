import type { StemmaError } from '#shared/base/errors.ts';
import type { TransportCause } from '#shared/process/causes.ts';
import { transportError } from '../transport-error.ts';
import type { FrameFault } from './frame.ts';

/** What the C library says in every Unix's own tools, with LC_ALL=C. */
const texts: readonly (readonly [RegExp, TransportCause])[] = [
  // the last is what GNU tar says where a file fits only in part
  [
    /No space left on device|Disk quota exceeded|not enough space|Wrote only \d+ of \d+ bytes/i,
    'remote-disk-full',
  ],
  [/Permission denied|Operation not permitted|Read-only file system/i, 'remote-permission'],
  [/command not found|: not found/i, 'remote-tool-missing'],
  [/No such file or directory|Not a directory/i, 'remote-missing'],
];

/** Null for what no pattern knows; the first that fits, because one failure prints several lines. */
export const causeOfText = (stderr: string): TransportCause | null =>
  texts.find(([pattern]) => pattern.test(stderr))?.[1] ?? null;

const lastLines = (text: string): string => text.trim().split('\n').slice(-5).join('\n');

const hints: Partial<Record<TransportCause, string>> = {
  'remote-disk-full':
    'Free some space there, or choose another work directory. Stemma tries again by itself.',
  'remote-permission': 'Check the owner and the mode of the folder.',
};

/** A script that ended with an exit code other than 0, by what it printed on standard error. */
export function commandFailed(what: string, exitCode: number, stderr: string, subject?: string): StemmaError {
  const cause = causeOfText(stderr) ?? 'command-failed';
  const reasons: Partial<Record<TransportCause, string>> = {
    'remote-disk-full': 'the disk or quota is full',
    'remote-permission': 'permission was denied',
    'remote-missing': 'a file or folder is missing',
    'remote-tool-missing': 'a command is missing',
  };
  return transportError(cause, {
    message: `${what} failed on the computer: ${reasons[cause] ?? `exit code ${exitCode}`}.`,
    subject,
    hint: hints[cause],
    details: lastLines(stderr),
  });
}

/** An answer without its frame: nothing is known of what happened. */
export function frameFailed(
  what: string,
  fault: Exclude<FrameFault, { kind: 'too-long' }>,
  stderr: string,
): StemmaError {
  const details = lastLines([fault.noise, stderr].filter((text) => text !== '').join('\n'));
  switch (fault.kind) {
    case 'no-begin':
      return transportError('garbled-answer', {
        message: `The shell of the computer did not run a command (${what}).`,
        hint: 'A login script there may end the shell or read its input: look at ~/.bashrc, ~/.profile or ~/.cshrc.',
        details,
      });
    case 'no-end':
      return transportError('connection-lost', {
        message: `The answer was cut off (${what}).`,
        details,
      });
    case 'damaged':
      return transportError('garbled-answer', {
        message: `Something else was printed into the answer (${what}).`,
        hint: 'A login script there may start something that prints in the background.',
        details,
      });
  }
}

/** A command was cut off. @param limit bytes */
export const outputTooLarge = (what: string, limit: number): StemmaError =>
  transportError('output-too-large', {
    message: `A command printed more than ${Math.round(limit / 1_000_000)} MB (${what}).`,
  });

/** Nothing came for so long (ms); what was asked may have happened all the same. */
export const silent = (what: string, ms: number): StemmaError =>
  transportError('timeout', {
    message: `The computer did not answer within ${Math.round(ms / 1000)} s (${what}).`,
    hint: 'It is not known whether the command ran.',
  });
