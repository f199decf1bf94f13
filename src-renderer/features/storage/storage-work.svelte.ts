import type { AppContext } from '#renderer/app/context.ts';
import type { Core } from '#renderer/state/core.svelte.ts';
import { TaskRun } from '#renderer/state/task-run.svelte.ts';
import { plural } from '#renderer/model/count-words.ts';
import { freedWords } from './freed-words.ts';
import { UndoOffers } from './undo-offers.ts';

/** The long tasks of the storage page. They go on while it is closed. */
export class StorageWork {
  readonly report: TaskRun<'storage.report'>;
  readonly deletion: TaskRun<'storage.delete'>;
  readonly restoring: TaskRun<'storage.restore'>;
  readonly forgetting: TaskRun<'storage.forget'>;
  readonly freeing: TaskRun<'storage.free'>;
  readonly #offers = new UndoOffers();

  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
    this.report = new TaskRun(core, 'storage.report');
    this.deletion = new TaskRun(core, 'storage.delete');
    this.restoring = new TaskRun(core, 'storage.restore');
    this.forgetting = new TaskRun(core, 'storage.forget');
    this.freeing = new TaskRun(core, 'storage.free');
  }

  /** Whatever changes something: one of them at a time. */
  get changing() {
    return [this.deletion, this.restoring, this.forgetting, this.freeing].find(({ busy }) => busy) ?? null;
  }

  get error() {
    return (
      this.deletion.error ??
      this.restoring.error ??
      this.forgetting.error ??
      this.freeing.error ??
      this.report.error
    );
  }

  look(): Promise<unknown> {
    return this.report.start(() => Promise.resolve({}));
  }

  /** @param digest of the preview that was confirmed @returns whether it is done */
  async delete(app: AppContext, digest: string): Promise<boolean> {
    const done = await this.deletion.start(() => Promise.resolve({ digest }));
    if (done === null) return false;
    const { uuid, nodes } = done.deletion;
    const text = `${plural(nodes, 'node was', 'nodes were')} deleted.`;
    this.#offers.add(
      uuid,
      say(app, text, () => this.restore(app, uuid)),
    );
    void this.look();
    return true;
  }

  async restore(app: AppContext, uuid: string): Promise<void> {
    this.#offers.withdraw([uuid]);
    const done = await this.restoring.start(() => Promise.resolve({ uuid }));
    if (done === null) return;
    say(app, `${plural(done.nodes, 'node is', 'nodes are')} back.`);
    void this.look();
  }

  /** @param uuid null for all deletions that there are */
  async forget(app: AppContext, uuid: string | null): Promise<void> {
    this.#offers.withdraw(uuid === null ? null : [uuid]);
    const what = uuid === null ? ({ kind: 'all' } as const) : { kind: 'these' as const, uuids: [uuid] };
    const done = await this.forgetting.start(() => Promise.resolve({ what }));
    if (done === null) return;
    say(app, `${plural(done.nodes, 'deleted node is', 'deleted nodes are')} gone for good.`);
    void this.look();
  }

  async free(app: AppContext): Promise<void> {
    const done = await this.freeing.start(() => Promise.resolve({}));
    if (done === null) return;
    const { stopped, unfinished } = done.report;
    say(app, freedWords(done.report), undefined, stopped || unfinished.length > 0 ? 'warning' : 'success');
    void this.look();
  }

  /** Ends what changes something early. A freeing tells what it has done by then. */
  async stop(): Promise<void> {
    if (!this.freeing.busy) return this.changing?.cancel();
    await this.#core.call('storage.stopFreeing', {});
  }
}

function say(
  { toaster, announcer }: AppContext,
  text: string,
  undo?: () => Promise<void>,
  tone: 'success' | 'warning' = 'success',
): () => void {
  announcer.say(text);
  return toaster.show({ text, tone, ...(undo === undefined ? {} : { undo }) });
}

const works = new WeakMap<Core, StorageWork>();

/** The one of a window. */
export function workOf(core: Core): StorageWork {
  const known = works.get(core);
  if (known !== undefined) return known;
  const made = new StorageWork(core);
  works.set(core, made);
  return made;
}
