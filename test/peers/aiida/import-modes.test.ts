import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ExtrasMode } from '#shared/contract/areas/import-modes.ts';
import type { ImportOptionsInput } from '#shared/contract/areas/import-options.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { AiidaProfile, findAiida, type AiidaVenv } from '../../support/aiida.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { makeArchiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';
import { canonicalDump, type CanonicalDump } from '../../support/canonical-dump.ts';
import { skipReason } from '../../support/skips.ts';

const found = await findAiida();
const noAiida = skipReason('modes of an import in AiiDA', typeof found === 'string' ? found : null);
const venv = found as AiidaVenv;

interface Case {
  readonly name: string;
  readonly here: ImportOptionsInput;
  /** Arguments of `import_archive`. */
  readonly there: Readonly<Record<string, unknown>>;
}

/** AiiDA's three letters (`verdi archive import`, `EXTRAS_MODES`). */
const letters: Readonly<Record<ExtrasMode, string>> = {
  none: 'knl',
  keep_existing: 'kcl',
  update_existing: 'kcu',
  mirror: 'ncu',
};

const noGroup = { kind: 'none' } as const;
const cases: readonly Case[] = [
  ...(Object.entries(letters) as [ExtrasMode, string][]).map(([mode, letter]) => ({
    name: `extras ${mode}`,
    here: { extrasExisting: mode, group: noGroup },
    there: { merge_extras: [...letter], create_group: false },
  })),
  ...(['leave', 'newest', 'overwrite'] as const).map((mode) => ({
    name: `comments ${mode}`,
    here: { comments: mode, group: noGroup },
    there: { merge_comments: mode, create_group: false },
  })),
  {
    name: 'no extras for new nodes',
    here: { extrasNew: 'none', group: noGroup },
    there: { import_new_extras: false, create_group: false },
  },
  { name: 'a new group', here: {}, there: {} },
  {
    name: 'a group with the label of one of the archive',
    here: { group: { kind: 'named', label: 'only there' } },
    there: { group: 'only there' },
  },
  {
    name: 'logins',
    here: { authInfos: true, group: noGroup },
    there: { include_authinfos: true, create_group: false },
  },
];

const id = (n: number): string => `${n}0000000-0000-4000-8000-000000000000`;

/** What one has, and what a colleague has who began with the same: every kind of clash between them. */
function archives(): readonly [ArchiveBuilder, ArchiveBuilder] {
  const [first, second] = [new ArchiveBuilder(), new ArchiveBuilder()];
  for (const [builder, mine] of [
    [first, true],
    [second, false],
  ] as const) {
    const computer = builder.computer('cluster', id(mine ? 6 : 7));
    const shared = builder.computer('workstation', id(8));
    const value = builder.node({
      uuid: id(1),
      extras: mine
        ? '{"both": 1, "mine": {"a": [1.0, 1]}, "equal": null}'
        : '{"equal": null, "both": 1.0, "theirs": "ü"}',
    });
    const process = builder.node({ uuid: id(2), nodeType: NodeType.calcFunction, extras: '{"rank": 1}' });
    builder.link(value, process, 'input_calc', 'x');
    builder.node({ uuid: id(mine ? 3 : 4), extras: '{"own": true}', computer });
    builder.group('both', mine ? [value] : [value, process], id(9));
    builder.group(mine ? 'only here' : 'only there', [process]);
    builder.group('the label of two', [value]);
    builder.comment(value, mine ? 'first' : 'first, corrected', id(1));
    builder.comment(value, mine ? 'second' : 'second, older', id(2));
    builder.comment(process, mine ? 'of mine' : 'of theirs');
    builder.log(process, mine ? 'It ran here.' : 'It ran there.');
    const earlier = builder.db.prepare('UPDATE db_dbcomment SET mtime = ? WHERE uuid = ?');
    earlier.run('2024-01-01 00:00:00.000001', id(mine ? 1 : 2));
    const login = builder.db.prepare(`INSERT INTO db_dbauthinfo VALUES (NULL, 1, ?, '{}', ?, 1)`);
    login.run(computer, '{"username": "ada", "port": 22}');
    login.run(shared, mine ? '{"username": "ada"}' : '{"username": "other"}');
  }
  return [first, second];
}

interface Compared extends CanonicalDump {
  readonly logins: readonly unknown[];
}

describe.skipIf(noAiida !== null)('an import by any mode', () => {
  test('has the outcome that it has in AiiDA', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stemma-modes-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [first, second] = await Promise.all(archives().map((builder) => builder.write()));
    if (first === undefined || second === undefined) throw new Error('no archives');
    const [asked, dumps] = [join(folder, 'cases.json'), join(folder, 'dumps.json')];
    writeFileSync(asked, JSON.stringify(cases.map(({ name, there }) => ({ name, ...there }))));
    const there = join(folder, 'aiida');
    await mkdir(there);
    await AiidaProfile.anywhere(venv, there).script('import_modes.py', asked, dumps, first, second);
    const inAiida = JSON.parse(readFileSync(dumps, 'utf8')) as Readonly<Record<string, Compared>>;

    for (const [i, { name, here }] of cases.entries()) {
      const place = join(folder, String(i));
      await mkdir(place);
      const profile = await makeArchiveProfile(place);
      await profile.archives.import(first, { group: noGroup });
      await profile.archives.import(second, here);
      const got = { ...(await canonicalDump(profile)), logins: loginsOf(profile) };
      await profile.close();
      expect.soft({ name, ...comparable(got) }).toEqual({ name, ...comparable(inAiida[name] as Compared) });
    }
  });
});

const loginsOf = ({ rows }: ArchiveTestProfile): readonly unknown[] =>
  rows<{ email: string; uuid: string; enabled: number; auth_params: string }>(
    `SELECT u.email, c.uuid, a.enabled, a.auth_params FROM authinfos AS a
     JOIN users AS u ON u.id = a.user_id JOIN computers AS c ON c.id = a.computer_id ORDER BY u.email, c.uuid`,
  ).map(({ email, uuid, enabled, auth_params }) => [email, uuid, enabled === 1, JSON.parse(auth_params)]);

/**
 * Without what two imports never have in common: UUIDs and times of the groups that they make, who owns those, when
 * extras were changed, and in AiiDA when a comment that gave way to a newer one was (it means to take that one's time).
 * AiiDA keeps merged extras in the order of a Python set.
 */
function comparable({ nodes, groups, links, computers, comments, logs, logins }: Compared): object {
  const made = (group: Readonly<Record<string, unknown>>): boolean =>
    group['description'] === 'Group generated by archive import' || group['label'] === 'only there';
  const plain = Object.entries(nodes).map(([uuid, node]) => [
    uuid,
    { ...node, mtime: null, extras: JSON.parse(String(node['extras'])) as unknown },
  ]);
  return {
    nodes: Object.fromEntries(plain) as unknown,
    links,
    computers,
    comments: Object.fromEntries(
      Object.entries(comments).map(([uuid, comment]) => [uuid, { ...comment, mtime: null }]),
    ) as unknown,
    logs,
    logins,
    groups: Object.entries(groups)
      .map(([uuid, group]) =>
        made(group)
          ? { members: group['nodes'], type: group['typeString'], named: group['label'] === 'only there' }
          : { uuid, ...group },
      )
      .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  };
}
