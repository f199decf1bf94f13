import { coreExitCodes } from '#shared/process/exit-codes.ts';
import { flatPorts, type ProcessSpec } from '#shared/process/ports.ts';
import { readPyJson } from '#shared/provenance/python-json.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { callRecord, labelOf, replay, wordsOf } from '../../workflows/replay.ts';
import { writeStep, type StepRecordOf } from '../../workflows/steps.ts';
import type { Decision, StepAnswer } from '../commands.ts';
import type { EngineEvent, ReadyAsk, WorkflowEnd } from '../events.ts';
import type { WorkflowState } from '../state.ts';
import { giveAnswer } from './step-answer.ts';
import type { Former } from '../reuse.ts';
import { Draft, excepted, finished, killed, onFailure, onPausePlay } from './common.ts';
import { askingActivity, askingOf, onAnswered, onAskedBelow, onQuestion } from './questions.ts';

type Of<K extends EngineEvent['kind']> = Extract<EngineEvent, { kind: K }>;
type WorkflowDraft = Draft<WorkflowState>;

/** @param recorded what the journal has under the label that the event is about */
export function workflowTransition(
  state: WorkflowState,
  event: EngineEvent,
  now: number,
  spec: ProcessSpec,
  recorded: StepRecordOf | null,
  former: Former | null = null,
): Decision {
  const draft = new Draft(state, now);
  if (event.kind === 'play' && state.changed !== null) return onTryAgain(draft);
  const decision = onPausePlay(draft, event) ?? onEvent(draft, event, spec, recorded, former);
  return withAsking(state, decision, now);
}

/** Whoever looks at the table or at the caller sees that a person is waited for. */
function withAsking(before: WorkflowState, decision: Decision, now: number): Decision {
  const { state, commands } = decision;
  if (state?.kind !== 'workflow') return decision;
  const asking = askingOf(state);
  const former = askingOf(before);
  if (asking?.words === former?.words) return decision;
  const settled = state.killing ? state : describe(state, now);
  if (state.caller === null) return { state: settled, commands };
  const { process, label } = state.caller;
  const event = { kind: 'asked-below', label, asking } as const;
  return { state: settled, commands: [...commands, { kind: 'tell', process, event }] };
}

function onEvent(
  draft: WorkflowDraft,
  event: EngineEvent,
  spec: ProcessSpec,
  recorded: StepRecordOf | null,
  former: Former | null,
): Decision {
  switch (event.kind) {
    case 'asked':
      return onAsked(draft, event, recorded, former);
    case 'child-ended':
      return onChildEnded(draft, event, spec, recorded);
    case 'refused':
      return onRefused(draft, event);
    case 'unasked':
      return onUnasked(draft, event, recorded);
    case 'answered':
      return onAnswered(draft, event);
    case 'asked-below':
      return onAskedBelow(draft, event);
    case 'woke':
      return onWoke(draft, event, recorded);
    case 'workflow-ended':
      return onEnded(draft, event, spec);
    case 'kill':
      return onKill(draft, event);
    case 'failed':
      return onFailure(draft, event, 'workflow', 'step');
    case 'retry-now':
      return draft.do({ kind: 'resume-effects' }).keep();
    default:
      return draft.keep();
  }
}

/** A started step joins those that the workflow waits for. */
export function withStep(state: WorkflowState, label: string, child: NodeId, now: number): WorkflowState {
  return describe({ ...state, waiting: { ...state.waiting, [label]: child } }, now);
}

function describe(state: WorkflowState, now: number): WorkflowState {
  const asking = askingActivity(state);
  if (asking !== null) return { ...state, activity: asking };
  const labels = Object.keys(state.waiting);
  const words =
    labels.length === 0
      ? 'running'
      : labels.length === 1
        ? `waiting for “${labels[0]}”`
        : `waiting for ${labels.length} steps`;
  const done = state.finished > 0 ? `${state.finished} steps done` : '';
  const reason = state.ending === undefined ? done : 'its code has ended, these steps still run';
  return { ...state, activity: { step: 'step', words, reason, since: now, until: null } };
}

