/**
 * A calculation job: prepare, upload, submit, run, retrieve, parse. Source of the order and of the attributes:
 * aiida-core 2.9, `engine/processes/calcjobs/tasks.py`; of the submission, the protocol in docs/submit-protocol.md.
 */
import { coreExitCodes } from '#shared/process/exit-codes.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import type { JobStep } from '#shared/process/states.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { treeOf } from '#shared/provenance/repository-tree.ts';
import { onParsed, warnOfFiles } from './results.ts';
import { onAssumeLost, onUnaccounted, onVanished, warnOfSilence } from './end-unproved.ts';
import { onRuleMet, onSetRules, onStopTold, stopReason, stoppedWith } from './stopping.ts';
import { onTwin } from './twin.ts';
import type { Decision } from '../commands.ts';
import type { EffectKind } from '../effects.ts';
import type { EngineEvent, ReadyData } from '../events.ts';
import type { JobFacts, JobObservation, SubmitOutcome } from '../ports.ts';
import { backOff } from '../retry.ts';
import type { ExitReason, JobPhase, JobState } from '../state.ts';
import { Draft, finished, killed, killer, onFailure, onPausePlay } from './common.ts';

type Of<K extends EngineEvent['kind']> = Extract<EngineEvent, { kind: K }>;
type JobDraft = Draft<JobState>;

const minute = 60_000;

/** The effect that carries each phase, and AiiDA's word for the attribute `state`. */
const phases: Readonly<Record<JobPhase, { effect: EffectKind; aiida: string; words: string }>> = {
  prepare: { effect: 'prepare', aiida: 'uploading', words: 'preparing the input files' },
  upload: { effect: 'upload', aiida: 'uploading', words: 'uploading' },
  submit: { effect: 'submit', aiida: 'submitting', words: 'submitting' },
  run: { effect: 'watch', aiida: 'withscheduler', words: 'with the scheduler' },
  retrieve: { effect: 'retrieve', aiida: 'retrieving', words: 'retrieving' },
  parse: { effect: 'parse', aiida: 'parsing', words: 'parsing' },
};

/**
 * Pure: the same state and event always decide the same. Events that come too late, or do not belong to a job, change
 * nothing.
 */
export function jobTransition(state: JobState, event: EngineEvent, now: number, spec: ProcessSpec): Decision {
  const draft = new Draft(state, now);
  const paused = onPausePlay(draft, event);
  if (paused !== null) return paused;
  switch (event.kind) {
    case 'prepared':
      return onPrepared(draft, event);
    case 'uploaded':
      return onUploaded(draft, event);
    case 'placed':
      return state.placing === true ? enter(draft, 'submit').keep() : draft.keep();
    case 'submission':
      return onSubmission(draft, event);
    case 'observed':
      return onObserved(draft, event.observation);
    case 'cancelled':
      return state.killing || state.stopping === undefined
        ? draft.end(killed(killer(draft.state)))
        : onStopTold(draft);
    case 'set-rules':
      return onSetRules(draft, event);
    case 'retrieved':
      return onRetrieved(draft, event);
    case 'ran':
      return onParsed(draft, event.outcome, spec);
    case 'failed':
      return onFailure(draft, event, effectNow(state), state.phase);
    case 'kill':
      return onKill(draft, event);
    case 'retry-now':
      return draft.do({ kind: 'resume-effects' }).keep();
    case 'look-again':
      return state.lost === null ? draft.keep() : enter(draft.set({ lost: null }), 'run').keep();
    case 'assume-lost':
      return onAssumeLost(draft);
    case 'asked':
    case 'refused':
    case 'unasked':
    case 'woke':
    case 'workflow-ended':
    case 'child-ended':
    case 'child-refused':
    case 'asked-below':
    case 'answered':
    case 'pause':
    case 'play':
      return draft.keep();
  }
}

/** What is being done for it, and is done again after a failure. */
function effectNow({ phase, killing, placing, stopping }: JobState): EffectKind {
  if (phase === 'run' && (killing || stopping?.told === false)) return 'cancel';
  return phase === 'submit' && placing === true ? 'place' : phases[phase].effect;
}

