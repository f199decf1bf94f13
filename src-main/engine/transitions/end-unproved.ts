/** A job that has left the queue, and of which nobody says how it ended: accounting is silent, or it is lost. */
import { coreExitCodes } from '#shared/process/exit-codes.ts';
import type { Decision } from '../commands.ts';
import type { AccountingSilence } from '../ports.ts';
import type { JobState } from '../state.ts';
import { finished, type Draft } from './common.ts';

type JobDraft = Draft<JobState>;

const said = (message: string): string => (message === '' ? '' : ` It says: ${message}`);

/** @param silence null: accounting answers again, and what it says is on its way */
export function onUnaccounted(draft: JobDraft, silence: AccountingSilence | null): Decision {
  const { phase, killing, stopping, lost, unaccounted = null, jobId, activity } = draft.state;
  if (phase !== 'run' || killing || lost !== null) return draft.keep();
  if (silence === null) {
    if (unaccounted === null) return draft.keep();
    draft.set({ unaccounted: null, observedAt: draft.now });
    draft.note('accounting answers again');
    if (stopping !== undefined) return draft.keep();
    return draft.activity('run', 'ending', { since: activity.since }).keep();
  }
  draft.set({ unaccounted: silence, retry: null, observedAt: draft.now });
  const words = `Job ${jobId ?? ''} has left the queue, and accounting does not answer how it ended.`;
  if (unaccounted === null) draft.note(`${words}${said(silence.message)}`);
  if (stopping !== undefined) return draft.keep();
  return draft
    .activity('run', 'waits for accounting', { reason: silence.message, since: silence.since })
    .keep();
}

/** The job's own note of its end had to do. */
export function warnOfSilence(draft: JobDraft, since: number): void {
  draft.do({
    kind: 'log',
    level: 'WARNING',
    message:
      `Accounting has not answered since ${new Date(since).toISOString()}: the end of the job is taken from its own ` +
      'note. Whether walltime, memory or a person ended it is not known.',
  });
}

/** A person gives up waiting. A job that has noted its own end is not lost: it goes on by that note. */
export function onAssumeLost(draft: JobDraft): Decision {
  const { lost, unaccounted = null, jobId } = draft.state;
  const why =
    lost ??
    (unaccounted === null || unaccounted.noted
      ? null
      : `Job ${jobId ?? ''} has left the queue without a note of its end, and accounting does not answer.`);
  if (why === null) return draft.keep();
  draft.do({ kind: 'log', level: 'ERROR', message: why });
  const { status } = coreExitCodes.noRetrievedFolder;
  return draft.end(finished(status, `The job was lost: ${why}`));
}
