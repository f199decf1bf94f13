/** How a workflow comes to its end: by its code, by the steps that it called, or by a person. */
import { coreExitCodes } from '#shared/process/exit-codes.ts';
import { flatPorts, type ProcessSpec } from '#shared/process/ports.ts';
import { counted } from '#shared/provenance/summary.ts';
import type { StepRecordOf } from '../../workflows/steps.ts';
import type { Decision } from '../commands.ts';
import type { EngineEvent, WorkflowEnd } from '../events.ts';
import type { WorkflowState } from '../state.ts';
import { excepted, finished, killed, killer, killerOfStep, type Draft } from './common.ts';
import { onAskedBelow } from './questions.ts';
import { giveAnswer } from './step-answer.ts';
import { describe } from './workflow-state.ts';

type Of<K extends EngineEvent['kind']> = Extract<EngineEvent, { kind: K }>;
type WorkflowDraft = Draft<WorkflowState>;

/**
 * The code came to its end although the workflow is paused. Nothing that it asked meanwhile was heard, no line of its
 * report either: it runs once more when the workflow plays, and ends as it did.
 */
export const runAgain = (draft: WorkflowDraft): Decision => draft.effect('workflow').keep();

/**
 * Tells the code, or ends the workflow where it only waited for its last step. @param recorded the step under that
 * label
 */
export function onChildEnded(
  draft: WorkflowDraft,
  event: Of<'child-ended'>,
  spec: ProcessSpec,
  recorded: StepRecordOf | null,
): Decision {
  const { [event.label]: _, ...waiting } = draft.state.waiting;
  onAskedBelow(draft, { kind: 'asked-below', label: event.label, asking: null });
  draft.state = describe({ ...draft.state, waiting, finished: draft.state.finished + 1 }, draft.now);
  const { killing, ending } = draft.state;
  const isLast = Object.keys(waiting).length === 0;
  if (killing) return isLast ? draft.end(killed(killer(draft.state))) : draft.keep();
  if (ending !== undefined) return isLast ? end(draft, ending, spec) : draft.keep();
  if (recorded?.kind !== 'call') return draft.keep();
  return giveAnswer(draft, event.label, recorded, { kind: 'process', process: event.child }).keep();
}

/** A step has ended and its caller cannot go on with it, which is no fault of the step: the caller breaks off. */
export function onChildRefused(
  draft: WorkflowDraft,
  { label, child, error }: Of<'child-refused'>,
  spec: ProcessSpec,
): Decision {
  draft.set({ ending: { kind: 'threw', error: error.message, stack: error.details ?? error.message } });
  draft.do({ kind: 'drop-effects', only: 'workflow' });
  return onChildEnded(draft, { kind: 'child-ended', label, child }, spec, null);
}

/**
 * A workflow does not end before its steps: whoever kills it reaches them, and nothing computes that nobody waits for
 * without being seen.
 */
export function onEnded(
  draft: WorkflowDraft,
  { outcome }: Of<'workflow-ended'>,
  spec: ProcessSpec,
): Decision {
  if (draft.state.paused) return runAgain(draft);
  const left = Object.keys(draft.state.waiting);
  if (left.length === 0) return end(draft, outcome, spec);
  draft.set({ ending: outcome });
  draft.state = describe(draft.state, draft.now);
  const [still, they] =
    left.length === 1 ? ['this step still runs', 'it has'] : ['these steps still run', 'they have'];
  const message = `The code of the workflow has ended while ${still}: ${left.join(', ')}. The workflow ends when ${they}.`;
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

/** Kills the steps first; the workflow ends when they have. */
export function onKill(draft: WorkflowDraft, event: Of<'kill'>): Decision {
  const children = Object.values(draft.state.waiting);
  const killedBy = draft.state.killedBy ?? event.by;
  draft.set({ killing: true, killedBy, paused: false, retry: null, questions: {} });
  draft.do({ kind: 'drop-effects' });
  const kill = { kind: 'kill', by: killerOfStep(killedBy) } as const;
  for (const process of children) draft.do({ kind: 'tell', process, event: kill });
  if (children.length === 0) return draft.end(killed(killedBy));
  const reason = `${counted(children.length, 'step is', 'steps are')} being killed`;
  return draft.activity('step', 'being killed', { reason }).keep();
}
