import type { JobFacts, JobObservation } from '../../engine/ports.ts';
import { fenceExitCode } from '../job-script/sentinels.ts';
import type { Accounted, EndCause } from '../schedulers/scheduler.ts';
import type { EndNotes } from './end-notes.ts';

export interface EndEvidence {
  readonly jobId: string;
  /** The last that the queue showed; null where it never showed the job. */
  readonly lastSeen: JobFacts | null;
  /** What the queue shows now: a final state; null where a complete listing does not have the job. */
  readonly listed: { readonly facts: JobFacts; readonly cause: EndCause } | null;
  readonly notes: EndNotes;
  readonly accounted: Accounted | null;
  /** How long the job has been gone from the queue, or in a final state, by our clock. */
  readonly goneForMs: number;
  /** Complete listings without the job, one after the other. */
  readonly absences: number;
}

export interface EndPatience {
  /** For notes to appear after a final state: file servers lag behind. */
  readonly notesMs: number;
  /** For accounting to know of a job that has left the queue. */
  readonly accountingMs: number;
}

export type EndJudgement =
  | { readonly kind: 'observation'; readonly observation: JobObservation }
  | { readonly kind: 'ask-accounting' }
  /** It is not proved yet. */
  | { readonly kind: 'wait' }
  /** It has not ended: accounting says that it is active. */
  | { readonly kind: 'alive'; readonly facts: JobFacts };

const wait = { kind: 'wait' } as const;

/**
 * Whether a job has ended and how. Only two things prove an end: the note that the job's own script left, and a final
 * state that the scheduler names. Absence alone proves nothing; where nothing else comes the job is lost, which a
 * person must decide about.
 */
export function judgeEnd(evidence: EndEvidence, patience: EndPatience): EndJudgement {
  const { notes, listed, accounted, jobId } = evidence;
  const id = jobId.split(';')[0] ?? jobId;
  if (notes.fence !== null && notes.fence !== '' && notes.fence !== id) return ended(evidence, 'fence', null);
  const note = notes.done !== null && notes.done.jobId === id ? notes.done : null;
  if (note !== null && note.exitStatus === 0) return ended(evidence, 'done', null);

  const final = listed ?? (accounted?.kind === 'final' ? accounted : null);
  if (final !== null) {
    const waits =
      note === null && mayChange(final.cause, final.facts) && evidence.goneForMs < patience.notesMs;
    return waits ? wait : ended(evidence, causeOf(final.cause, final.facts, evidence), final.facts);
  }
  if (evidence.absences < 2) return wait;
  if (accounted === null) return { kind: 'ask-accounting' };
  if (accounted.kind === 'active') return { kind: 'alive', facts: accounted.facts };
  if (note !== null || notes.cancelled) {
    return ended(evidence, notes.cancelled ? 'cancelled' : 'done', null);
  }
  return evidence.goneForMs < patience.accountingMs ? wait : lost(evidence);
}

/** The note may still come, or the scheduler may put the job into its queue again. */
const mayChange = (cause: EndCause, facts: JobFacts): boolean =>
  cause === 'done' || cause === 'node-failure' || facts.schedulerState.startsWith('PREEMPTED');

function causeOf(cause: EndCause, facts: JobFacts, { notes }: EndEvidence): EndCause {
  // killed by our own wish, and nobody keeps accounts of that
  if (cause === 'unknown') return notes.cancelled ? 'cancelled' : 'unknown';
  if (cause !== 'done' || notes.done !== null) return cause;
  return facts.schedulerState.startsWith('COMPLETED') ? 'done' : 'unknown';
}

function ended(evidence: EndEvidence, cause: EndCause, final: JobFacts | null): EndJudgement {
  const { lastSeen, notes } = evidence;
  const known = final ?? lastSeen;
  const exitStatus = cause === 'fence' ? fenceExitCode : notes.done?.exitStatus;
  const facts: JobFacts = {
    state: 'done',
    schedulerState: final?.schedulerState ?? '',
    reason: final?.reason ?? '',
    nodes: known?.nodes,
    started: notes.done?.started ?? known?.started,
    ended: notes.done?.ended ?? known?.ended,
    exitStatus,
    raw: known?.raw,
  };
  return { kind: 'observation', observation: { kind: 'ended', facts, cause } };
}

function lost(evidence: EndEvidence): EndJudgement {
  const { lastSeen, notes, jobId } = evidence;
  const facts: JobFacts = lastSeen ?? { state: 'undetermined', schedulerState: '', reason: '' };
  const message = notes.directory
    ? `Job ${jobId} is not in the queue, left no note of its end, and accounting does not know it.`
    : `Job ${jobId} is not in the queue, and its work directory is gone.`;
  return { kind: 'observation', observation: { kind: 'lost', message, facts } };
}
