import { epoch, machineName } from '../shell/facts.ts';

/**
 * Files that a job keeps in its work directory, beside those of the calculation. All are hidden, so that `*` does not
 * retrieve them.
 */
export const sentinelFiles = {
  /** Holds the id of the one job that may run in this directory. A hard link, made once and for all. */
  fence: '.run',
  /** Written at the end, whole or not at all. */
  done: '.done',
  /** Everything that the submission left. */
  submission: '.submit',
  /** We have asked the scheduler to cancel the job. */
  cancelled: '.cancelled',
} as const;

/** Exit code of a job that found another job's id in the fence. */
export const fenceExitCode = 97;
/** Exit code of a job that could not write to its work directory. */
export const cannotStartExitCode = 98;

/**
 * Signals that would end the script anyway. With a trap on EXIT alone bash takes the last command's exit code for the
 * script's own when a signal ends it: a job that was killed would look like a success.
 */
const signals = [
  ['HUP', 1],
  ['INT', 2],
  ['USR1', 10],
  ['USR2', 12],
  ['TERM', 15],
  ['XCPU', 24],
] as const;

/**
 * The first lines that run. The fence: whoever links its own id to `.run` first may go on, also when the scheduler
 * starts the same job again; any other ends. A hard link is atomic and carries the owner's name, so that an answer
 * that got lost on the way to a file server does no harm. Where there are no hard links a folder is the lock.
 *
 * The end: `.done` is there only after the script has ended by itself, however it did.
 */
export const guard = (identify: readonly string[]): readonly string[] => [
  '# STEMMA BEGIN: only one job of an attempt runs, and its end leaves a note ###',
  ...identify,
  `printf '%s' "$stemma_job" > ".run.$stemma_job" || exit ${cannotStartExitCode}`,
  // none of these may end a script of `#!/bin/bash -e`: the id has no line break, for which `read` fails at its end
  'ln ".run.$stemma_job" .run 2>/dev/null || [ -e .run ] || { mkdir .run.lock && cp ".run.$stemma_job" .run; } || :',
  'stemma_owner=',
  '[ ! -f .run ] || IFS= read -r stemma_owner < .run || :',
  `[ "$stemma_owner" = "$stemma_job" ] || exit ${fenceExitCode}`,
  '[ ! -e .done ] || rm -f .done',
  `stemma_start=${epoch}`,
  'stemma_end() {',
  '  stemma_rc=$?',
  '  trap - EXIT',
  `  ${machineName}`,
  `  printf 'rc=%s\\njob=%s\\nstart=%s\\nend=%s\\nhost=%s\\n' "$stemma_rc" "$stemma_job" \\`,
  `    "$stemma_start" "${epoch}" "$machine" > .done.new && mv -f .done.new .done`,
  '  exit "$stemma_rc"',
  '}',
  'trap stemma_end EXIT',
  ...signals.map(([name, number]) => `trap 'exit ${128 + number}' ${name}`),
  '# STEMMA END ###',
];

/** What a job noted of its own end in its work directory. */
export interface DoneNote {
  readonly exitStatus: number;
  readonly jobId: string;
  /** Milliseconds since 1970, by the clock of the machine that ran the job. */
  readonly started: number;
  readonly ended: number;
  readonly host: string;
}

/** Null where a line is missing or strange: then the note proves nothing. */
export function readDoneNote(text: string): DoneNote | null {
  const found = /^rc=(\d{1,3})\njob=(\S+)\nstart=(\d+)\nend=(\d+)\nhost=(\S*)\n$/.exec(text);
  if (found === null) return null;
  const [, rc, jobId = '', start, end, host = ''] = found;
  return { exitStatus: Number(rc), jobId, started: Number(start) * 1000, ended: Number(end) * 1000, host };
}
