import type { Clock } from '#shared/base/clock.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { ExportPreview } from '#shared/contract/areas/sharing.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { hashesIn, rulesOf } from '../archive/aiida/export/choose-nodes.ts';
import { exportPreview } from '../archive/aiida/export/preview.ts';
import type { Archives } from '../archive/archives.ts';
import type { DiskRoom } from '../profile/disk-room.ts';
import type { FileHandles } from '../profile/file-handles.ts';
import type { Readers } from '../provenance/readers.ts';
import type { Repository } from '../repository/types.ts';
import type { ImportJobs } from './import-jobs.ts';
import { live } from './live.ts';
import type { OpenArchives } from './open-archives.ts';
import { withProgress } from './progress-stream.ts';
import type { RecentArchives } from './recent-archives.ts';

export interface ArchiveHandlerDeps {
  readonly archives: Archives;
  readonly open: OpenArchives;
  readonly recent: RecentArchives;
  readonly imports: ImportJobs;
  readonly readers: Readers;
  readonly repository: Pick<Repository, 'sizes' | 'purged'>;
  readonly files: FileHandles;
  readonly room: Pick<DiskRoom, 'refusal'> | null;
  /** The bundled demo project. */
  readonly demoFile: string;
  readonly clock: Clock;
}

type ArchiveHandlers = Pick<
  Handlers<Contract>,
  Extract<keyof Contract, `archives.${string}`> | 'imports.list' | 'imports.cancel'
>;

const sizesAtOnce = 5000;

/** Archives as the contract has them. A handle of a file becomes a path here, and nowhere behind. */
export function makeArchiveHandlers(deps: ArchiveHandlerDeps): ArchiveHandlers {
  const { archives, open, recent, imports, readers, repository, files, room, demoFile, clock } = deps;

  const sizeOf = async (
    packed: Uint8Array,
    signal: AbortSignal,
  ): Promise<Pick<ExportPreview, 'bytes' | 'purged'>> => {
    let bytes = 0;
    const purged = { files: 0, bytes: 0 };
    const hashes = hashesIn(packed);
    for (let at = 0; at < hashes.length; at += sizesAtOnce) {
      signal.throwIfAborted();
      const page = hashes.slice(at, at + sizesAtOnce);
      const sizes = await repository.sizes(page);
      for (const size of sizes) bytes += size ?? 0;
      for (const gone of await repository.purged(page.filter((_, i) => sizes[i] === null))) {
        if (gone === null) continue;
        purged.files++;
        purged.bytes += gone.size;
      }
    }
    return { bytes, purged };
  };

  return {
    async 'archives.previewExport'(selection, { signal }) {
      const request = { what: selection.what, rules: rulesOf(selection) };
      const closure = await readers.profile.exportClosure(request, signal);
      const counts = await readers.profile.counts(null, signal);
      return exportPreview(selection, closure, counts, await sizeOf(closure.objects, signal));
    },
    async *'archives.export'({ to, ...chosen }, { signal }) {
      const what = { ...chosen, file: files.path(to, 'write') };
      for await (const item of withProgress((onProgress) => archives.export(what, { onProgress, signal }))) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', file: await files.written(to), info: item.value };
      }
    },
    async *'archives.previewAnonymous'(selection, { signal }) {
      const run = (onProgress: (progress: Progress) => void) =>
        archives.previewAnonymous(selection, { onProgress, signal });
      for await (const item of withProgress(run)) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', report: item.value };
      }
    },
    async *'archives.previewImport'({ file, options }, { signal }) {
      const path = files.path(file, 'read');
      for await (const item of withProgress((onProgress) =>
        archives.previewImport(path, options, { onProgress, signal }),
      )) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', report: item.value };
      }
    },
    async *'archives.import'({ file, options }, { signal }) {
      const path = files.path(file, 'read');
      // how much it takes is worked out when it is open
      const refusal = room?.refusal() ?? null;
      if (refusal !== null) throw refusal;
      for await (const item of withProgress((onProgress) =>
        archives.import(path, options, { onProgress, signal }),
      )) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', report: item.value };
      }
    },
    'imports.list': (_input, { signal }) =>
      live(clock, signal, [imports.changes], () => [...imports.list()], { coalesceMs: 100 }),
    'imports.cancel'({ id }) {
      imports.cancel(id);
      return {};
    },
    async 'archives.open'({ file }, { signal }) {
      const path = files.path(file, 'read');
      const archive = await open.open(path, file, { signal });
      await recent.note(path, file, archive.info);
      return archive;
    },
    async *'archives.look'({ file }, { signal }) {
      const path = files.path(file, 'read');
      for await (const item of withProgress((onProgress) => open.open(path, file, { onProgress, signal }))) {
        if (item.kind === 'progress') yield item;
        else {
          await recent.note(path, file, item.value.info);
          yield { kind: 'done', archive: item.value };
        }
      }
    },
    'archives.recent': (_input, { signal }) =>
      live(clock, signal, [recent.changes], async () => [...(await recent.list())], { coalesceMs: 50 }),
    async 'archives.forgetRecent'() {
      await recent.forget();
      return {};
    },
    'archives.opened': (_input, { signal }) =>
      live(clock, signal, [open.changes], () => [...open.list()], { coalesceMs: 50 }),
    async 'archives.close'({ source }) {
      await open.close(source);
      return {};
    },
    'archives.demo': () => files.offer(demoFile),
  };
}
