import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeletionSelection } from '#shared/contract/areas/storage.ts';
import { deleteSwitches } from '#shared/provenance/traversal-rules.ts';
import { rulesOf } from '#main/storage/rules.ts';
import { AiidaProfile, findAiida, type AiidaVenv } from '../../support/aiida.ts';
import { makeArchiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';
import { noSharedArchives, sharedArchives } from '../../support/shared-archives.ts';
import { skipReason } from '../../support/skips.ts';

const found = await findAiida();
const noAiida = skipReason('deletion as in AiiDA', typeof found === 'string' ? found : null);
const noArchives = skipReason('deletion from real archives', noSharedArchives);

interface Question {
  readonly nodes: readonly string[];
  readonly rules: DeletionSelection['rules'];
  /** Really deleted; the others only say what would go. */
  readonly apply: boolean;
}

interface Left {
  readonly nodes: readonly string[];
  readonly links: readonly (readonly string[])[];
  readonly members: readonly (readonly string[])[];
  readonly logs: readonly string[];
  readonly comments: readonly string[];
}

/** Every set of switches. */
const ruleSets = Array.from({ length: 2 ** deleteSwitches.length }, (_, bits) =>
  Object.fromEntries(deleteSwitches.map((name, i) => [name, (bits & (1 << i)) === 0])),
) as readonly DeletionSelection['rules'][];

describe.skipIf(noAiida !== null || noArchives !== null)('deletion as in AiiDA', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stemma-delete-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('the same nodes go, and the same is left, by every set of rules, in a real archive', async () => {
    const archive = sharedArchives()
      .filter(({ version, nodes, links }) => version === 'main_0001' && nodes < 3000 && links > nodes)
      .toSorted((a, b) => b.links - a.links)[0];
    if (archive === undefined) throw new Error('no archive of the right size');
    await mkdir(join(folder, 'ours'));
    await mkdir(join(folder, 'aiida'));
    const profile = await makeArchiveProfile(join(folder, 'ours'));
    try {
      const { group } = await profile.archives.import(archive.path, null);
      profile.write(`DELETE FROM groups WHERE uuid = '${group?.uuid ?? ''}'`);
      const questions = questionsFor(profile);
      const aiida = await AiidaProfile.empty(found as AiidaVenv, join(folder, 'aiida'));
      await aiida.script('import_archives.py', join(folder, 'dump.json'), archive.path);
      const [asked, answered] = [join(folder, 'questions.json'), join(folder, 'answers.json')];
      writeFileSync(asked, JSON.stringify(questions));
      await aiida.script('delete_nodes.py', asked, answered);
      const answers = JSON.parse(readFileSync(answered, 'utf8')) as (readonly string[] | Left)[];
      for (const [i, question] of questions.entries()) {
        expect({ question, answer: await answerHere(profile, question) }).toEqual({
          question,
          answer: comparable(answers[i]),
        });
      }
      expect((await profile.readers.profile.checkGraph(null)).problems).toEqual([]);
    } finally {
      await profile.close();
    }
  });
});

/** Dry runs of many nodes by every set of rules; then one real deletion for each set, from what is left then. */
function questionsFor(profile: ArchiveTestProfile): readonly Question[] {
  const uuids = profile
    .rows<{ uuid: string }>('SELECT uuid FROM nodes ORDER BY uuid')
    .map(({ uuid }) => uuid);
  const every = Math.max(1, Math.floor(uuids.length / 40));
  const some = uuids.filter((_, i) => i % every === 0);
  const dry = some.flatMap((uuid, i) =>
    ruleSets.map((rules) => ({
      nodes: i % 4 === 0 ? [uuid, some[(i * 7) % some.length] ?? uuid] : [uuid],
      rules,
      apply: false,
    })),
  );
  // the last switches of the list let the least go: from the most careful to the default
  const gone = new Set<string>();
  const real: Question[] = [];
  for (const rules of ruleSets.toReversed()) {
    const uuid = some.find((each) => !gone.has(each));
    if (uuid === undefined) break;
    gone.add(uuid);
    real.push({ nodes: [uuid], rules, apply: true });
  }
  return [...dry, ...real];
}

async function answerHere(
  profile: ArchiveTestProfile,
  { nodes, rules, apply }: Question,
): Promise<readonly string[] | Left> {
  const here = nodes.filter((uuid) => profile.rows('SELECT 1 FROM nodes WHERE uuid = ?', uuid).length > 0);
  const selection: DeletionSelection = { what: { kind: 'nodes', uuids: [...here] }, rules };
  if (here.length === 0) return left(profile);
  const plan = await profile.readers.profile.deletionPlan({
    what: selection.what,
    rules: rulesOf(selection),
  });
  if (apply) {
    await profile.storage.delete({ selection, digest: plan.digest });
    return left(profile);
  }
  return profile
    .rows<{ uuid: string }>('SELECT uuid FROM nodes WHERE id IN (SELECT value FROM json_each(?))', [
      JSON.stringify([...plan.ids]),
    ])
    .map(({ uuid }) => uuid)
    .toSorted();
}

function left(profile: ArchiveTestProfile): Left {
  const column = (sql: string): string[] =>
    profile
      .rows<{ value: string }>(sql)
      .map(({ value }) => value)
      .toSorted();
  return comparable({
    nodes: column('SELECT uuid AS value FROM nodes'),
    links: profile
      .rows<{ s: string; t: string; type: string; label: string }>(
        `SELECT s.uuid AS s, t.uuid AS t, l.type, l.label FROM links AS l
         JOIN nodes AS s ON s.id = l.source_id JOIN nodes AS t ON t.id = l.target_id`,
      )
      .map(({ s, t, type, label }) => [s, t, type, label]),
    members: profile
      .rows<{ g: string; n: string }>(
        `SELECT g.uuid AS g, n.uuid AS n FROM group_nodes AS m JOIN groups AS g ON g.id = m.group_id
         JOIN nodes AS n ON n.id = m.node_id`,
      )
      .map(({ g, n }) => [g, n]),
    logs: column('SELECT uuid AS value FROM logs'),
    comments: column('SELECT uuid AS value FROM comments'),
  }) as Left;
}

/** In one order, and without the group that each side makes by itself. */
function comparable(answer: readonly string[] | Left | undefined): readonly string[] | Left {
  if (answer === undefined) return [];
  if (!('links' in answer)) return answer;
  const byText = (a: readonly string[], b: readonly string[]): number => (a.join(' ') < b.join(' ') ? -1 : 1);
  return { ...answer, links: answer.links.toSorted(byText), members: answer.members.toSorted(byText) };
}
