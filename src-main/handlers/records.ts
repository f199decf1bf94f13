import { basename } from 'node:path';
import type { Handlers } from '#shared/channel/server.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { FileHandle } from '#shared/contract/areas/sharing.ts';
import type { RecordArchives } from '../archive/records/record-archives.ts';
import type { FileHandles } from '../profile/file-handles.ts';

export interface RecordHandlerDeps {
  readonly records: RecordArchives;
  readonly files: FileHandles;
}

/** The records of other systems: recognised, and made into an archive that comes in as every other. */
export function makeRecordHandlers({
  records,
  files,
}: RecordHandlerDeps): Pick<Handlers<Contract>, 'records.read'> {
  /** By the file, so that the window knows it again. */
  const handles = new Map<string, FileHandle>();
  return {
    async 'records.read'({ place }, { signal }) {
      const chosen = files.path(place, 'read');
      const { summary, file } = await records.read(place, chosen, signal);
      const archive = handles.get(file) ?? (await files.offer(file));
      handles.set(file, archive);
      const { nodes: _nodes, ...found } = summary;
      return { ...found, name: basename(chosen), archive };
    },
  };
}
