import type { Handlers } from '#shared/channel/server.ts';
import type { purgesArea } from '#shared/contract/areas/purges.ts';
import type { Readers } from '../provenance/readers.ts';
import type { ProvenanceStore } from '../provenance/types.ts';
import type { Storage } from '../storage/storage.ts';
import { lookWhenChanged } from './changed.ts';
import { withProgress } from './progress-stream.ts';

export interface PurgeHandlerDeps {
  readonly storage: Storage;
  readonly readers: Readers;
  readonly changes: ProvenanceStore['changes'];
}

/** What was purged, and purging it: content goes and its hash and size stay. A purge wants the digest of its preview. */
export function makePurgeHandlers({
  storage,
  readers,
  changes,
}: PurgeHandlerDeps): Handlers<typeof purgesArea> {
  return {
    async *'purges.preview'(selection, { signal }) {
      for await (const item of withProgress((onProgress) =>
        storage.previewPurge(selection, { onProgress, signal }),
      )) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', preview: item.value };
      }
    },
    async *'purges.purge'(input, { signal }) {
      for await (const item of withProgress((onProgress) => storage.purge(input, { onProgress, signal }))) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', purge: item.value };
      }
    },
    'purges.list': (_input, { signal }) =>
      lookWhenChanged(
        async () => [...(await readers.profile.purges(null, signal))],
        changes,
        ({ everything }) => everything,
        signal,
      ),
    async *'purges.restore'({ uuid }, { signal }) {
      for await (const item of withProgress((onProgress) =>
        storage.restorePurge(uuid, { onProgress, signal }),
      )) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', ...item.value };
      }
    },
    async *'purges.forget'({ uuids }, { signal }) {
      for await (const item of withProgress((onProgress) =>
        storage.forgetPurges(uuids, { onProgress, signal }),
      )) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', ...item.value };
      }
    },
  };
}
