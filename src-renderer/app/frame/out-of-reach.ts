import type { AppStatus } from '#shared/contract/areas/app.ts';
import { formatLocal } from '#shared/base/time.ts';
import { plural } from '#renderer/model/count-words.ts';

type Computer = AppStatus['computers'][number];

/** Computers that hold up work and are not what a person has paused: worth a banner where work is looked at. */
export const outOfReach = (computers: readonly Computer[]): readonly Computer[] =>
  computers.filter(
    ({ connection, waiting, jobs }) =>
      waiting + jobs > 0 && (connection === 'waiting' || connection === 'needs-you'),
  );

/** `granite is unreachable since 10:32`, and `41 jobs wait for it`. */
export function outOfReachWords(computer: Computer): { readonly what: string; readonly whom: string } {
  const { label, connection, message, unreachableSince, waiting, jobs } = computer;
  const since = unreachableSince === null ? '' : ` since ${formatLocal(unreachableSince).slice(11, 16)}`;
  const parts = [
    waiting === 0 ? '' : `${plural(waiting, 'job waits', 'jobs wait')} for it`,
    jobs === 0 ? '' : `${plural(jobs, 'job', 'jobs')} in its queue cannot be seen`,
  ].filter((part) => part !== '');
  const what =
    connection === 'waiting' ? `${label} is unreachable${since}` : `${label} needs you: ${message}`;
  return { what: what.replace(/[.:\s]+$/, ''), whom: parts.join('; ') };
}
