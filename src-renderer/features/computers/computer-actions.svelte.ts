import type { ComputerRow } from '#shared/contract/areas/computers.ts';
import type { AppContext } from '#renderer/app/context.ts';

/** What can be done with a computer. What can be turned round is done at once, with Undo; removing is asked for first. */
export class ComputerActions {
  readonly #app: AppContext;
  /** What is to be removed, while the person is asked. */
  removing: ComputerRow | null = $state.raw(null);
  busy = $state(false);

  constructor(app: AppContext) {
    this.#app = app;
  }

  setPaused({ uuid, label }: Pick<ComputerRow, 'uuid' | 'label'>, paused: boolean): void {
    const set = (to: boolean): Promise<unknown> =>
      this.#app.core.call(to ? 'computers.pause' : 'computers.resume', { uuid });
    this.#app.run(async () => {
      await set(paused);
      this.#app.toaster.show({
        text: paused
          ? `${label} is paused: nothing is sent to it and its queue is not looked at.`
          : `${label} goes on.`,
        tone: 'success',
        undo: async () => void (await set(!paused)),
      });
    });
  }

  setEnabled({ uuid, label }: Pick<ComputerRow, 'uuid' | 'label'>, enabled: boolean): void {
    const set = (to: boolean): Promise<unknown> =>
      this.#app.core.call('computers.setEnabled', { uuid, enabled: to });
    this.#app.run(async () => {
      await set(enabled);
      this.#app.toaster.show({
        text: enabled ? `${label} is enabled.` : `${label} is disabled: nothing is sent to it.`,
        tone: 'success',
        undo: async () => void (await set(!enabled)),
      });
    });
  }

  /** @param done after it was removed */
  async remove(row: ComputerRow, done: () => void): Promise<void> {
    this.busy = true;
    try {
      await this.#app.core.call('computers.remove', { uuid: row.uuid });
      this.#app.toaster.show({ text: `${row.label} is removed.`, tone: 'success' });
      done();
    } finally {
      this.busy = false;
      this.removing = null;
    }
  }
}
