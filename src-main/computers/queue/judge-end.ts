import type { JobFacts, JobObservation } from '../../engine/ports.ts';
import { fenceExitCode } from '../job-script/sentinels.ts';
import type { Patience } from '../patience.ts';
import type { Accounted, EndCause } from '../schedulers/scheduler.ts';
import type { EndNotes } from './end-notes.ts';

export interface FinalState {
  readonly facts: JobFacts;
  readonly cause: EndCause;
}

export interface EndEvidence {
  readonly jobId: string;
  /** The last that the queue showed; null where it never showed the job. */
  readonly lastSeen: JobFacts | null;
  /** What the queue shows now: a final state; null where a complete listing does not have the job. */
  readonly listed: FinalState | null;
  /** The final state that the queue showed before the job left it; null where it showed none, or the job came back. */
  readonly lastFinal: FinalState | null;
  readonly notes: EndNotes;
  readonly accounted: Accounted | null;
  /** Whether the scheduler remembers how jobs ended. */
  readonly keepsAccounts: boolean;
  /** How long the job has been gone from the queue, or in a final state, by our clock. */
  readonly goneForMs: number;
  /** Complete listings without the job, one after the other. */
  readonly absences: number;
}

type EndPatience = Pick<Patience, 'notesMs' | 'accountingMs'>;

export type EndJudgement =
  | { readonly kind: 'observation'; readonly observation: JobObservation }
  | { readonly kind: 'ask-accounting' }
  /** It is not proved yet. */
  | { readonly kind: 'wait' }
  /** It has not ended: accounting says that it is active. */
  | { readonly kind: 'alive'; readonly facts: JobFacts };

const wait = { kind: 'wait' } as const;

/** So many complete lists without the job, one after the other: a controller that starts anew has shown empty ones. */
const sureAbsences = 3;

/**
 * Whether a job has ended and how. Only two things prove an end: the note that the job's own script left, and a final
 * state that the scheduler names. Absence alone proves nothing where a scheduler could know more; where it does not the
 * job is lost, which a person must decide about.
 *
 * The note says that the script has ended and with which exit code; why (walltime, memory, somebody's wish) is known to
 * the scheduler alone, which is asked for it.
 */
export function judgeEnd(evidence: EndEvidence, patience: EndPatience): EndJudgement {
  const { notes, listed, accounted, jobId, goneForMs } = evidence;
  const id = jobId.split(';')[0] ?? jobId;
  if (notes.fence !== null && notes.fence !== '' && notes.fence !== id) return ended(evidence, 'fence', null);
  const note = notes.done !== null && notes.done.jobId === id ? notes.done : null;
  const byNote = notes.cancelled && note?.exitStatus !== 0 ? 'cancelled' : 'done';
  if (!evidence.keepsAccounts) {
    if (note !== null) return ended(evidence, byNote, null);
    // the process is gone, which is sure; its note may lag behind on a file server
    return evidence.absences < 2 ? wait : ended(evidence, notes.cancelled ? 'cancelled' : 'unknown', null);
  }
  const final = listed ?? (accounted?.kind === 'final' ? accounted : null);
  if (final !== null) {
    const mayChange =
      note === null
        ? final.cause === 'done' || mayReturn(final)
        : // a signal that we did not wish ended the script: that is its last word only if the job does not begin anew
          note.exitStatus > 128 && !notes.cancelled && mayReturn(final);
    return mayChange && goneForMs < patience.notesMs
      ? wait
      : ended(evidence, causeOf(final.cause, final.facts, note !== null), final.facts);
  }
  if (note === null && evidence.absences < 2) return wait;
  if (accounted === null) return { kind: 'ask-accounting' };
  // a job that may return is shown as waiting then: it has left the queue, and did not
  const { lastFinal, absences } = evidence;
  if (lastFinal !== null && accounted.kind === 'absent' && absences >= sureAbsences) {
    const { cause, facts } = lastFinal;
    return goneForMs < patience.notesMs ? wait : ended(evidence, causeOf(cause, facts, note !== null), facts);
  }
  const surelyGone = goneForMs >= patience.accountingMs && evidence.absences >= sureAbsences;
  if (note !== null) {
    // a signal ends a job that may not go on, and also one that is put back into the queue: who sent it is to be heard
    if (note.exitStatus > 128 && !notes.cancelled) return surelyGone ? ended(evidence, byNote, null) : wait;
    // accounting may lag behind the job's own word
    return accounted.kind === 'active' && goneForMs < patience.notesMs ? wait : ended(evidence, byNote, null);
  }
  if (accounted.kind === 'active') return { kind: 'alive', facts: accounted.facts };
  if (notes.cancelled) return ended(evidence, 'cancelled', null);
  return surelyGone ? lost(evidence) : wait;
}

/** The scheduler may put the job into its queue again: it looks as if it had ended until then. */
const mayReturn = ({ cause, facts }: FinalState): boolean =>
  cause === 'node-failure' || facts.schedulerState.startsWith('PREEMPTED');

/** `FAILED` without a note: the script itself was killed. */
const causeOf = (cause: EndCause, facts: JobFacts, noted: boolean): EndCause =>
  cause === 'done' && !noted && !facts.schedulerState.startsWith('COMPLETED') ? 'unknown' : cause;

function ended(evidence: EndEvidence, cause: EndCause, final: JobFacts | null): EndJudgement {
  const { lastSeen, notes } = evidence;
  const known = final ?? lastSeen;
  const { done } = notes;
  const exitStatus = cause === 'fence' ? fenceExitCode : done?.exitStatus;
  const facts: JobFacts = {
    state: 'done',
    schedulerState: final?.schedulerState ?? '',
    reason: final?.reason ?? '',
    nodes: known?.nodes,
    started: done?.started ?? known?.started,
    ended: done?.ended ?? known?.ended,
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
  const found = [
    { name: 'Queue', value: `not in ${evidence.absences} complete lists, one after the other` },
    { name: 'Accounting', value: 'does not know it' },
    {
      name: 'Notes of the job',
      value: notes.directory
        ? notes.fence === null
          ? 'none: its work directory is there, and no job ever started in it'
          : 'none of its end: it started in its work directory, which is there'
        : 'none: its work directory is gone',
    },
  ];
  return { kind: 'observation', observation: { kind: 'lost', message, facts, found } };
}