function enter(draft: JobDraft, phase: JobPhase): JobDraft {
  const { effect, aiida, words } = phases[phase];
  const before = pageStep(draft.state);
  draft.set({ phase, retry: null, placing: false });
  changeStep(draft, before, pageStep(draft.state), words);
  draft.attributes({
    process_state: phase === 'parse' ? 'running' : 'waiting',
    // that a person has paused it is what a reader must know
    ...(draft.state.paused ? {} : { process_status: words }),
    state: aiida,
  });
  return draft.activity(phase, words).effect(effect);
}

/** The step of the page of a process: while a job is with the scheduler, that is the queue or the run. */
const pageStep = ({ phase, facts }: JobState): JobStep =>
  phase !== 'run' ? phase : facts !== null && withNodes.has(facts.state) ? 'run' : 'queue';

const withNodes = new Set<JobFacts['state']>(['running', 'suspended', 'done']);

function changeStep(draft: JobDraft, from: JobStep, to: JobStep, words: string): void {
  if (from !== to) draft.do({ kind: 'journal', entry: { kind: 'leave', phase: from, words: '' } });
  draft.do({ kind: 'journal', entry: { kind: 'enter', phase: to, words } });
}

function onPrepared(draft: JobDraft, event: Of<'prepared'>): Decision {
  draft.set({ plan: event.plan, retrieve: event.retrieve });
  draft.do({ kind: 'repository', tree: treeOf(event.inputs) });
  draft.attributes({ retrieve_list: [...event.retrieve], retrieve_temporary_list: [] });
  return enter(draft, 'upload').keep();
}

function onUploaded(draft: JobDraft, event: Of<'uploaded'>): Decision {
  draft.set({ directory: event.directory });
  draft.attributes({ remote_workdir: event.directory });
  return event.waits === null
    ? enter(draft, 'submit').keep()
    : waitForPlace(draft, 'waits for a place', event.waits);
}

/** Nothing is submitted before there is a place in the queue. */
function waitForPlace(draft: JobDraft, words: string, reason: string): Decision {
  const before = pageStep(draft.state);
  if (before !== 'submit') {
    draft.set({ phase: 'submit' });
    changeStep(draft, before, 'submit', words);
  }
  draft.set({ placing: true, retry: null });
  draft.attributes({
    process_state: 'waiting',
    process_status: `${words}: ${reason}`,
    state: phases.submit.aiida,
  });
  const since = draft.state.heldSince ?? draft.now;
  return draft.activity('submit', words, { reason, since }).effect('place').keep();
}

function onSubmission(draft: JobDraft, event: Of<'submission'>): Decision {
  const { outcome } = event;
  switch (outcome.kind) {
    case 'accepted':
      return onAccepted(draft, outcome);
    case 'refused': {
      if (draft.state.killing) return draft.end(killed(killer(draft.state)));
      const code = outcome.account ? coreExitCodes.invalidAccount : coreExitCodes.submissionRefused;
      draft.do({ kind: 'log', level: 'ERROR', message: outcome.message });
      return draft.end(finished(code.status, `${code.message} ${outcome.message}`));
    }
    case 'held': {
      if (draft.state.killing) return draft.end(killed(killer(draft.state)));
      // since the site said so for the first time, however often it was asked again
      draft.set({ heldSince: draft.state.heldSince ?? draft.now });
      return waitForPlace(draft, 'held back', outcome.message);
    }
    case 'vanished':
      return draft.state.killing ? forget(draft) : onVanished(draft, event, outcome.message);
    case 'unconfirmed': {
      const failures = (draft.state.retry?.failures ?? 0) + 1;
      const until = draft.now + Math.min(15 * minute, backOff(failures, event.roll));
      draft.set({
        retry: {
          code: 'submission-unconfirmed',
          message: outcome.message,
          hint: 'Nothing is submitted again until it is certain whether the scheduler took the job.',
          failures,
          since: draft.state.retry?.since ?? draft.now,
          until,
          needsPerson: false,
        },
      });
      draft.activity('submit', 'submission unconfirmed', {
        reason: outcome.message,
        since: draft.state.retry?.since ?? draft.now,
        until,
        untilWords: 'next look',
        tries: failures,
      });
      return draft.effect('submit', until).keep();
    }
    case 'void': {
      if (draft.state.killing) return draft.end(killed(killer(draft.state)));
      const number = draft.state.attempt.number + 1;
      const attempt = { number, token: event.freshToken, since: draft.now };
      draft.note(`attempt ${draft.state.attempt.number} never ran: ${outcome.message}`);
      return enter(draft.set({ attempt, directory: null }), 'upload').keep();
    }
  }
}