function onAsked(
  draft: WorkflowDraft,
  event: Of<'asked'>,
  recorded: StepRecordOf | null,
  former: Former | null,
): Decision {
  const { ask } = event;
  // a paused workflow starts nothing; what it asked is asked again when it plays
  if (asksNothing(draft.state)) return draft.keep();
  const label = labelOf(ask);
  const found = replay(ask, recorded);
  if (found.kind === 'changed') return onChanged(draft, label, found.recorded, found.asked);
  const known = found.kind === 'recorded' ? found.step : null;

  switch (ask.kind) {
    case 'call':
      if (known?.kind === 'refused') return giveAnswer(draft, label, known, refusal(known)).keep();
      if (known?.kind === 'call') {
        if (Object.hasOwn(draft.state.waiting, label)) return draft.keep();
        return giveAnswer(draft, label, known, { kind: 'process', process: known.child }).keep();
      }
      if (former === null || !('verdict' in former)) return draft.do({ kind: 'start-step', ask }).keep();
      return onResumed(draft, ask, former);
    case 'now':
    case 'random': {
      // chance is taken over, because inputs may hang on it; time is not, because limits do
      const drawn = ask.kind === 'random' && former?.step?.kind === 'number' ? former.step.value : event.roll;
      const value = ask.kind === 'now' ? draft.now : drawn;
      const step = known?.kind === 'number' ? known : ({ kind: 'number', value } as const);
      return giveAnswer(draft, label, step, { kind: 'number', value: step.value }).keep();
    }
    case 'sleep': {
      if (known?.kind === 'sleep') {
        if (known.order === undefined && draft.now < known.until) return draft.keep();
        return giveAnswer(draft, label, known, { kind: 'done' }).keep();
      }
      if (former?.step?.kind === 'sleep' && former.step.order !== undefined) {
        return giveAnswer(draft, label, { kind: 'sleep', until: draft.now }, { kind: 'done' }).keep();
      }
      const until = draft.now + Math.max(0, ask.ms);
      draft.do({ kind: 'record-step', label, record: writeStep({ kind: 'sleep', until }) });
      draft.activity('step', `sleeping (“${label}”)`, { until, untilWords: 'wakes up' });
      return draft.effect('wake', until, label).keep();
    }
    case 'report':
      if (known === null) {
        draft.do({ kind: 'record-step', label, record: writeStep({ kind: 'report' }) });
        draft.do({ kind: 'log', level: 'REPORT', message: ask.message });
      }
      return draft.do({ kind: 'answer', label, answer: { kind: 'done' } }).keep();
    case 'annotation':
      if (known === null) {
        draft.do({ kind: 'record-step', label, record: writeStep({ kind: 'annotation' }) });
        draft.attributes({ [ask.name]: readPyJson(ask.value) });
      }
      return draft.do({ kind: 'answer', label, answer: { kind: 'done' } }).keep();
    case 'question':
      return onQuestion(draft, label, ask.question, known);
  }
}

/** A new step of a resumed run: taken over, or run with the reason why it is not. */
function onResumed(
  draft: WorkflowDraft,
  ask: Extract<ReadyAsk, { kind: 'call' }>,
  { verdict, from }: Extract<Former, { verdict: unknown }>,
): Decision {
  const { label, plugin } = ask;
  const report = (message: string): WorkflowDraft => draft.do({ kind: 'log', level: 'REPORT', message });
  if (verdict.kind === 'again') {
    const { why, inside } = verdict;
    report(`Step “${label}” runs ${inside === null ? 'anew' : 'anew, as far as it must'}: ${why}.`);
    return draft.do({ kind: 'start-step', ask, again: why, resume: inside ?? undefined }).keep();
  }
  const { process, why } = verdict;
  report(`Step “${label}” is re-used from run ${from.slice(0, 8)}: ${why}.`);
  const step = {
    kind: 'call',
    plugin,
    ...callRecord(ask),
    child: process,
    reused: { from, why },
  } as const;
  return giveAnswer(draft, label, step, { kind: 'process', process }).keep();
}

const asksNothing = ({ paused, killing, changed, ending }: WorkflowState): boolean =>
  paused || killing || changed !== null || ending !== undefined;

const refusal = ({ error }: Extract<StepRecordOf, { kind: 'refused' }>): StepAnswer => ({
  kind: 'refused',
  error,
});

function onRefused(draft: WorkflowDraft, { ask, error }: Of<'refused'>): Decision {
  if (asksNothing(draft.state)) return draft.keep();
  const { label } = ask;
  const step = { kind: 'refused', ...callRecord(ask), error } as const;
  draft.do({ kind: 'log', level: 'WARNING', message: `Step “${label}” could not begin: ${error.message}` });
  return giveAnswer(draft, label, step, refusal(step)).keep();
}

function onWoke(draft: WorkflowDraft, { label }: Of<'woke'>, recorded: StepRecordOf | null): Decision {
  if (recorded?.kind !== 'sleep' || recorded.order !== undefined) return draft.keep();
  draft.state = describe(draft.state, draft.now);
  return giveAnswer(draft, label, recorded, { kind: 'done' }).keep();
}

