import type { Iteration } from '#shared/contract/areas/processes.ts';

const actionWords: Readonly<Record<Iteration['action'], string>> = {
  running: 'It runs',
  undecided: 'Not decided yet',
  done: 'Good: the outputs are those of the workflow',
  again: 'Run again, the same',
  change: 'Run again, with changes',
  'restart-from-folder': 'Run again, from where it was',
  'give-up': 'Given up',
  unhandled: 'Given up: no handler knew what to do',
};

/** What came after the run, in the table of iterations. */
export const whatWasDone = ({ action }: Iteration): string => actionWords[action];

/** How a run ended: its exit status, or that it broke off. */
export function endWords({ action, exitStatus, exitMessage }: Iteration): string {
  if (action === 'running' || action === 'undecided') return '';
  if (exitStatus === null) return exitMessage === '' ? 'broke off' : exitMessage;
  // what a good process says of itself is nothing
  return exitStatus === 0 ? '' : exitMessage;
}

/** Who decided: the handler, and a person where one was asked. */
export function handlerWords({ handler, considered, action }: Iteration): string {
  if (handler !== null) return handler;
  if (action === 'running' || action === 'undecided') return '';
  return considered.length === 0 ? 'none' : `none of ${considered.length}`;
}
