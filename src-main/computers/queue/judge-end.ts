import type { AccountingSilence, JobFacts, JobObservation } from '../../engine/ports.ts';
import { fenceExitCode, type DoneNote } from '../job-script/sentinels.ts';
import type { Patience } from '../patience.ts';
import type { Accounted, EndCause } from '../schedulers/scheduler.ts';
import type { EndNotes } from './end-notes.ts';

export interface FinalState {
  readonly facts: JobFacts;
  readonly cause: EndCause;
}

/** All that is known of a job which may have ended; a verdict follows from this alone. */
export interface EndEvidence {
  readonly jobId: string;
  /** The last that the queue showed; null where it never showed the job. */
  readonly lastSeen: JobFacts | null;
  /** What the queue shows now: a final state; null where a complete listing does not have the job. */
  readonly listed: FinalState | null;
  /** The final state that the queue showed before the job left it; null where it showed none, or the job came back. */
  readonly lastFinal: FinalState | null;
  readonly notes: EndNotes;
  /** What accounting says; null where it was not asked yet. */
  readonly accounted:
    Exclude<Accounted, { kind: 'unreachable' | 'runaway' }> | UnreachableAccounting | RunawayBooks | null;
  /** How long accounting has answered about it without a break: after a time in which it was down its books lag behind. */
  readonly answeredForMs: number;
  /** Whether a scheduler of this kind can remember how jobs ended. */
  readonly keepsAccounts: boolean;
  /** The last list says that it cannot be found, and not that it is gone. */
  readonly strayed: boolean;
  /** How long the job has been gone from the queue, or in a final state, by our clock. */
  readonly goneForMs: number;
  /** How long ago the queue or accounting first named a final state of it, by our clock; 0 where neither has. */
  readonly finalForMs: number;
  /** Complete listings without the job, one after the other. */
  readonly absences: number;
}

export interface UnreachableAccounting {
  readonly kind: 'unreachable';
  /** The scheduler's words. */
  readonly message: string;
  /** Since when it has not answered, by our clock. */
  readonly since: number;
  /** Whether it was asked now: it is asked ever more rarely. */
  readonly asked: boolean;
  /** How long ago it was first asked about this job in vain. */
  readonly forMs: number;
}

/** Accounting shows the job as active, and the controller does not know it. */
export interface RunawayBooks {
  readonly kind: 'runaway';
  readonly facts: JobFacts;
  /** How long ago that was heard first: while accounting was down nobody could hear it. */
  readonly forMs: number;
}

export type EndPatience = Pick<Patience, 'notesMs' | 'accountingMs' | 'accountingDownMs'>;

/** What the evidence proves, or what has to be asked next. */
export type EndJudgement =
  | { readonly kind: 'observation'; readonly observation: JobObservation }
  | { readonly kind: 'ask-accounting' }
  /** It is not proved yet. */
  | { readonly kind: 'wait' }
  /** It is not proved, and accounting, which would prove it, does not answer. */
  | { readonly kind: 'unaccounted'; readonly silence: AccountingSilence }
  /** It has not ended: accounting says that it is active; `confirmed`: and so does the controller. */
  | { readonly kind: 'alive'; readonly facts: JobFacts; readonly confirmed: boolean };

const wait = { kind: 'wait' } as const;

/** So many complete lists without the job, one after the other: a controller that starts anew has shown empty ones. */
const sureAbsences = 3;

/**
 * Whether a job has ended and how. Only two things prove an end: the note that the job's own script left, and a final
 * state that the scheduler names. Absence alone proves nothing where a scheduler could know more; where it does not the
 * job is lost, which a person must decide about.
 *
 * The note says that the script has ended and with which exit code; why (walltime, memory, somebody's wish) is known to
 * the scheduler alone, which is asked for it. An accounting that cannot be asked knows more than we do: see
 * docs/decisions/accounting-that-is-down.md.
 */
