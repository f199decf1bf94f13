import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { ImportReport } from '#shared/contract/areas/sharing.ts';
import type { Core } from '#renderer/state/core.svelte.ts';

/** Imports the bundled demo project into the profile. */
export class DemoImport {
  readonly #core: Core;
  #abort: AbortController | null = null;
  progress: Progress | null = $state.raw(null);
  error: ErrorInfo | null = $state.raw(null);

  constructor(core: Core) {
    this.#core = core;
  }

  get busy(): boolean {
    return this.progress !== null;
  }

  /** Null when it was cancelled or failed; the reason is then in `error`. */
  async run(): Promise<ImportReport | null> {
    const { client } = this.#core;
    if (this.busy || client === null) return null;
    this.#abort = new AbortController();
    this.error = null;
    this.progress = { done: 0, total: null, unit: 'nodes', words: '' };
    try {
      const { handle } = await this.#core.call('archives.demo', {}, this.#abort.signal);
      const items = client.listen(
        'archives.import',
        { file: handle, group: 'demo project' },
        this.#abort.signal,
      );
      for await (const item of items) {
        if (item.kind === 'done') return item.report;
        this.progress = item.progress;
      }
      return null;
    } catch (thrown) {
      const info = errorInfo(thrown);
      if (info.code !== 'cancelled') this.error = info;
      return null;
    } finally {
      this.progress = null;
    }
  }

  cancel(): void {
    this.#abort?.abort();
  }
}
