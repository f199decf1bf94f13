import { deferred } from '#shared/base/deferred.ts';
import { ensure } from '#shared/base/assert.ts';
import { jobFiles } from '#shared/process/job-options.ts';
import type { EngineDeps } from '../deps.ts';
import type { EngineEvent } from '../events.ts';
import type { Attempt } from '../ports.ts';
import type { JobState } from '../state.ts';
import { newToken } from '../token.ts';
import type { Performance } from './performance.ts';

const attemptOf = (state: JobState): Attempt => ({
  computer: state.computer,
  process: state.uuid,
  ...state.attempt,
});

const jobOf = (state: JobState): { readonly jobId: string; readonly directory: string } => ({
  jobId: ensure(state.jobId, 'the job id'),
  directory: ensure(state.directory, 'the work directory'),
});

/** With `waits` where the computer has no place for the job: then `place` comes before `submit`. */
export async function upload(deps: EngineDeps, state: JobState, signal: AbortSignal): Promise<EngineEvent> {
  const plan = ensure(state.plan, 'the upload plan');
  const { directory, waits } = await deps.jobs.upload(attemptOf(state), plan, signal);
  return { kind: 'uploaded', directory, waits };
}

/** Ends when there is a place, however long that takes; a pause or a kill aborts it. */
export async function place(deps: EngineDeps, state: JobState, signal: AbortSignal): Promise<EngineEvent> {
  await deps.jobs.place(attemptOf(state), signal);
  return { kind: 'placed' };
}

/** Done again after a crash it never submits twice: the host looks for the token of the attempt first. */
export async function submit(deps: EngineDeps, state: JobState, signal: AbortSignal): Promise<EngineEvent> {
  const directory = ensure(state.directory, 'the work directory');
  const script = state.plan?.script ?? jobFiles.submitScript;
  const outcome = await deps.jobs.submit(attemptOf(state), directory, script, signal);
  return { kind: 'submission', outcome, freshToken: newToken(deps.random), roll: deps.random.next() };
}

/** Ends with the observation that the job has ended, is lost or has a twin; what it is until then is emitted. */
export function watch(deps: EngineDeps, state: JobState, performance: Performance): Promise<EngineEvent> {
  const end = deferred<EngineEvent>();
  const { signal } = performance;
  signal.addEventListener('abort', () => end.reject(signal.reason), { once: true });
  deps.jobs.watch(
    attemptOf(state),
    {
      ...jobOf(state),
      // a job that is being stopped is only watched for its end
      rules: state.stopping === undefined && !state.killing ? (state.rules ?? []) : [],
      rulesRest: () => performance.isPaused(),
      silence: state.unaccounted ?? null,
    },
    (observation) => {
      const event: EngineEvent = { kind: 'observed', observation };
      // after these the job is watched on
      const goesOn = observation.kind === 'seen' || observation.kind === 'unaccounted';
      if (goesOn) performance.emit(event);
      else end.resolve(event);
    },
    signal,
  );
  return end.promise;
}

/** Ends when the scheduler has taken the wish, not when the job has ended. */
export async function cancel(deps: EngineDeps, state: JobState, signal: AbortSignal): Promise<EngineEvent> {
  await deps.jobs.cancel(attemptOf(state), jobOf(state), signal);
  return { kind: 'cancelled' };
}

/** What came back, by path and hash, and what did not and why. */
export async function retrieve(deps: EngineDeps, state: JobState, signal: AbortSignal): Promise<EngineEvent> {
  const { directory } = jobOf(state);
  const found = await deps.jobs.retrieve(attemptOf(state), directory, state.retrieve, signal);
  const { files, unmatched, skipped = [] } = found;
  return { kind: 'retrieved', files, unmatched, skipped };
}
