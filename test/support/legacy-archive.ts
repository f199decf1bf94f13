import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rawEntry, rawZip, writeRawZip } from './raw-zip.ts';
import { temporaryFolder } from './temporary-folder.ts';

const uuidOf = (id: number): string => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;

/** An archive of version 0.9, as AiiDA 1.1 wrote them, with that many numbers in it. */
export function legacyArchive(nodes: number, name = 'old.aiida'): string {
  const ids = Array.from({ length: nodes }, (_, i) => i + 1);
  const time = '2019-04-09T14:07:07.435307';
  const row = (id: number) => ({
    uuid: uuidOf(id),
    node_type: 'data.int.Int.',
    process_type: null,
    label: '',
    description: '',
    ctime: time,
    mtime: time,
    user: 1,
    dbcomputer: null,
  });
  const each = <T>(make: (id: number) => T): Record<string, T> =>
    Object.fromEntries(ids.map((id) => [String(id), make(id)]));
  const user = { email: 'ada@example.org', first_name: 'Ada', last_name: '', institution: '' };
  const data = {
    export_data: { User: { 1: user }, Node: each(row) },
    node_attributes: each((id) => ({ value: id })),
    node_extras: each(() => ({})),
    links_uuid: [],
    groups_uuid: {},
  };
  const file = join(temporaryFolder(), name);
  const metadata = { export_version: '0.9', aiida_version: '1.1.1' };
  const entries = [
    rawEntry('metadata.json', JSON.stringify(metadata)),
    rawEntry('data.json', JSON.stringify(data)),
  ];
  writeFileSync(file, writeRawZip(rawZip(entries)));
  return file;
}
