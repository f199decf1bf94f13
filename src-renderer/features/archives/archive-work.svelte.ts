import type { ImportOptions } from '#shared/contract/areas/import-options.ts';
import type { ImportJob } from '#shared/contract/areas/imports.ts';
import type { ExportSelectionInput, FileHandle } from '#shared/contract/areas/sharing.ts';
import type { WayOut } from '#shared/contract/areas/ways-out.ts';
import { addresses } from '#renderer/app/addresses.ts';
import type { AppContext } from '#renderer/app/context.ts';
import { plural } from '#renderer/model/count-words.ts';
import { TaskRun } from '#renderer/state/task-run.svelte.ts';
import { insideAddress, previewAddress } from './links.ts';

const kept = new WeakMap<AppContext, ArchiveWork>();

/** What this window does with archives. An import goes on in the core, an export while other pages are looked at. */
export class ArchiveWork {
  readonly #app: AppContext;
  readonly exporting: TaskRun<'archives.export'>;
  readonly leaving: TaskRun<'waysOut.write'>;
  /** The archive that is being opened, by its handle. */
  opening: string | null = $state(null);
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

  /** Opens without importing, and goes inside. */
  async look(file: FileHandle): Promise<void> {
    const { core, router } = this.#app;
    this.opening = file.handle;
    try {
      const { source } = await core.call('archives.open', { file: file.handle });
      router.go(insideAddress(router, source));
    } finally {
      this.opening = null;
    }
  }

  /** Asks where to, writes the archive there, and in a browser downloads it. */
  async export(
    from: string,
    selection: ExportSelectionInput,
    name: string,
    compression: number,
  ): Promise<void> {
    if (this.exporting.busy) return;
    const { shell, toaster, announcer, router } = this.#app;
    const to = await shell.chooseSave({ title: 'Export an archive', name });
    if (to === null) return;
    this.exported = from;
    const done = await this.exporting.start(async () => ({ selection, to: to.handle, compression }));
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