function onAccepted(draft: JobDraft, outcome: Extract<SubmitOutcome, { kind: 'accepted' }>): Decision {
  const { directory, computer, jobId } = draft.state;
  if (outcome.recovered)
    draft.note(`job ${outcome.jobId} had been accepted before; nothing was submitted again`);
  draft.set({ jobId: outcome.jobId, heldSince: null });
  draft.attributes({ job_id: outcome.jobId });
  if (jobId === null && directory !== null) {
    const data: ReadyData = {
      nodeType: NodeType.remote,
      attributes: JSON.stringify({ remote_path: directory }),
      label: '',
      files: [],
    };
    draft.do({ kind: 'create', label: 'remote_folder', data, computer });
  }
  if (!draft.state.killing) return enter(draft, 'run').keep();
  draft.set({ phase: 'run', retry: null });
  return draft.activity('run', 'being cancelled').effect('cancel').keep();
}

/** The words of a table for what the scheduler says. */
function jobWords(facts: JobFacts): readonly [step: string, words: string] {
  switch (facts.state) {
    case 'queued':
      return ['queue', 'in queue'];
    case 'queued held':
      return ['queue', 'held in queue'];
    case 'running':
      return ['run', 'running'];
    case 'suspended':
      return ['run', 'suspended'];
    case 'done':
      return ['run', 'ending'];
    case 'undetermined':
      return ['run', 'state unknown'];
  }
}

function onObserved(draft: JobDraft, observation: JobObservation): Decision {
  if (observation.kind === 'rule-met') return onRuleMet(draft, observation.finding);
  if (observation.kind === 'twin') return onTwin(draft, observation.jobId);
  if (observation.kind === 'unaccounted') return onUnaccounted(draft, observation.silence);
  const { facts } = observation;
  const { facts: before, factsSince } = draft.state;
  const same = before !== null && before.state === facts.state;
  const since = same ? factsSince : (facts.started ?? draft.now);
  const stepBefore = pageStep(draft.state);
  draft.set({ facts, factsSince: since, retry: null, observedAt: draft.now, unaccounted: null });
  draft.attributes({ scheduler_state: facts.state });
  switch (observation.kind) {
    case 'seen': {
      const [step, words] = jobWords(facts);
      const stepNow = pageStep(draft.state);
      if (stepNow !== stepBefore) changeStep(draft, stepBefore, stepNow, words);
      if (stepBefore === 'run' && facts.state.startsWith('queued'))
        draft.note(`the scheduler put job ${draft.state.jobId ?? ''} back into its queue: it will run again`);
      return draft.activity(step, words, { reason: facts.reason, since }).keep();
    }
    case 'lost':
      draft.set({ lost: observation.message, lostFound: observation.found ?? [] });
      draft.note(observation.message);
      draft.attributes({ process_status: observation.message });
      return draft.activity('run', 'lost', { reason: observation.message }).keep();
    case 'ended': {
      const stopped = stopReason(draft, observation);
      const schedulerExit = stopped ?? exitOf(observation);
      draft.set({ end: { exitStatus: facts.exitStatus ?? null, schedulerExit } });
      if (schedulerExit !== null) draft.note(schedulerExit.message);
      if (observation.silentSince !== undefined) warnOfSilence(draft, observation.silentSince);
      draft.attributes({ last_job_info: lastJobInfo(draft.state) });
      // a short job has come and gone between two looks at the queue
      if (stepBefore !== 'run') changeStep(draft, stepBefore, 'run', 'ran');
      if (draft.state.killing) return draft.end(killed(killer(draft.state)));
      if (stopped !== null && draft.state.stopping?.rule.after === 'nothing')
        return draft.end(finished(stopped.status, stopped.message));
      return enter(draft, 'retrieve').keep();
    }
  }
}

