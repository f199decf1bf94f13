import type { TestStep, TestStepName } from '#shared/contract/areas/computers.ts';

/** A step as the test's panel shows it: also before it begins, and when the person stopped the test in it. */
export interface StepView extends Omit<TestStep, 'state'> {
  readonly state: TestStep['state'] | 'pending' | 'stopped';
}

export type Verdict = 'none' | 'running' | 'passed' | 'warnings' | 'failed' | 'needs-you' | 'stopped';

/** In the order in which they happen. */
export const stepTitles: Readonly<Record<TestStepName, string>> = {
  resolve: 'Find the host',
  connect: 'Connect',
  'host-key': 'Host key',
  login: 'Log in',
  'clean-shell': 'Clean shell output',
  scheduler: 'Scheduler commands',
  'work-directory': 'Work directory',
  'round-trip': 'File round trip',
  clock: 'Clock',
};

export const stateWords: Readonly<Record<StepView['state'], string>> = {
  pending: 'not yet',
  running: 'going on',
  ok: 'good',
  warning: 'works, with a warning',
  failed: 'failed',
  'needs-you': 'needs you',
  skipped: 'not tried',
  stopped: 'stopped by you',
};

const order = Object.keys(stepTitles) as readonly TestStepName[];

export const startSteps: readonly StepView[] = order.map((step) => ({
  step,
  state: 'pending',
  ms: 0,
  words: '',
  output: '',
  hint: '',
  ask: null,
}));

/** A report takes the place of the one before; one that only adds words keeps the time that was measured. */
export const foldStep = (steps: readonly StepView[], next: TestStep): readonly StepView[] =>
  steps.map((step) => (step.step === next.step ? { ...next, ms: next.ms === 0 ? step.ms : next.ms } : step));

/** What was going on when the person stopped it, or when the connection to the core was lost. */
export const stopSteps = (steps: readonly StepView[]): readonly StepView[] =>
  steps.map((step) => (step.state === 'running' ? { ...step, state: 'stopped' } : step));

/** What came of the test as a whole: what a person must act on goes before what failed. */
export function verdictOf(steps: readonly StepView[], running: boolean): Verdict {
  const has = (state: StepView['state']): boolean => steps.some((step) => step.state === state);
  if (running) return 'running';
  if (has('needs-you')) return 'needs-you';
  if (has('failed')) return 'failed';
  if (has('stopped')) return 'stopped';
  if (steps.every(({ state }) => state === 'pending')) return 'none';
  if (has('pending')) return 'stopped';
  return has('warning') ? 'warnings' : 'passed';
}

/** A sentence, with the step that it is about. */
export function verdictWords(verdict: Verdict, steps: readonly StepView[]): string {
  const at = (state: StepView['state']): string =>
    stepTitles[steps.find((step) => step.state === state)?.step ?? 'resolve'].toLowerCase();
  switch (verdict) {
    case 'none':
      return 'Not tested yet.';
    case 'running':
      return `Testing: ${at('running')}…`;
    case 'passed':
      return 'Everything works.';
    case 'warnings':
      return 'It works, with a warning.';
    case 'failed':
      return `The test failed at: ${at('failed')}.`;
    case 'needs-you':
      return `The test needs you at: ${at('needs-you')}.`;
    case 'stopped':
      return 'The test was stopped.';
  }
}

/** `12 ms`, `1.4 s` */
export const msWords = (ms: number): string =>
  ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