export function judgeEnd(evidence: EndEvidence, patience: EndPatience): EndJudgement {
  const { notes, listed, accounted, jobId, goneForMs, finalForMs } = evidence;
  const id = jobId.split(';')[0] ?? jobId;
  if (notes.fence !== null && notes.fence !== '' && notes.fence !== id) return fenced(evidence, notes.fence);
  const note = notes.done !== null && notes.done.jobId === id ? notes.done : null;
  const byNote = notes.cancelled && note?.exitStatus !== 0 ? 'cancelled' : 'done';
  if (!evidence.keepsAccounts) {
    if (note !== null) return ended(evidence, byNote, null);
    // what is known of the process went with its directory, or with the name of the machine
    if (!notes.directory || evidence.strayed)
      return goneForMs >= patience.accountingMs && evidence.absences >= sureAbsences
        ? lost(evidence, false)
        : wait;
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
    // the books may lag behind a job that is in the queue again, and a list or two may have been empty
    const mayLag = listed === null && mayReturn(final) && evidence.absences < sureAbsences;
    // counted from that state: a job may have been missing from the lists before it ever began
    return mayChange && (finalForMs < patience.notesMs || mayLag)
      ? wait
      : ended(evidence, causeOf(final.cause, final.facts, note !== null), final.facts);
  }
  if (note === null && evidence.absences < 2) return wait;
  if (accounted === null) return { kind: 'ask-accounting' };
  // a job that may return is shown as waiting then: it has left the queue, and did not
  const { lastFinal, absences } = evidence;
  if (lastFinal !== null && accounted.kind !== 'active' && absences >= sureAbsences) {
    const { cause, facts } = lastFinal;
    return finalForMs < patience.notesMs
      ? wait
      : ended(evidence, causeOf(cause, facts, note !== null), facts);
  }
  const surelyGone = goneForMs >= patience.accountingMs && absences >= sureAbsences;
  if (accounted.kind === 'unreachable')
    return withoutAccounting(evidence, accounted, surelyGone, note, patience);
  const surelyHeard = surelyGone && evidence.answeredForMs >= patience.accountingMs;
  if (note !== null) {
    // a signal ends a job that may not go on, and also one that is put back into the queue: who sent it is to be heard
    if (note.exitStatus > 128 && !notes.cancelled) return surelyHeard ? ended(evidence, byNote, null) : wait;
    // accounting may lag behind the job's own word
    const lags = accounted.kind === 'active' || accounted.kind === 'runaway';
    return lags && goneForMs < patience.notesMs ? wait : ended(evidence, byNote, null);
  }
  if (accounted.kind === 'active')
    return { kind: 'alive', facts: accounted.facts, confirmed: accounted.confirmed };
  if (accounted.kind === 'runaway') return withoutController(evidence, accounted, surelyGone, patience);
  if (notes.cancelled) return ended(evidence, 'cancelled', null);
  return surelyHeard ? lost(evidence, accounted.kind !== 'unkept') : wait;
}

/**
 * The books show it as active, the controller has forgotten it: it has ended, and word of that is on its way to the
 * books, which may take as long as for books that are down; or the controller has lost it, and they never hear of it.
 */
function withoutController(
  evidence: EndEvidence,
  { facts, forMs }: RunawayBooks,
  surelyGone: boolean,
  { accountingDownMs }: EndPatience,
): EndJudgement {
  if (!surelyGone) return wait;
  if (evidence.notes.cancelled) return ended(evidence, 'cancelled', null);
  return forMs < accountingDownMs ? wait : lost(evidence, true, facts);
}

/** Nobody may run in a revoked directory; else the fence names the job of the attempt that may, which then is the one. */
function fenced(evidence: EndEvidence, fence: string): EndJudgement {
  if (!/^\d+$/.test(fence)) return ended(evidence, 'fence', null);
  // a job knows its number alone: both came the same way
  const [, cluster] = evidence.jobId.split(';');
  const jobId = cluster === undefined ? fence : `${fence};${cluster}`;
  return { kind: 'observation', observation: { kind: 'twin', jobId } };
}