function onChanged(draft: WorkflowDraft, label: string, recorded: string, asked: string): Decision {
  const message = `The code of the workflow has changed: step “${label}” was ${recorded} and would now be ${asked}.`;
  draft.set({ changed: { label, recorded, asked }, paused: true });
  draft.do({ kind: 'drop-effects', only: 'workflow' });
  draft.attributes({ paused: true, process_status: message });
  draft.do({ kind: 'log', level: 'WARNING', message });
  return draft.activity('step', 'paused: code changed', { reason: message }).keep();
}

function onUnasked(
  draft: WorkflowDraft,
  { label, instead, ended = false }: Of<'unasked'>,
  recorded: StepRecordOf | null,
): Decision {
  if (draft.state.paused && ended) return runAgain(draft);
  if (recorded === null || asksNothing(draft.state)) return draft.keep();
  return onChanged(draft, label, wordsOf(recorded), instead);
}

/**
 * The code came to its end although the workflow is paused. Nothing that it asked meanwhile was heard, no line of its
 * report either: it runs once more when the workflow plays, and ends as it did.
 */
const runAgain = (draft: WorkflowDraft): Decision => draft.effect('workflow').keep();

/** Perhaps the former code is back: it runs from its first line, and every step is compared again. */
function onTryAgain(draft: WorkflowDraft): Decision {
  draft.set({ changed: null, paused: false });
  draft.state = describe(draft.state, draft.now);
  return draft
    .attributes({ paused: undefined, process_status: undefined })
    .do({ kind: 'drop-effects', only: 'workflow' })
    .effect('workflow')
    .note('playing again')
    .keep();
}

function onChildEnded(
  draft: WorkflowDraft,
  event: Of<'child-ended'>,
  spec: ProcessSpec,
  recorded: StepRecordOf | null,
): Decision {
  const { [event.label]: _, ...waiting } = draft.state.waiting;
  onAskedBelow(draft, { kind: 'asked-below', label: event.label, asking: null });
  draft.state = describe({ ...draft.state, waiting, finished: draft.state.finished + 1 }, draft.now);
  const { killing, killedBy = 'a person', ending } = draft.state;
  const isLast = Object.keys(waiting).length === 0;
  if (killing) return isLast ? draft.end(killed(killedBy)) : draft.keep();
  if (ending !== undefined) return isLast ? end(draft, ending, spec) : draft.keep();
  if (recorded?.kind !== 'call') return draft.keep();
  return giveAnswer(draft, event.label, recorded, { kind: 'process', process: event.child }).keep();
}

/**
 * A workflow does not end before its steps: whoever kills it reaches them, and nothing computes that nobody waits for
 * without being seen.
 */
function onEnded(draft: WorkflowDraft, { outcome }: Of<'workflow-ended'>, spec: ProcessSpec): Decision {
  if (draft.state.paused) return runAgain(draft);
  const left = Object.keys(draft.state.waiting);
  if (left.length === 0) return end(draft, outcome, spec);
  draft.set({ ending: outcome });
  draft.state = describe(draft.state, draft.now);
  const message = `The code of the workflow has ended while these steps still run: ${left.join(', ')}. The workflow ends when they have.`;
  return draft.do({ kind: 'log', level: 'WARNING', message }).keep();
}

function end(draft: WorkflowDraft, outcome: WorkflowEnd, spec: ProcessSpec): Decision {
  if (outcome.kind === 'threw' || outcome.kind === 'stopped') {
    const message = outcome.kind === 'threw' ? outcome.error : outcome.message;
    draft.do({ kind: 'log', level: 'ERROR', message: outcome.kind === 'threw' ? outcome.stack : message });
    return draft.end(excepted(message));
  }
  for (const [label, data] of Object.entries(outcome.outputs)) draft.do({ kind: 'return', label, data });
  if (outcome.kind === 'exit') {
    draft.do({
      kind: 'log',
      level: 'REPORT',
      message: `Ended with exit status ${outcome.status}: ${outcome.message}`,
    });
    return draft.end(finished(outcome.status, outcome.message));
  }
  for (const [label, port] of flatPorts(spec.outputs)) {
    if (!port.required || Object.hasOwn(outcome.outputs, label)) continue;
    const { status } = coreExitCodes.missingOutput;
    return draft.end(finished(status, `The required output “${label}” was not returned.`));
  }
  return draft.end(finished(0, ''));
}

function onKill(draft: WorkflowDraft, event: Of<'kill'>): Decision {
  const children = Object.values(draft.state.waiting);
  draft.set({ killing: true, killedBy: event.by, paused: false, questions: {} }).do({ kind: 'drop-effects' });
  for (const process of children) draft.do({ kind: 'tell', process, event: { kind: 'kill', by: event.by } });
  if (children.length === 0) return draft.end(killed(event.by));
  return draft
    .activity('step', 'being killed', { reason: `${children.length} steps are being killed` })
    .keep();
}
