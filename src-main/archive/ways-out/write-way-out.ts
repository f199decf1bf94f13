import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { assertNever } from '#shared/base/assert.ts';
import { userError } from '#shared/base/errors.ts';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import type { WayOut, WayOutReport } from '#shared/contract/areas/ways-out.ts';
import type { Progress } from '#shared/contract/common.ts';
import { syncDirectory } from '../../repository/durable.ts';
import { writeError } from '../../repository/errors.ts';
import type { ObjectReader } from '../../repository/object-reader.ts';
import { chooseNodes } from '../aiida/export/choose-nodes.ts';
import { gatherRows } from '../aiida/export/chosen-rows.ts';
import { cacheFolders } from '../leftovers.ts';
import { writeCrate } from './crate/write-crate.ts';
import { writeFolders } from './folders/write-folders.ts';
import { Leaving } from './leaving.ts';
import { writeProv } from './prov/write-prov.ts';
import { FolderSink, ZipSink, type TreeSink } from './tree-sink.ts';

/** What leaves in which form, and where to. */
export interface WayOutRequest {
  readonly selection: ExportSelection;
  readonly form: WayOut;
  /** A file, which is replaced, or a folder, which must not be there yet. */
  readonly file: string;
  readonly cache: string;
  /** A reader of the profile's database, for this alone. */
  readonly db: Database.Database;
  readonly objects: ObjectReader;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/**
 * Writes what is selected of one moment of the profile in a form for readers that are not AiiDA: under a temporary name
 * beside the target, renamed when it is complete. Runs in a thread of its own.
 * @throws StemmaError `not-sealed`, `node-missing`, `group-missing`, `folder-exists`, `object-…`, `disk-full`
 */
export async function writeWayOut(request: WayOutRequest): Promise<WayOutReport> {
  const { file, cache, form } = request;
  const isFolder = 'packed' in form && !form.packed;
  refuseTaken(file, isFolder);
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(cache, cacheFolders.write));
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID().slice(0, 8)}.part`);
  try {
    const report = await write(request, temporary, path.join(folder, 'scratch'));
    refuseTaken(file, isFolder);
    await rename(temporary, file);
    syncDirectory(path.dirname(file));
    return report;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw writeError(error, path.dirname(file), 'what is written');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuseTaken(file: string, isFolder: boolean): void {
  if (!existsSync(file) || (!isFolder && statSync(file).isFile())) return;
  throw userError({
    code: 'folder-exists',
    message: `“${path.basename(file)}” is there already, and a folder is never replaced.`,
    subject: file,
    hint: 'Give another name, or move that one away.',
  });
}

async function write(request: WayOutRequest, temporary: string, scratch: string): Promise<WayOutReport> {
  const { selection, form, db, objects, now, progress, signal } = request;
  const started = new Date(now());
  db.exec('BEGIN');
  try {
    progress({ done: 0, total: null, unit: 'steps', words: 'Following the provenance' });
    chooseNodes(db, selection, now);
    signal.throwIfAborted();
    gatherRows(db, selection);
    const leaving = new Leaving(db);
    const common = { leaving, scratch, now: started, progress, signal };
    const counts = { nodes: leaving.nodes.size, processes: leaving.processes().length };
    switch (form.kind) {
      case 'crate': {
        const sink = sinkFor(temporary, form.packed, objects, started);
        const sums = await finished(sink, () => writeCrate({ ...common, form, sink }));
        return { ...counts, ...sums, notes: [] };
      }
      case 'folders': {
        const sink = sinkFor(temporary, form.packed, objects, started);
        const sums = await finished(sink, () => writeFolders({ ...common, selection, sink }));
        return { ...counts, ...sums, notes: [] };
      }
      case 'prov': {
        const { bytes } = await writeProv({ ...common, file: temporary });
        const note =
          'A PROV-JSON document holds provenance and attributes; the content of files is not in it.';
        return { ...counts, files: 1, bytes, notes: [note] };
      }
      default:
        return assertNever(form);
    }
  } finally {
    db.exec('ROLLBACK');
  }
}

const sinkFor = (file: string, packed: boolean, objects: ObjectReader, now: Date): TreeSink =>
  packed ? new ZipSink(file, objects, now) : new FolderSink(file, objects);

async function finished(
  sink: TreeSink,
  fill: () => Promise<void>,
): Promise<{ readonly files: number; readonly bytes: number }> {
  try {
    await fill();
    sink.finish();
    return { files: sink.files, bytes: sink.bytes };
  } finally {
    sink.close();
  }
}
