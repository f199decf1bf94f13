import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { CheckReport } from '#shared/contract/areas/app.ts';
import type { Core } from '#renderer/state/core.svelte.ts';

export interface FinishedCheck {
  readonly report: CheckReport;
  readonly readObjects: boolean;
  /** Milliseconds since 1970, and how long it took. */
  readonly ended: number;
  readonly ms: number;
}

/** The check of the profile. It goes on while its page is closed; the panel of background tasks shows it, too. */
export class ProfileCheck {
  readonly #core: Core;
  #abort: AbortController | null = null;
  #progress: Progress | null = $state.raw(null);
  #error: ErrorInfo | null = $state.raw(null);
  #last: FinishedCheck | null = $state.raw(null);

  constructor(core: Core) {
    this.#core = core;
  }

  /** Null while none runs. */
  get progress(): Progress | null {
    return this.#progress;
  }

  get error(): ErrorInfo | null {
    return this.#error;
  }

  get last(): FinishedCheck | null {
    return this.#last;
  }

  async run(readObjects: boolean): Promise<void> {
    const { client } = this.#core;
    if (this.#progress !== null || client === null) return;
    const began = Date.now();
    this.#abort = new AbortController();
    this.#error = null;
    this.#progress = { done: 0, total: null, unit: 'steps', words: 'beginning' };
    try {
      for await (const item of client.listen('app.runCheck', { readObjects }, this.#abort.signal)) {
        if (item.kind === 'progress') this.#progress = item.progress;
        else {
          const ended = Date.now();
          this.#last = { report: item.report, readObjects, ended, ms: ended - began };
        }
      }
    } catch (thrown) {
      const info = errorInfo(thrown);
      if (info.code !== 'cancelled') this.#error = info;
    } finally {
      this.#progress = null;
      this.#abort = null;
    }
  }

  cancel(): void {
    this.#abort?.abort();
  }
}

const checks = new WeakMap<Core, ProfileCheck>();

/** The one check of a window, whichever page looks at it. */
export function checkOf(core: Core): ProfileCheck {
  const known = checks.get(core);
  if (known !== undefined) return known;
  const made = new ProfileCheck(core);
  checks.set(core, made);
  return made;
}
