import type { AnonymousChoice } from '#shared/contract/areas/anonymous-choice.ts';
import type { ArchiveAbout } from '#shared/contract/areas/archive-about.ts';
import type { ImportOptions } from '#shared/contract/areas/import-options.ts';
import type { ImportJob } from '#shared/contract/areas/imports.ts';
import type { ExportSelectionInput, FileHandle } from '#shared/contract/areas/sharing.ts';
import type { WayOut } from '#shared/contract/areas/ways-out.ts';
import { addresses } from '#renderer/app/addresses.ts';
import type { AppContext } from '#renderer/app/context.ts';
import { plural } from '#renderer/model/count-words.ts';
import { TaskRun } from '#renderer/state/task-run.svelte.ts';
import { insideAddress, previewAddress } from './links.ts';

interface ExportChoices {
  readonly selection: ExportSelectionInput;
  readonly compression: number;
  readonly about: ArchiveAbout;
  readonly anonymous: AnonymousChoice;
}

const kept = new WeakMap<AppContext, ArchiveWork>();

/** An archive that is being opened to be looked at. */
export interface Opening {
  readonly file: FileHandle;
  readonly run: TaskRun<'archives.look'>;
}

/** What this window does with archives. An import goes on in the core, an export while other pages are looked at. */
export class ArchiveWork {
  readonly #app: AppContext;
  readonly exporting: TaskRun<'archives.export'>;
  readonly leaving: TaskRun<'waysOut.write'>;
  /** Archives that are being opened, and those that could not be. */
  openings: readonly Opening[] = $state.raw([]);
  /** Of the export that runs or ended last: what the address said. */
  exported = $state('');

  private constructor(app: AppContext) {
    this.#app = app;
    this.exporting = new TaskRun(app.core, 'archives.export');
    this.leaving = new TaskRun(app.core, 'waysOut.write');
  }

  static of(app: AppContext): ArchiveWork {
    const work = kept.get(app) ?? new ArchiveWork(app);
    kept.set(app, work);
    return work;
  }

  /** Begins an import, which goes on in the core; tells how it ended where nobody looks at it. */
  async import(file: FileHandle, options: ImportOptions): Promise<void> {
    const { core, router, toaster, announcer, info } = this.#app;
    const { id } = await core.call('imports.start', { file: file.handle, options });
    const job = await this.#end(id);
    if (job === null) return;
    const show = { label: 'Show', run: () => router.go(previewAddress(router, file)) };
    const isShown = router.place.query.get('file') === file.handle;
    if (job.report !== null) {
      const text = `“${file.name}” is imported: ${plural(job.report.nodes.new, 'new node', 'new nodes')}.`;
      info.reload();
      announcer.say(text);
      if (!isShown) toaster.show({ text, tone: 'success', action: show });
    } else if (job.error !== null && !isShown) {
      toaster.show({ text: job.error.message, tone: 'danger', action: show });
    }
  }

  /** The job when it has ended; null where that can no longer be known. */
  async #end(id: string): Promise<ImportJob | null> {
    for await (const jobs of this.#app.core.listen('imports.list', {})) {
      const job = jobs.find((one) => one.id === id);
      if (job === undefined) return null;
      if (job.state !== 'waiting' && job.state !== 'running') return job;
    }
    return null;
  }

  opening(handle: string): Opening | undefined {
    return this.openings.find(({ file }) => file.handle === handle);
  }

  /** Opens without importing, and goes inside where the person still waits for it. */
  async look(file: FileHandle): Promise<void> {
    if (this.opening(file.handle)?.run.busy === true) return;
    const { core, router, toaster, announcer } = this.#app;
    const run = new TaskRun(core, 'archives.look');
    const others = (): readonly Opening[] =>
      this.openings.filter((other) => other.file.handle !== file.handle);
    this.openings = [...others(), { file, run }];
    const done = await run.start(() => Promise.resolve({ file: file.handle }));
    const { query } = router.place;
    const isAwaited = query.get('file') === file.handle && query.has('look');
    if (run.error !== null) {
      const { message, hint } = run.error;
      if (!isAwaited) toaster.show({ text: message, hint: hint ?? '', tone: 'danger' });
      return;
    }
    if (done === null) return;
    this.openings = others();
    const inside = insideAddress(router, done.archive.source);
    const text = `“${file.name}” is open.`;
    announcer.say(text);
    if (isAwaited) router.replace(inside);
    else toaster.show({ text, tone: 'success', action: { label: 'Show', run: () => router.go(inside) } });
  }

  /** Asks where to, writes the archive there, and in a browser downloads it. */
  async export(from: string, chosen: ExportChoices, name: string): Promise<void> {
    if (this.exporting.busy) return;
    const { shell, toaster, announcer, router } = this.#app;
    const to = await shell.chooseSave({ title: 'Export an archive', name });
    if (to === null) return;
    this.exported = from;
    const done = await this.exporting.start(async () => ({ ...chosen, to: to.handle }));
    if (done === null) {
      const { error } = this.exporting;
      if (error !== null && router.place.query.get('export') !== from) {
        toaster.show({ text: error.message, hint: error.hint ?? '', tone: 'danger' });
      }
      return;
    }
    const text = `“${done.file.name}” is written: ${plural(done.info.nodes, 'node', 'nodes')}.`;
    announcer.say(text);
    const isShown = router.place.query.get('export') === from;
    const href = router.href(addresses.archives, {}, { source: undefined, export: from });
    if (!isShown)
      toaster.show({ text, tone: 'success', action: { label: 'Show', run: () => router.go(href) } });
    if (shell.kind === 'browser') await shell.deliver(done.file.handle);
  }

  /** The same for a reader that is not AiiDA. */
  async leave(from: string, selection: ExportSelectionInput, form: WayOut, name: string): Promise<void> {
    if (this.leaving.busy) return;
    const { shell, toaster, announcer, router } = this.#app;
    const to = await shell.chooseSave({ title: 'Export', name });
    if (to === null) return;
    this.exported = from;
    const done = await this.leaving.start(async () => ({ selection, form, to: to.handle }));
    const isShown = router.place.query.get('export') === from;
    if (done === null) {
      const { error } = this.leaving;
      if (error !== null && !isShown)
        toaster.show({ text: error.message, hint: error.hint ?? '', tone: 'danger' });
      return;
    }
    const text = `“${done.file.name}” is written: ${plural(done.report.nodes, 'node', 'nodes')}.`;
    announcer.say(text);
    if (!isShown) toaster.show({ text, tone: 'success' });
    if (shell.kind === 'browser') await shell.deliver(done.file.handle);
  }
}
