import type { AppContext } from '#renderer/app/context.ts';
import { plural } from '#renderer/model/count-words.ts';
import type { Core } from '#renderer/state/core.svelte.ts';
import { TaskRun } from '#renderer/state/task-run.svelte.ts';
import { formatBytes } from '#shared/base/bytes.ts';
import type { PurgeSelection } from '#shared/contract/areas/purges.ts';
import { workOf } from './storage-work.svelte.ts';
import { UndoOffers } from './undo-offers.ts';

/** The long tasks of purging. They go on while the page is closed. */
export class PurgeWork {
  readonly #core: Core;
  readonly purging: TaskRun<'purges.purge'>;
  readonly restoring: TaskRun<'purges.restore'>;
  readonly forgetting: TaskRun<'purges.forget'>;
  readonly #offers = new UndoOffers();

  constructor(core: Core) {
    this.#core = core;
    this.purging = new TaskRun(core, 'purges.purge');
    this.restoring = new TaskRun(core, 'purges.restore');
    this.forgetting = new TaskRun(core, 'purges.forget');
  }

  get changing() {
    return [this.purging, this.restoring, this.forgetting].find(({ busy }) => busy) ?? null;
  }

  get error() {
    return this.purging.error ?? this.restoring.error ?? this.forgetting.error;
  }

  async purge(app: AppContext, selection: PurgeSelection, digest: string): Promise<boolean> {
    const done = await this.purging.start(() => Promise.resolve({ selection, digest }));
    if (done === null) return false;
    const { uuid, files, bytes } = done.purge;
    const text = `The content of ${plural(files, 'file', 'files')} was purged, ${formatBytes(bytes)}.`;
    this.#offers.add(
      uuid,
      this.#say(app, text, () => this.restore(app, uuid)),
    );
    return true;
  }

  async restore(app: AppContext, uuid: string): Promise<void> {
    this.#offers.withdraw([uuid]);
    const done = await this.restoring.start(() => Promise.resolve({ uuid }));
    if (done === null) return;
    this.#say(app, `The content of ${plural(done.files, 'file is', 'files is')} back.`);
  }

  async forget(app: AppContext, uuids: readonly string[]): Promise<void> {
    this.#offers.withdraw(uuids);
    const done = await this.forgetting.start(() => Promise.resolve({ uuids: [...uuids] }));
    if (done === null) return;
    this.#say(app, `${formatBytes(done.bytes)} of purged content can be freed now.`);
  }

  #say(app: AppContext, text: string, undo?: () => Promise<void>): () => void {
    app.announcer.say(text);
    void workOf(this.#core).look();
    return app.toaster.show({ text, tone: 'success', ...(undo === undefined ? {} : { undo }) });
  }
}

const works = new WeakMap<Core, PurgeWork>();

/** The one of a window. */
export function purgeWorkOf(core: Core): PurgeWork {
  const known = works.get(core);
  if (known !== undefined) return known;
  const made = new PurgeWork(core);
  works.set(core, made);
  return made;
}
