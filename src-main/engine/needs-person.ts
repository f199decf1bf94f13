import { queueReason } from '#shared/process/queue-reasons.ts';
import type { RunState } from './state.ts';
import { askingOf } from './transitions/questions.ts';

/**
 * Whether a process does not go on before a person acts. One that a person has paused waits as they wished, and so does
 * not need them.
 */
export function needsPerson(run: RunState): boolean {
  if (run.retry?.needsPerson === true) return true;
  if (run.kind === 'workflow') return run.changed !== null || askingOf(run) !== null;
  if (run.kind === 'function') return false;
  if (run.lost !== null) return true;
  const { facts } = run;
  const queued = run.phase === 'run' && facts !== null && facts.state.startsWith('queued');
  return queued && facts.reason !== '' && queueReason(facts.reason).needsPerson;
}
