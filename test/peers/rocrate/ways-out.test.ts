import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { makeArchiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';
import { countProv, findRocrateValidator, validateCrates } from '../../support/rocrate.ts';
import { noSharedArchives, sharedArchives } from '../../support/shared-archives.ts';
import { skipReason } from '../../support/skips.ts';

const found = await findRocrateValidator();
const none = skipReason('crates for rocrate-validator', typeof found === 'string' ? found : null);
const python = typeof found === 'string' ? '' : found.python;
const everything: ExportSelection = { what: { kind: 'all' }, rules: {}, logs: true, comments: true };
const crate = { kind: 'crate', title: '', description: '', licence: 'CC-BY-4.0' } as const;
const demo = resolve(import.meta.dirname, '../../../resources/demo/demo.aiida');

describe.skipIf(none !== null)('crates for rocrate-validator', () => {
  let folder = '';
  const profiles: ArchiveTestProfile[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stemma-crate-'));
  });
  afterAll(async () => {
    for (const profile of profiles) await profile.close();
    await rm(folder, { recursive: true, force: true });
  });
  const profileWith = async (...archives: readonly string[]): Promise<ArchiveTestProfile> => {
    const profile = await makeArchiveProfile(await mkdtemp(join(folder, 'profile-')));
    profiles.push(profile);
    for (const archive of archives) await profile.archives.import(archive, null);
    return profile;
  };

  test('the demo project passes as a folder and as a zip, also where no licence was stated', async () => {
    const { archives } = await profileWith(demo);
    const [asFolder, asZip] = [join(folder, 'demo'), join(folder, 'demo.zip')];
    await archives.writeWayOut({ selection: everything, form: { ...crate, packed: false }, file: asFolder });
    const unlicensed = { ...crate, packed: true, licence: '' };
    await archives.writeWayOut({ selection: everything, form: unlicensed, file: asZip });
    const answers = await validateCrates(
      python,
      join(folder, 'demo.json'),
      'REQUIRED',
      [asFolder, asZip].map((path) => `provenance-run-crate=${path}`),
    );
    for (const { crate: path, passed, issues } of answers) {
      expect({ path, passed, issues }).toEqual({ path, passed: true, issues: [] });
    }
  });

  test('a calculation without a workflow passes as a Process Run Crate, and data alone as an RO-Crate', async () => {
    const builder = new ArchiveBuilder();
    builder.calculation();
    builder.node({ nodeType: NodeType.dict, attributes: '{"a b": [1.0]}' });
    const { archives, rows } = await profileWith(await builder.write());
    const [calculation, data] = [join(folder, 'calculation'), join(folder, 'data')];
    const form = { ...crate, packed: false };
    await archives.writeWayOut({ selection: everything, form, file: calculation });
    const [lone] = rows<{ uuid: string }>(`SELECT uuid FROM nodes WHERE node_type LIKE 'data.core.dict%'`);
    const what = { kind: 'nodes' as const, uuids: [lone?.uuid ?? ''] };
    await archives.writeWayOut({ selection: { ...everything, what }, form, file: data });
    const answers = await validateCrates(python, join(folder, 'small.json'), 'REQUIRED', [
      `process-run-crate=${calculation}`,
      `ro-crate-1.1=${data}`,
    ]);
    expect(answers.map(({ passed, issues }) => ({ passed, issues }))).toEqual([
      { passed: true, issues: [] },
      { passed: true, issues: [] },
    ]);
  });

  test('the PROV-JSON of the demo project is read with every node and link', async () => {
    const { archives, rows } = await profileWith(demo);
    const file = join(folder, 'prov.json');
    await archives.writeWayOut({ selection: everything, form: { kind: 'prov' }, file });
    const counts = await countProv(python, file);
    const links = (...types: string[]): number =>
      rows(`SELECT id FROM links WHERE type IN (SELECT value FROM json_each(?))`, JSON.stringify(types))
        .length;
    expect(counts).toMatchObject({
      ProvActivity: rows(`SELECT id FROM nodes WHERE node_type LIKE 'process.%'`).length,
      ProvUsage: links('input_calc', 'input_work'),
      ProvGeneration: links('create'),
      ProvCommunication: links('call_calc', 'call_work'),
      ProvInfluence: links('return'),
    });
  });

  describe.skipIf(skipReason('crates of real archives', noSharedArchives) !== null)(
    'of real archives',
    () => {
      test('every archive passes at the profile that it claims', async () => {
        const wanted: string[] = [];
        for (const [i, { path }] of sharedArchives()
          .filter(({ version, nodes, repo }) => version === 'main_0001' && nodes < 400 && repo < 400)
          .entries()) {
          const { archives, rows } = await profileWith(path);
          const at = join(folder, `real-${i}`);
          await archives.writeWayOut({ selection: everything, form: { ...crate, packed: false }, file: at });
          const has = (prefix: string): boolean =>
            rows(`SELECT id FROM nodes WHERE node_type LIKE '${prefix}%' LIMIT 1`).length > 0;
          const profile = has('process.workflow.')
            ? 'provenance-run-crate'
            : has('process.')
              ? 'process-run-crate'
              : 'ro-crate-1.1';
          wanted.push(`${profile}=${at}`);
        }
        const answers = await validateCrates(python, join(folder, 'real.json'), 'REQUIRED', wanted);
        expect(answers.filter(({ passed }) => !passed)).toEqual([]);
      });
    },
  );
});
