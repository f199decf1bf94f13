/**
 * A job of which nobody says how it ended: accounting is silent, or the job is lost, or every sign of it is gone before
 * we heard that it was taken.
 */
import { coreExitCodes } from '#shared/process/exit-codes.ts';
import type { Decision } from '../commands.ts';
import type { EngineEvent } from '../events.ts';
import type { AccountingSilence } from '../ports.ts';
import { slowBackOff } from '../retry.ts';
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

/** The code of the retry of a submission that left no trace. */
export const vanished = 'submission-vanished';

/** It is looked for again now and then: a directory that was moved away may come back. */
export function onVanished(
  draft: JobDraft,
  { roll }: Extract<EngineEvent, { kind: 'submission' }>,
  message: string,
): Decision {
  const { retry: before } = draft.state;
  const again = before?.code === vanished ? before : null;
  const failures = (again?.failures ?? 0) + 1;
  const since = again?.since ?? draft.now;
  const until = draft.now + slowBackOff(failures, roll);
  draft.set({
    retry: {
      code: vanished,
      message,
      hint: 'Nothing is submitted again before you have chosen.',
      failures,
      since,
      until,
      needsPerson: true,
    },
  });
  if (again === null) draft.do({ kind: 'log', level: 'WARNING', message }).note(message);
  draft.attributes({ process_status: `${message} Waiting for a person.` });
  draft.activity('submit', 'needs you', {
    reason: message,
    since,
    until,
    untilWords: 'next look',
    tries: failures,
  });
  return draft.effect('submit', until).keep();
}

/** A person gives up waiting. A job that has noted its own end is not lost: it goes on by that note. */
export function onAssumeLost(draft: JobDraft): Decision {
  const { lost, unaccounted = null, jobId, retry } = draft.state;
  const why =
    lost ??
    (retry?.code === vanished ? retry.message : null) ??
    (unaccounted === null || unaccounted.noted
      ? null
      : `Job ${jobId ?? ''} has left the queue without a note of its end, and accounting does not answer.`);
  if (why === null) return draft.keep();
  draft.do({ kind: 'log', level: 'ERROR', message: why });
  const { status } = coreExitCodes.noRetrievedFolder;
  return draft.end(finished(status, `The job was lost: ${why}`));
}
