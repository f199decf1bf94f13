import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { ComputerConfig, TestStep } from '#shared/contract/areas/computers.ts';
import type { Core } from '#renderer/state/core.svelte.ts';
import { foldStep, startSteps, stopSteps, verdictOf, type StepView, type Verdict } from './test-steps.ts';

export type Ask = NonNullable<TestStep['ask']>;

/** What a test can tell of a configuration: another label or other texts in job scripts change nothing of it. */
export const testedPart = ({ transport, scheduler, workDirectory, shebang }: ComputerConfig): string =>
  JSON.stringify({ transport, scheduler, workDirectory, shebang });

/** One test of a computer after the other: the steps of the last one, and what it asks a person for. */
export class TestRun {
  readonly #core: Core;
  #abort: AbortController | null = null;
  steps: readonly StepView[] = $state.raw(startSteps);
  /** The test itself broke: the core is gone, or there is a defect. */
  error: ErrorInfo | null = $state.raw(null);
  running = $state(false);
  /** When the step that goes on began: milliseconds since 1970. */
  since = $state(0);
  /** What was tested last, by {@link testedPart}. */
  tested: string | null = $state(null);
  /** The person has said no to what was asked. */
  refused = $state(false);

  constructor(core: Core) {
    this.#core = core;
  }

  get verdict(): Verdict {
    return verdictOf(this.steps, this.running);
  }

  /** What a person is asked for, until it is answered or refused. */
  get ask(): Ask | null {
    if (this.running || this.refused) return null;
    return this.steps.find(({ ask }) => ask !== null)?.ask ?? null;
  }

  async run(config: ComputerConfig): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    this.steps = startSteps;
    this.error = null;
    this.refused = false;
    this.tested = testedPart(config);
    this.since = Date.now();
    const { client } = this.#core;
    if (client === null) {
      this.error = {
        family: 'operational',
        code: 'disconnected',
        message: 'The core of Stemma is not connected.',
        hint: 'Test again when the connection is back.',
      };
      return;
    }
    this.running = true;
    try {
      for await (const step of client.listen('computers.test', { config }, abort.signal)) {
        if (abort.signal.aborted) return;
        if (step.state === 'running') this.since = Date.now();
        this.steps = foldStep(this.steps, step);
      }
    } catch (thrown) {
      const info = errorInfo(thrown);
      if (this.#abort === abort && info.code !== 'cancelled') this.error = info;
    } finally {
      if (this.#abort === abort) {
        this.running = false;
        this.steps = stopSteps(this.steps);
        this.#abort = null;
      }
    }
  }

  cancel(): void {
    const abort = this.#abort;
    if (abort === null) return;
    this.#abort = null;
    this.running = false;
    this.steps = stopSteps(this.steps);
    abort.abort();
  }

  refuse(): void {
    this.refused = true;
  }
}
