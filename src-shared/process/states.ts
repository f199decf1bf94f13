/** AiiDA's `process_state` attribute. The first three are active, the last three terminal. */
export const processStates = ['created', 'running', 'waiting', 'finished', 'excepted', 'killed'] as const;
export type ProcessState = (typeof processStates)[number];

/** A process in such a state never changes again. */
export const isTerminal = (state: ProcessState): boolean =>
  state === 'finished' || state === 'excepted' || state === 'killed';

/**
 * The state that a person sees: one colour, one shape and one word each. `paused` is orthogonal to AiiDA's states;
 * `finished` splits by exit status.
 */
export const displayStates = [
  'created',
  'running',
  'waiting',
  'paused',
  'finished',
  'failed',
  'excepted',
  'killed',
] as const;
export type DisplayState = (typeof displayStates)[number];

export const stateWords: Readonly<Record<DisplayState, string>> = {
  created: 'Created',
  running: 'Running',
  waiting: 'Waiting',
  paused: 'Paused',
  finished: 'Finished',
  failed: 'Failed',
  excepted: 'Excepted',
  killed: 'Killed',
};

/** @param exitStatus null while the process is active, and for old archives without one */
export function displayState(state: ProcessState, exitStatus: number | null, paused: boolean): DisplayState {
  if (isTerminal(state)) {
    return state === 'finished' && exitStatus !== null && exitStatus !== 0
      ? 'failed'
      : (state as DisplayState);
  }
  return paused ? 'paused' : (state as DisplayState);
}

/** What a calculation job is doing, in the order in which it happens. AiiDA's words (`CalcJobState`) in comments. */
export const jobSteps = [
  'prepare',
  'upload', // uploading
  'submit', // submitting
  'queue', // withscheduler, waiting in the queue
  'run', // withscheduler, running
  'retrieve', // retrieving
  'parse', // parsing
] as const;
export type JobStep = (typeof jobSteps)[number];
