import type { Handlers } from '#shared/channel/server.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Archives } from '../archive/archives.ts';
import type { FileHandles } from '../profile/file-handles.ts';
import { withProgress } from './progress-stream.ts';

export interface WaysOutDeps {
  readonly archives: Archives;
  readonly files: FileHandles;
}

type WaysOutHandlers = Pick<Handlers<Contract>, Extract<keyof Contract, `waysOut.${string}`>>;

export function makeWaysOutHandlers({ archives, files }: WaysOutDeps): WaysOutHandlers {
  return {
    async *'waysOut.write'({ selection, form, to }, { signal }) {
      const what = { selection, form, file: files.path(to, 'write') };
      for await (const item of withProgress((onProgress) =>
        archives.writeWayOut(what, { onProgress, signal }),
      )) {
        if (item.kind === 'progress') yield item;
        else
          yield {
            kind: 'done',
            file: { ...(await files.written(to)), size: item.value.bytes },
            report: item.value,
          };
      }
    },
  };
}