function exitOf(observation: Extract<JobObservation, { kind: 'ended' }>): ExitReason | null {
  const reason = (code: ExitReason): ExitReason => ({ status: code.status, message: code.message });
  switch (observation.cause) {
    case 'done':
      return null;
    case 'walltime':
      return reason(coreExitCodes.outOfWalltime);
    case 'memory':
      return reason(coreExitCodes.outOfMemory);
    case 'node-failure':
      return reason(coreExitCodes.nodeFailure);
    case 'cancelled':
      return reason(coreExitCodes.cancelledOutside);
    case 'fence':
    case 'unknown':
      return {
        status: coreExitCodes.unspecified.status,
        message: `The job ended without its end sentinel (${observation.facts.schedulerState || 'no scheduler state'}).`,
      };
  }
}

/** AiiDA's `last_job_info`, with what we know. Dates as AiiDA writes them. */
function lastJobInfo(state: JobState): { readonly [key: string]: string | number | null } {
  const { facts, jobId } = state;
  const date = (ms: number | undefined): string | null =>
    ms === undefined ? null : new Date(ms).toISOString();
  return {
    job_id: jobId,
    job_state: facts?.state ?? null,
    annotation: facts?.reason ?? null,
    exit_status: facts?.exitStatus ?? null,
    dispatch_time: date(facts?.started),
    finish_time: date(facts?.ended),
    raw_data: facts?.raw ?? null,
  };
}

function onRetrieved(draft: JobDraft, event: Of<'retrieved'>): Decision {
  warnOfFiles(draft, event);
  const files = event.files.map((file) => [file.path, file.hash] as const);
  const data: ReadyData = { nodeType: NodeType.folder, attributes: '{}', label: '', files };
  draft.do({ kind: 'create', label: 'retrieved', data });
  const stopped = stoppedWith(draft.state);
  if (stopped !== null && draft.state.stopping?.rule.after === 'retrieve')
    return draft.end(finished(stopped.status, stopped.message));
  return enter(draft.set({ retrieved: files }), 'parse').keep();
}

function onKill(draft: JobDraft, event: Of<'kill'>): Decision {
  const { phase, killing, lost, retry } = draft.state;
  const mayForget = killing && (retry !== null || event.unreachable === true);
  draft.set({ killedBy: draft.state.killedBy ?? event.by });
  switch (phase) {
    case 'prepare':
    case 'upload':
    case 'retrieve':
    case 'parse':
      return draft.end(killed(killer(draft.state)));
    case 'submit':
      if (draft.state.placing === true) return draft.end(killed(killer(draft.state)));
      if (mayForget) return forget(draft);
      draft.set({ killing: true, paused: false }).activity('submit', 'being cancelled');
      return draft.do({ kind: 'resume-effects' }).keep();
    case 'run':
      if (lost !== null || mayForget) return forget(draft);
      if (killing) return draft.do({ kind: 'resume-effects' }).keep();
      draft.set({ killing: true, paused: false, retry: null }).do({ kind: 'drop-effects' });
      return draft.activity('run', 'being cancelled').effect('cancel').keep();
  }
}

/** A second kill while the computer cannot be reached: the process ends, and says that the job may still be there. */
function forget(draft: JobDraft): Decision {
  const { jobId } = draft.state;
  const message = `Killed without an answer of the scheduler; job ${jobId ?? '(unknown id)'} may still be there.`;
  draft.do({ kind: 'log', level: 'WARNING', message });
  return draft.end(killed(killer(draft.state)));
}
