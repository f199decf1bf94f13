import { transportError } from '../transport-error.ts';

/** What the work directory of an attempt says about its submission. */
export interface SubmitFacts {
  readonly directory: boolean;
  /** Null: it was never begun. */
  readonly submission: {
    /** Of the submit command; null while it has not ended, or was cut off. */
    readonly exitCode: number | null;
    readonly stdout: string;
    readonly stderr: string;
    /** Where it has not ended: whether its process is there. */
    readonly wrapper: 'alive' | 'dead' | 'elsewhere' | 'ended';
    /** By the computer's clock; null where its begin was not noted. */
    readonly ageSeconds: number | null;
  } | null;
  /** Who may run: a job's id, or a note that nobody may. */
  readonly fence: string | null;
  readonly done: boolean;
  /** The submission was made by the call that reports it. */
  readonly fresh: boolean;
}

/** Reads a report. @throws StemmaError `garbled-answer` */
export function readSubmitFacts(stdout: string): SubmitFacts {
  if (stdout === 'missing\n')
    return { directory: false, submission: null, fence: null, done: false, fresh: false };
  const lines = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    if (line === '') continue;
    const space = line.indexOf(' ');
    const [word, rest] = space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
    if (!words.has(word)) throw garbled(stdout);
    lines.set(word, [...(lines.get(word) ?? []), rest]);
  }
  const all = (word: string): string => (lines.get(word) ?? []).join('\n');
  const now = Number(all('now'));
  const begun = all('submit');
  if (!(now > 0) || (begun !== 'yes' && begun !== 'no')) throw garbled(stdout);
  const [, , , since] = all('begin').split(' ');
  const rc = /^\d{1,3}$/.exec(all('rc'));
  const wrapper = all('wrapper');
  return {
    directory: true,
    submission:
      begun === 'no'
        ? null
        : {
            exitCode: rc === null ? null : Number(rc[0]),
            stdout: all('out'),
            stderr: all('err'),
            wrapper:
              rc !== null ? 'ended' : wrapper === 'alive' || wrapper === 'elsewhere' ? wrapper : 'dead',
            ageSeconds: since === undefined ? null : Math.max(0, now - Number(since)),
          },
    fence: lines.has('fence') ? all('fence') : null,
    done: all('done') === 'yes',
    fresh: all('fresh') === 'yes',
  };
}

const words = new Set(['now', 'submit', 'begin', 'rc', 'out', 'err', 'wrapper', 'fence', 'done', 'fresh']);

const garbled = (stdout: string): Error =>
  transportError('garbled-answer', {
    message: 'The report on a submission cannot be read.',
    details: stdout.slice(0, 500),
  });
