import type { AppContext } from '#renderer/app/context.ts';
import type { ProcessRow } from '#shared/contract/areas/processes.ts';
import { outcomeWords, summarise, type BulkAction } from '#renderer/model/bulk.ts';

const calls = {
  pause: 'processes.pause',
  play: 'processes.play',
  kill: 'processes.kill',
} as const satisfies Record<BulkAction, string>;

/** What could not be done, to be looked at and tried again. */
export interface Failures {
  readonly action: BulkAction;
  readonly done: number;
  readonly failed: readonly {
    readonly row: ProcessRow | undefined;
    readonly uuid: string;
    readonly message: string;
  }[];
}

/**
 * Pausing, resuming and killing of one or many. What can be turned round is done at once, with Undo; a kill is asked
 * for first, with what it would touch; and what failed is listed, never only counted.
 */
export class ProcessActions {
  readonly #app: AppContext;
  /** What is to be killed, while the person is asked. */
  killing: readonly ProcessRow[] | null = $state.raw(null);
  failures: Failures | null = $state.raw(null);
  busy = $state(false);

  constructor(app: AppContext) {
    this.#app = app;
  }

  request(action: BulkAction, rows: readonly ProcessRow[]): void {
    const { uuids } = summarise(action, rows);
    if (uuids.length === 0) return;
    if (action === 'kill') this.killing = rows;
    else this.#app.run(() => this.perform(action, rows));
  }

  async perform(action: BulkAction, rows: readonly ProcessRow[]): Promise<void> {
    const { uuids } = summarise(action, rows);
    this.busy = true;
    try {
      const { done, failed } = await this.#app.core.call(calls[action], { uuids: [...uuids] });
      this.#report(action, rows, done, failed);
    } finally {
      this.busy = false;
      this.killing = null;
    }
  }

  #report(
    action: BulkAction,
    rows: readonly ProcessRow[],
    done: number,
    failed: readonly { readonly uuid: string; readonly message: string }[],
  ): void {
    const { toaster, announcer } = this.#app;
    const text = outcomeWords(action, done, failed.length);
    announcer.say(text);
    if (failed.length > 0) {
      const byUuid = new Map(rows.map((row) => [row.uuid, row]));
      this.failures = {
        action,
        done,
        failed: failed.map(({ uuid, message }) => ({ uuid, message, row: byUuid.get(uuid) })),
      };
      return;
    }
    const back = action === 'pause' ? calls.play : action === 'play' ? calls.pause : null;
    const { uuids } = summarise(action, rows);
    toaster.show({
      text,
      tone: 'success',
      ...(back === null
        ? {}
        : { undo: async () => void (await this.#app.core.call(back, { uuids: [...uuids] })) }),
    });
  }
}
