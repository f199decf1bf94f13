import type { SubmitOutcome } from '../../engine/ports.ts';
import type { LookBack, Scheduler, Submission } from '../schedulers/scheduler.ts';
import type { SchedulerSession } from '../schedulers/session.ts';
import { commandFailed } from '../shell/remote-errors.ts';
import { transportError } from '../transport-error.ts';
import { decideRecovery, type LookUpState, type Recovery } from './decide-recovery.ts';
import { readSubmitFacts, type SubmitFacts } from './facts.ts';
import { revokedFence, revokeScript, submitScript } from './wrapper.ts';

export interface SubmitRequest {
  readonly scheduler: Scheduler;
  readonly session: SchedulerSession;
  readonly directory: string;
  readonly token: string;
  readonly script: string;
  readonly signal: AbortSignal;
  /** How long ago a complete look found nothing for the first time, given that one just has. */
  readonly emptyForMs: () => number;
  /** For how long a look must find nothing before nothing is there. */
  readonly lookUpMs: number;
  /** It is certain that no submission of the attempt was begun before. */
  readonly untried: boolean;
  /** When the attempt was made; null where that is not known. */
  readonly since: LookBack | null;
}

/** sbatch may wait for a busy controller. */
const submitSilenceMs = 300_000;

/**
 * Submits an attempt, or finds out what became of an earlier try to. Each round of questions ends in an outcome: what
 * takes longer is asked again later.
 * @throws StemmaError where the computer failed us: then nothing is known, and the next call looks again
 */
export async function submitAttempt(request: SubmitRequest): Promise<SubmitOutcome> {
  let facts = await runWrapper(request, false);
  const { fresh } = facts;
  let said = saidOf(request, facts);
  let decision = decide(request, facts, said, { kind: 'not-asked' }, request.untried);
  if (decision.kind === 'submit-again' && (await mayTryAgain(request, decision.why, fresh))) {
    facts = await runWrapper(request, true);
    said = saidOf(request, facts);
    decision = decide(request, facts, said, { kind: 'not-asked' });
  }
  if (decision.kind === 'look-up') {
    decision = decide(request, facts, said, await lookUp(request, facts));
  }
  if (decision.kind === 'revoke') {
    facts = await report(request, revokeScript(request.directory, request.token));
    decision = decide(request, facts, said, { kind: 'not-asked' });
  }
  return outcome(request, decision, !fresh);
}

/** An older try that was turned away is made once more; a new one only where the command may be found after all. */
const mayTryAgain = async (request: SubmitRequest, why: Submission, fresh: boolean): Promise<boolean> =>
  why.kind === 'missing' ? (await request.session.widen(request.signal)) || !fresh : !fresh;

const runWrapper = (request: SubmitRequest, again: boolean): Promise<SubmitFacts> => {
  const { scheduler, directory, token, script } = request;
  return report(request, submitScript(scheduler, directory, token, script, again));
};

async function report(
  request: Pick<SubmitRequest, 'session' | 'signal' | 'directory'>,
  script: string,
): Promise<SubmitFacts> {
  const answer = await request.session.run(
    {
      what: 'the submission',
      script,
      environment: 'user',
      silenceMs: submitSilenceMs,
      signal: request.signal,
    },
    false,
  );
  if (answer.exitCode !== 0) {
    throw commandFailed('The submission', answer.exitCode, answer.stderr, request.directory);
  }
  return readSubmitFacts(answer.stdout);
}

function saidOf({ scheduler }: SubmitRequest, { submission }: SubmitFacts): Submission | null {
  if (submission === null || submission.exitCode === null) return null;
  const { exitCode, stdout, stderr } = submission;
  return scheduler.readSubmission({ exitCode, stdout, stderr });
}

const decide = (
  request: SubmitRequest,
  facts: SubmitFacts,
  said: Submission | null,
  lookUp: LookUpState,
  untried = false,
): Recovery =>
  decideRecovery(
    { ...facts, said, lookUp, revoked: facts.fence === revokedFence(request.token), untried },
    // without a scheduler there is no list that could lag behind; the directory still can
    request.scheduler.type === 'core.direct' && facts.directory ? 0 : request.lookUpMs,
  );

async function lookUp(
  { scheduler, session, token, signal, emptyForMs, since }: SubmitRequest,
  { submission }: SubmitFacts,
): Promise<LookUpState> {
  // the directory knows it better; where that is gone, we know at least when there was nothing yet
  const agoSeconds = submission?.ageSeconds ?? null;
  const { script, input = new Uint8Array(0) } = scheduler.findByToken(
    token,
    agoSeconds === null ? since : { agoSeconds },
  );
  const answer = await session.run({ what: 'the look for a job by its name', script, input, signal });
  const found = scheduler.readFound(answer);
  if ('unavailable' in found) return { kind: 'unavailable', message: found.unavailable };
  return { kind: 'complete', ...found, emptyForMs: found.jobs.length === 0 ? emptyForMs() : 0 };
}

async function outcome(
  request: SubmitRequest,
  decision: Recovery,
  recovered: boolean,
): Promise<SubmitOutcome> {
  switch (decision.kind) {
    case 'adopt':
      await cancelOthers(request, decision.cancel);
      return { kind: 'accepted', jobId: decision.jobId, recovered };
    case 'refused':
      return decision;
    case 'void':
    case 'vanished':
      return decision;
    case 'wait':
      return { kind: 'unconfirmed', message: decision.message };
    case 'submit-again':
      return turnedAway(request.scheduler, decision.why);
    case 'submit':
    case 'look-up':
    case 'revoke':
      // the report before the last question still held: the next call begins from the start
      return { kind: 'unconfirmed', message: 'The state of the submission is not clear yet.' };
  }
}

/** @throws StemmaError where it is the scheduler that is not there */
function turnedAway(scheduler: Scheduler, why: Submission): SubmitOutcome {
  const message = 'message' in why ? why.message : '';
  switch (why.kind) {
    case 'held':
      return { kind: 'held', message };
    case 'missing':
      throw transportError('scheduler-missing', {
        message: `${scheduler.name} is not on the search path there.`,
        hint: 'Does the site want a module loaded first? Is it the right computer?',
        details: message,
      });
    default:
      throw transportError('scheduler-down', {
        message: `${scheduler.name} does not answer.`,
        hint: 'Nothing was submitted. Stemma tries again later.',
        details: message,
      });
  }
}

async function cancelOthers(
  { scheduler, session, directory, token, signal }: SubmitRequest,
  ids: readonly string[],
): Promise<void> {
  for (const jobId of ids) {
    const job = { jobId, directory, token };
    const { script, input = new Uint8Array(0) } = scheduler.cancel(job);
    const answer = await session.run({ what: 'the end of a second job', script, input, signal });
    scheduler.readCancel(answer, job);
  }
}
