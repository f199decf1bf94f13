import { errorInfo } from '#shared/base/errors.ts';
import type { Core } from '#renderer/state/core.svelte.ts';

export interface CodeOutcome {
  readonly executable: string;
  readonly ok: boolean;
  readonly words: string;
  readonly hint: string;
}

/** Whether an executable is there: asked of the computer, with the newest answer. */
export class CodeTest {
  readonly #core: Core;
  running = $state(false);
  outcome: CodeOutcome | null = $state.raw(null);

  constructor(core: Core) {
    this.#core = core;
  }

  async run(computer: string, executable: string): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.outcome = null;
    try {
      const answer = await this.#core.call('codes.test', { computer, executable });
      this.outcome = { executable, ...answer };
    } catch (thrown) {
      // That the computer cannot be asked is an outcome, too, and belongs beside the button.
      const { message, hint = '' } = errorInfo(thrown);
      this.outcome = { executable, ok: false, words: message, hint };
    } finally {
      this.running = false;
    }
  }
}
