import type { EngineEvent, ReadyAsk } from '../events.ts';
import type { PluginInputs, WorkflowAnswer } from '../ports.ts';
import type { RunState } from '../state.ts';

/** What a performer may use besides the world. */
export interface Performance {
  readonly state: RunState;
  readonly inputs: PluginInputs;
  readonly signal: AbortSignal;
  /** At this moment: what goes on in a pause asks anew. */
  isPaused(): boolean;
  /** Something happened on the way; the effect goes on. */
  emit(event: EngineEvent): void;
  /** A step of a workflow; answered when the engine has recorded it, or when the child has ended. */
  ask(ask: ReadyAsk): Promise<WorkflowAnswer>;
  /** The code of a workflow runs again from its first line. */
  restarted(): void;
  /** The code of a workflow waits for answers and for nothing else; what it gives is called once all asks were made. */
  idle(): () => void;
}
