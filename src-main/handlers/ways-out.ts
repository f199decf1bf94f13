import { userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import type { Archives } from '../archive/archives.ts';
import { aiidaScript } from '../archive/ways-out/script/aiida-script.ts';
import { launchFile } from '../archive/ways-out/script/launch-file.ts';
import type { FileHandles } from '../profile/file-handles.ts';
import type { Readers } from '../provenance/readers.ts';
import { withProgress } from './progress-stream.ts';
import { writeTable, type Tables } from './table-file.ts';

export interface WaysOutDeps {
  readonly archives: Archives;
  readonly files: FileHandles;
  readonly readers: Readers;
  readonly tables: Tables;
  readonly specs: () => readonly ProcessSpec[];
}

type WaysOutHandlers = Pick<Handlers<Contract>, Extract<keyof Contract, `waysOut.${string}`>>;

/** Exports for readers that are not AiiDA: crates, folders, PROV, tables, scripts. */
export function makeWaysOutHandlers(deps: WaysOutDeps): WaysOutHandlers {
  const { archives, files, readers, tables, specs } = deps;
  return {
    async *'waysOut.write'({ selection, form, to }, { signal }) {
      const what = { selection, form, file: files.path(to, 'write') };
      for await (const item of withProgress((onProgress) =>
        archives.writeWayOut(what, { onProgress, signal }),
      )) {
        if (item.kind === 'progress') yield item;
        else {
          const file = { ...(await files.written(to)), size: item.value.bytes };
          yield { kind: 'done', file, report: item.value };
        }
      }
    },
    async *'waysOut.table'({ source, table, to }, context) {
      const what = { source, table, file: files.path(to, 'write') };
      for await (const item of withProgress((onProgress) => writeTable(tables, what, context, onProgress))) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', file: await files.written(to), rows: item.value };
      }
    },
    async 'waysOut.script'({ source, uuid, kind }, { signal }) {
      const process = await readers.source(source).reader.process({ uuid }, signal);
      if (process === null) {
        throw userError({ code: 'no-process', message: 'There is no such process here.', subject: uuid });
      }
      const spec = specs().find(({ processType }) => processType === process.processType) ?? null;
      return kind === 'aiida' ? aiidaScript(process) : launchFile(process, spec);
    },
  };
}
