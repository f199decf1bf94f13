import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import { exportRules, exportSwitches, type TraversalRules } from '#shared/provenance/traversal-rules.ts';
import { chosenCount, gatherRows } from '#main/archive/aiida/export/chosen-rows.ts';
import { chooseNodes } from '#main/archive/aiida/export/choose-nodes.ts';
import { openReader } from '#main/provenance/database.ts';
import { AiidaProfile, findAiida, type AiidaVenv } from '../../support/aiida.ts';
import { makeArchiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';
import { canonicalDump, expectSame, type CanonicalDump } from '../../support/canonical-dump.ts';
import { noSharedArchives, sharedArchives } from '../../support/shared-archives.ts';
import { skipReason } from '../../support/skips.ts';

const found = await findAiida();
const noAiida = skipReason('exchange with AiiDA', typeof found === 'string' ? found : null);
const venv = found as AiidaVenv;
const everything: ExportSelection = { what: { kind: 'all' }, rules: {}, logs: true, comments: true };

describe.skipIf(noAiida !== null)('exchange with AiiDA', () => {
  let folder = '';
  const profiles: ArchiveTestProfile[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stemma-aiida-'));
  });
  afterAll(async () => {
    for (const profile of profiles) await profile.close();
    await rm(folder, { recursive: true, force: true });
  });

  const subfolder = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await mkdir(path);
    return path;
  };
  const ours = async (name: string): Promise<ArchiveTestProfile> => {
    const profile = await makeArchiveProfile(await subfolder(name));
    profiles.push(profile);
    return profile;
  };
  /** What AiiDA has after it imported the archives, one after the other, into an empty profile. */
  const aiidaAfter = async (name: string, ...archives: readonly string[]): Promise<CanonicalDump> => {
    const profile = await AiidaProfile.empty(venv, await subfolder(name));
    const dump = join(folder, `${name}.json`);
    await profile.script('import_archives.py', dump, ...archives);
    return JSON.parse(readFileSync(dump, 'utf8')) as CanonicalDump;
  };

  test('what AiiDA ran comes in with everything equal, and goes back with everything equal', async () => {
    const archive = join(folder, 'runs.aiida');
    const dump = join(folder, 'runs.json');
    const aiida = await AiidaProfile.withLocalhost(venv, await subfolder('runs'));
    await aiida.script('make_runs.py', archive, dump);
    const original = JSON.parse(readFileSync(dump, 'utf8')) as CanonicalDump;
    expect(Object.keys(original.nodes).length).toBeGreaterThan(30);
    expect(original.links.length).toBeGreaterThan(35);

    const profile = await ours('ours-runs');
    const report = await profile.archives.import(archive, null);
    expect(report.conflicts).toEqual([]);
    expect(report.nodes.new).toBe(Object.keys(original.nodes).length);
    expectSame(await canonicalDump(profile), original);
    // not only the same meaning: the same text
    for (const { uuid, attributes } of profile.rows<{ uuid: string; attributes: string }>(
      'SELECT uuid, attributes FROM nodes',
    )) {
      expect(attributes).toBe(original.nodes[uuid]?.['attributes']);
    }

    const back = join(folder, 'back.aiida');
    await profile.archives.export({ selection: everything, file: back, compression: 6 });
    expectSame(await aiidaAfter('again', back), original);
  });

  test('the demo project is read by AiiDA as what it claims to be', async () => {
    const profile = await AiidaProfile.empty(venv, await subfolder('demo'));
    const demo = resolve(import.meta.dirname, '../../../resources/demo/demo.aiida');
    const dump = join(folder, 'demo.json');
    await profile.script('import_archives.py', dump, demo);
    await profile.script('check_demo.py');

    const here = await ours('ours-demo');
    await here.archives.import(demo, null);
    expectSame(await canonicalDump(here), JSON.parse(readFileSync(dump, 'utf8')) as CanonicalDump);
  });

  test('a selection takes along what AiiDA takes along, by every rule that can be switched', async () => {
    const archive = join(folder, 'runs.aiida');
    const aiida = await AiidaProfile.empty(venv, await subfolder('closures'));
    await aiida.script('import_archives.py', join(folder, 'closures.json'), archive);
    const profile = await ours('ours-closures');
    await profile.archives.import(archive, null);

    const uuids = profile
      .rows<{ uuid: string }>(
        `SELECT uuid FROM nodes WHERE id % 5 = 0 OR id IN (SELECT source_id FROM links UNION SELECT target_id FROM links)
         ORDER BY id`,
      )
      .map(({ uuid }) => uuid);
    const switched = exportSwitches.map((name) => ({ [name]: !exportRules[name] }));
    const rules = [{}, ...switched, Object.assign({}, ...switched)];
    const questions = uuids.flatMap((uuid, i) =>
      rules.map((rule) => ({
        nodes: i % 5 === 0 ? [uuid, uuids[(i * 7) % uuids.length] ?? uuid] : [uuid],
        rules: rule,
      })),
    );
    const [asked, answered] = [join(folder, 'questions.json'), join(folder, 'answers.json')];
    writeFileSync(asked, JSON.stringify(questions));
    await aiida.script('closures.py', asked, answered);
    const answers = JSON.parse(readFileSync(answered, 'utf8')) as { nodes: string[]; links: number }[];
    for (const [i, question] of questions.entries()) {
      expect({ question, ...(await closureHere(profile, question)) }).toEqual({ question, ...answers[i] });
    }
  });

  describe.skipIf(skipReason('exchange of real archives', noSharedArchives) !== null)(
    'of real archives',
    () => {
      const archives = sharedArchives().filter(({ version }) => version === 'main_0001');

      test('all of them merge here as they merge in AiiDA, and what goes out imports there again', async () => {
        const paths = archives.map(({ path }) => path);
        const inAiida = await aiidaAfter('originals', ...paths);
        const profile = await ours('ours-real');
        for (const path of paths) {
          const report = await profile.archives.import(path, null);
          expect({ path, conflicts: report.conflicts }).toEqual({ path, conflicts: [] });
        }
        expectSame(await canonicalDump(profile), inAiida);

        const out = join(folder, 'real.aiida');
        await profile.archives.export({ selection: everything, file: out, compression: 1 });
        expectSame(await aiidaAfter('real-again', out), inAiida);
      });
    },
  );
});

async function closureHere(
  profile: ArchiveTestProfile,
  { nodes, rules }: { readonly nodes: readonly string[]; readonly rules: Partial<TraversalRules> },
): Promise<{ nodes: readonly string[]; links: number }> {
  const db = openReader(profile.database);
  db.pragma('query_only = OFF');
  try {
    const selection = { ...everything, what: { kind: 'nodes', uuids: [...nodes] }, rules } as ExportSelection;
    db.exec('BEGIN');
    chooseNodes(db, selection, Date.now);
    gatherRows(db, selection);
    const chosen = db.prepare('SELECT n.uuid FROM chosen AS c JOIN nodes AS n ON n.id = c.id').pluck().all();
    return { nodes: (chosen as string[]).toSorted(), links: chosenCount(db, 'chosen_links') };
  } finally {
    db.close();
  }
}
