import { coreExitCodes } from '#shared/process/exit-codes.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import type { Decision } from '../commands.ts';
import type { EngineEvent } from '../events.ts';
import { outputProblem } from '../output-check.ts';
import type { FunctionState } from '../state.ts';
import { createOutputs, Draft, excepted, finished, killed, onFailure, onPausePlay } from './common.ts';

/** A calculation function: one effect, and its outcome. */
export function functionTransition(
  state: FunctionState,
  event: EngineEvent,
  now: number,
  spec: ProcessSpec,
): Decision {
  const draft = new Draft(state, now);
  const paused = onPausePlay(draft, event);
  if (paused !== null) return paused;
  switch (event.kind) {
    case 'ran':
      return end(draft, event.outcome, spec);
    case 'kill':
      return draft.end(killed(event.by));
    case 'failed':
      return onFailure(draft, event, 'function', 'run');
    case 'retry-now':
      return draft.do({ kind: 'resume-effects' }).keep();
    default:
      return draft.keep();
  }
}

function end(
  draft: Draft<FunctionState>,
  outcome: Extract<EngineEvent, { kind: 'ran' }>['outcome'],
  spec: ProcessSpec,
): Decision {
  switch (outcome.kind) {
    case 'threw':
      draft.do({ kind: 'log', level: 'ERROR', message: outcome.stack });
      return draft.end(excepted(outcome.error));
    case 'stopped':
      draft.do({ kind: 'log', level: 'ERROR', message: outcome.message });
      return draft.end(excepted(outcome.message));
    case 'exit':
      createOutputs(draft, outcome.outputs);
      return draft.end(finished(outcome.status, outcome.message));
    case 'outputs': {
      const problem = outputProblem(spec, outcome.outputs, []);
      if (problem !== null && problem.status === coreExitCodes.invalidOutput.status) {
        draft.do({ kind: 'log', level: 'ERROR', message: problem.message });
        return draft.end(finished(problem.status, problem.message));
      }
      createOutputs(draft, outcome.outputs);
      return draft.end(finished(problem?.status ?? 0, problem?.message ?? ''));
    }
  }
}
