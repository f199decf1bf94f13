import type { ProcessSpec } from '#shared/process/ports.ts';
import type { StepRecordOf } from '../workflows/steps.ts';
import type { Decision } from './commands.ts';
import type { EngineEvent } from './events.ts';
import type { Former } from './reuse.ts';
import type { RunState } from './state.ts';
import { functionTransition } from './transitions/function.ts';
import { jobTransition } from './transitions/job.ts';
import { workflowTransition } from './transitions/workflow.ts';

/**
 * The engine's whole judgement, pure: the same state, event and time always give the same decision.
 * @param recorded for an event about a step of a workflow, what is recorded under its label
 * @param former for a new step of a resumed run
 */
export function transition(
  state: RunState,
  event: EngineEvent,
  now: number,
  spec: ProcessSpec,
  recorded: StepRecordOf | null = null,
  former: Former | null = null,
): Decision {
  switch (state.kind) {
    case 'job':
      return jobTransition(state, event, now, spec);
    case 'function':
      return functionTransition(state, event, now, spec);
    case 'workflow':
      return workflowTransition(state, event, now, spec, recorded, former);
  }
}
