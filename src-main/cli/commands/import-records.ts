import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultImportOptions } from '#shared/contract/areas/import-defaults.ts';
import { convertRecords } from '../../archive/records/convert-records.ts';
import type { ImportRecordsCommand } from '../import-records-arguments.ts';
import type { CommandCore, World } from '../world.ts';
import { archiveImport } from './archive-import.ts';

/** Makes an archive of the records of another system, says what was found, and imports it as any archive. */
export async function importRecords(
  { place, dryRun, profile, json }: ImportRecordsCommand,
  world: World,
  core: CommandCore,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stemma-'));
  try {
    const file = join(folder, 'records.aiida');
    const { system, version, why, nodes, links, inferredLinks, notes } = await convertRecords(
      { place: resolve(place), target: file },
      world.signal,
    );
    world.note(
      `${system}${version === '' ? '' : ` (${version})`}, because ${why}: ${nodes} nodes and ${links} links, ${inferredLinks} of which ` +
        `${system} did not record: they are inferred, and the nodes say so in their extras.`,
    );
    for (const note of notes) world.note(note);
    await archiveImport(
      { kind: 'archive-import', files: [file], options: defaultImportOptions, dryRun, profile, json },
      world,
      core,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