/** Accounting may know what nobody else does, and cannot be asked. A note can stand for it, an absence never. */
function withoutAccounting(
  evidence: EndEvidence,
  { message, since, asked, forMs }: UnreachableAccounting,
  surelyGone: boolean,
  note: DoneNote | null,
  { notesMs, accountingDownMs }: EndPatience,
): EndJudgement {
  const { goneForMs, absences, notes } = evidence;
  const silence = { message, since, noted: note !== null };
  if (note === null)
    return notes.cancelled && surelyGone
      ? ended(evidence, 'cancelled', null, since)
      : { kind: 'unaccounted', silence };
  // all that was asked of it is done, or it ended as we wished: accounting has little to add
  const isClear = note.exitStatus === 0 || notes.cancelled;
  // what accounting said when it was tried a while ago is too old to give up hope in its word
  const patienceIsOver = isClear
    ? goneForMs >= notesMs
    : asked && absences >= sureAbsences && forMs >= accountingDownMs;
  if (!patienceIsOver) return { kind: 'unaccounted', silence };
  return ended(evidence, notes.cancelled && note.exitStatus !== 0 ? 'cancelled' : 'done', null, since);
}

/** The scheduler may put the job into its queue again: it looks as if it had ended until then. */
const mayReturn = ({ cause, facts }: FinalState): boolean =>
  cause === 'node-failure' || facts.schedulerState.startsWith('PREEMPTED');

/** `FAILED` without a note: the script itself was killed. */
const causeOf = (cause: EndCause, facts: JobFacts, noted: boolean): EndCause =>
  cause === 'done' && !noted && !facts.schedulerState.startsWith('COMPLETED') ? 'unknown' : cause;

function ended(
  evidence: EndEvidence,
  cause: EndCause,
  final: JobFacts | null,
  silentSince?: number,
): EndJudgement {
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
  const silent = silentSince === undefined ? {} : { silentSince };
  return { kind: 'observation', observation: { kind: 'ended', facts, cause, ...silent } };
}

/** What a site's books say of a job that the queue does not show, and what that means. */
function saidOfBooks(keepsAccounts: boolean, booked: JobFacts | null): { words: string; value: string } {
  if (booked !== null)
    return {
      words: `the controller does not know it, although accounting still shows it as ${booked.schedulerState}`,
      value: `still shows it as ${booked.schedulerState}, and was not told of its end`,
    };
  return keepsAccounts
    ? { words: 'accounting does not know it', value: 'does not know it' }
    : { words: 'no accounts are kept', value: 'the site keeps none, and the controller has forgotten it' };
}

/** @param booked what accounting shows of a job that the controller does not know; null where it shows nothing */
function lost(evidence: EndEvidence, keepsAccounts: boolean, booked: JobFacts | null = null): EndJudgement {
  const { lastSeen, notes, jobId } = evidence;
  const facts: JobFacts = lastSeen ?? { state: 'undetermined', schedulerState: '', reason: '' };
  const job = evidence.keepsAccounts
    ? `Job ${jobId} is not in the queue`
    : evidence.strayed
      ? `Process ${jobId} began when this machine had another name, is not found`
      : `Process ${jobId} is no more`;
  const { words } = saidOfBooks(keepsAccounts, booked);
  const message = notes.directory
    ? `${job}, left no note of its end, and ${words}.`
    : `${job}, and its work directory is gone.`;
  const found = [
    ...(evidence.keepsAccounts
      ? askedOfScheduler(evidence, keepsAccounts, booked)
      : askedOfMachine(evidence)),
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

const askedOfScheduler = ({ absences }: EndEvidence, keepsAccounts: boolean, booked: JobFacts | null) => [
  { name: 'Queue', value: `not in ${absences} complete lists, one after the other` },
  { name: 'Accounting', value: saidOfBooks(keepsAccounts, booked).value },
  ...(booked === null
    ? []
    : [{ name: 'Controller', value: 'does not know its number: it may have lost the job in a restart' }]),
];

const askedOfMachine = ({ absences }: EndEvidence) => [
  { name: 'Processes', value: `not among them in ${absences} looks, one after the other` },
];
