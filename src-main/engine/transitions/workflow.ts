import type { ProcessSpec } from '#shared/process/ports.ts';
import { readPyJson } from '#shared/provenance/python-json.ts';
import { callRecord, labelOf, replay } from '../../workflows/replay.ts';
import { writeStep, type StepRecordOf } from '../../workflows/steps.ts';
import type { Decision, StepAnswer } from '../commands.ts';
import type { EngineEvent, ReadyAsk } from '../events.ts';
import { drawnBefore, type Former } from '../reuse.ts';
import type { WorkflowState } from '../state.ts';
import { onChanged, onTryAgain, onUnasked } from './code-changed.ts';
import { Draft, onPausePlay } from './common.ts';
import { askingOf, onAnswered, onAskedBelow, onQuestion } from './questions.ts';
import { giveAnswer } from './step-answer.ts';
import { onChildEnded, onChildRefused, onEnded, onKill } from './workflow-end.ts';
import { asksNothing, describe } from './workflow-state.ts';
import { onTrouble, troubleIsOver } from './workflow-trouble.ts';

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
    case 'child-refused':
      return onChildRefused(draft, event, spec);
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
      return onTrouble(draft, event);
    case 'retry-now':
      return draft.do({ kind: 'resume-effects' }).keep();
    default:
      return draft.keep();
  }
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
  troubleIsOver(draft, recorded === null);
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
      const value = ask.kind === 'now' ? draft.now : (drawnBefore(former?.step ?? null) ?? event.roll);
      const step = known?.kind === 'number' ? known : ({ kind: 'number', value, of: ask.kind } as const);
      return giveAnswer(draft, label, step, { kind: 'number', value: step.value }).keep();
    }
    case 'sleep': {
      if (known?.kind === 'sleep') {
        if (known.order === undefined && draft.now < known.until) return sleepOn(draft, label, known.until);
        return giveAnswer(draft, label, known, { kind: 'done' }).keep();
      }
      if (former?.step?.kind === 'sleep' && former.step.order !== undefined) {
        return giveAnswer(draft, label, { kind: 'sleep', until: draft.now }, { kind: 'done' }).keep();
      }
      const until = draft.now + Math.max(0, ask.ms);
      draft.do({ kind: 'record-step', label, record: writeStep({ kind: 'sleep', until }) });
      sleeps(draft, label, until);
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

const sleeps = (draft: WorkflowDraft, label: string, until: number): WorkflowDraft =>
  draft.activity('step', `sleeping (“${label}”)`, { until, untilWords: 'wakes up' });

/** The code runs again while a step sleeps; a trouble may have taken the place of the time when it wakes. */
function sleepOn(draft: WorkflowDraft, label: string, until: number): Decision {
  const { activity, waiting } = draft.state;
  const saysSo = activity.until !== null || Object.keys(waiting).length > 0 || askingOf(draft.state) !== null;
  return (saysSo ? draft : sleeps(draft, label, until)).keep();
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
