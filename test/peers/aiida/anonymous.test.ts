import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnonymousChoice } from '#shared/contract/areas/anonymous-choice.ts';
import { exportSelection } from '#shared/contract/areas/sharing.ts';
import { AiidaProfile, findAiida, type AiidaVenv } from '../../support/aiida.ts';
import { makeArchiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';
import { expectSame, type CanonicalDump } from '../../support/canonical-dump.ts';
import { inflatedEntries } from '../../support/inflated-entries.ts';
import { skipReason } from '../../support/skips.ts';
import { purgeNow, sha256 } from '../../main/storage/purge-bench.ts';

const found = await findAiida();
const none = skipReason('anonymous and purged archives in AiiDA', typeof found === 'string' ? found : null);

/** Everything that make_private.py has written anywhere, and nobody is to find. In lower case. */
const secrets =
  `quillen baxterv tannroda zoe@ greywacke qbaxter g117 mfellowes acc-lichen acc-moss acc-fern hvonstein
  uni-elsewhere nidgrey jkowal greyalps g118 /ptk bigdata 27000@lic login7 paper_of ela.`.split(/\s+/);

describe.skipIf(none !== null)('archives that leave without something', () => {
  let folder = '';
  let profile: ArchiveTestProfile;
  let original: CanonicalDump;
  let made = 0;
  const subfolder = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await mkdir(path);
    return path;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stemma-private-'));
    const [archive, dump] = [join(folder, 'private.aiida'), join(folder, 'private.json')];
    const aiida = await AiidaProfile.empty(found as AiidaVenv, await subfolder('made'));
    await aiida.script('make_private.py', archive, dump);
    original = JSON.parse(readFileSync(dump, 'utf8')) as CanonicalDump;
    profile = await makeArchiveProfile(await subfolder('ours'));
    await profile.archives.import(archive, { group: { kind: 'none' } });
    await purgeNow(profile, { kind: 'rule', largerThan: 10_000 });
  });
  afterAll(async () => {
    await profile.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function leave(anonymous: AnonymousChoice, withoutPurged = true): Promise<string> {
    const file = join(folder, `out-${made++}.aiida`);
    const selection = exportSelection.parse({ what: { kind: 'all' }, withoutPurged });
    await profile.archives.export({ selection, file, compression: 6, anonymous });
    return file;
  }
  async function inAiida(file: string): Promise<CanonicalDump> {
    const name = `aiida-${made++}`;
    const aiida = await AiidaProfile.empty(found as AiidaVenv, await subfolder(name));
    expect(await aiida.archiveInfo(file)).toContain('main_0001');
    const dump = join(folder, `${name}.json`);
    await aiida.script('import_archives.py', dump, file);
    return JSON.parse(readFileSync(dump, 'utf8')) as CanonicalDump;
  }

  test('one without purged files comes in with all of its provenance, and says what stayed behind', async () => {
    const dump = await inAiida(await leave(null));
    const [uuid = '', folderNode] =
      Object.entries(original.nodes).find(([, node]) => 'density_qbaxter.dat' in (node['files'] as object)) ??
      [];
    const { ['density_qbaxter.dat']: gone, ...rest } = (folderNode?.['files'] ?? {}) as Record<
      string,
      string
    >;
    expect(dump.nodes[uuid]?.['files']).toEqual(rest);
    const extras = JSON.parse(String(dump.nodes[uuid]?.['extras'])) as Record<string, unknown>;
    expect(extras['_stemma_purged']).toEqual({
      'density_qbaxter.dat': { sha256: gone, size: 32_000, purged: expect.any(String) as string },
    });
    expect(gone).toBe(sha256('density '.repeat(4000)));
    // all others are what they were
    const others = ({ nodes, ...more }: CanonicalDump): CanonicalDump => ({
      ...more,
      nodes: Object.fromEntries(Object.entries(nodes).filter(([one]) => one !== uuid)),
    });
    const { users: _users, ...here } = others(dump);
    const { users: _others, ...there } = others(original);
    expectSame({ ...here, users: {} }, { ...there, users: {} });
  });

  test('what is too short to be replaced everywhere is told before', async () => {
    const selection = exportSelection.parse({ what: { kind: 'all' }, withoutPurged: true });
    const { kept, replaced } = await profile.archives.previewAnonymous(selection);
    expect(kept).toContainEqual({ kind: 'name', text: 'Zoé', times: 1 });
    expect(replaced).toContainEqual(expect.objectContaining({ kind: 'login', was: 'qbaxter' }));
  });

  test.each(['keep', 'leave-out'] as const)(
    'an anonymous one (files: %s) is whole in AiiDA, and nothing that was to be hidden is in its bytes',
    async (files) => {
      await expect(leave({ files }, false)).rejects.toMatchObject({ code: 'files-purged' });
      const file = await leave({ files });
      const dump = await inAiida(file);
      expect(dump.links).toEqual(original.links);
      const shape = (of: CanonicalDump) =>
        Object.entries(of.nodes)
          .map(([uuid, { nodeType, ctime, mtime, computer }]) => ({ uuid, nodeType, ctime, mtime, computer }))
          .toSorted((a, b) => a.uuid.localeCompare(b.uuid));
      expect(shape(dump)).toEqual(shape(original));
      expect(Object.keys(dump.logs).toSorted()).toEqual(Object.keys(original.logs).toSorted());
      expect(Object.keys(dump.comments).toSorted()).toEqual(Object.keys(original.comments).toSorted());
      const leaks: string[] = [];
      for (const [name, bytes] of inflatedEntries(file)) {
        if (files === 'keep' && name.startsWith('repo/')) continue;
        const text = bytes.toString('utf8').toLowerCase();
        for (const secret of secrets) {
          const at = text.indexOf(secret);
          if (at !== -1) leaks.push(`${secret} in ${name}: …${text.slice(Math.max(0, at - 40), at + 40)}…`);
        }
      }
      expect(leaks).toEqual([]);
    },
  );
});
