import { basename } from 'node:path';
import { noRecords } from '#main/archive/records/record-errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { recordsArea } from '#shared/contract/areas/records.ts';
import type { World } from '../world.ts';

/** Records by the name of what was chosen: `monitoring.db` holds some, anything else none. */
export function recordHandlers(world: World): Handlers<typeof recordsArea> {
  return {
    'records.read': ({ place }) => {
      const name = basename(world.filePaths.get(place) ?? '');
      if (!name.includes('monitoring')) throw noRecords(name, 'it has no tables “workflow” and “task”');
      const handle = `records-${place}`;
      world.filePaths.set(handle, 'monitoring.aiida');
      return {
        system: 'Parsl',
        version: '',
        why: 'it is a database with the tables of Parsl’s monitoring',
        name,
        processes: 10,
        data: 4,
        files: 0,
        links: 18,
        inferredLinks: 9,
        inferred: [
          { why: 'Parsl records that one waited for the other, not the value between them', links: 9 },
        ],
        notes: ['Parsl keeps times without a zone; they are taken as UTC.'],
        archive: { handle, name: 'monitoring.aiida', size: 24_000 },
      };
    },
  };
}
