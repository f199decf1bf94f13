/** Two jobs of one attempt: the one that holds its fence is the attempt's, whichever of them was watched. */
import type { Decision } from '../commands.ts';
import type { JobState } from '../state.ts';
import type { Draft } from './common.ts';

/** The job that was watched has ended at the fence, or will: its twin runs, or has run, and is watched from now on. */
export function onTwin(draft: Draft<JobState>, twin: string): Decision {
  const { phase, killing, jobId, stopping } = draft.state;
  if (phase !== 'run' || killing || twin === jobId) return draft.keep();
  draft.set({ jobId: twin, retry: null, unaccounted: null, observedAt: draft.now });
  draft.attributes({ job_id: twin });
  const words = `job ${twin}, the other job of this attempt, holds its fence: it is watched instead of job ${jobId ?? ''}`;
  draft.do({ kind: 'log', level: 'WARNING', message: words }).note(words);
  if (stopping === undefined) return draft.activity('run', 'with the scheduler').effect('watch').keep();
  // the wish to stop was told about the wrong one
  return draft
    .set({ stopping: { ...stopping, told: false } })
    .effect('cancel')
    .keep();
}
