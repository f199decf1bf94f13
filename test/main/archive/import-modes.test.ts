import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergedExtras } from '#main/archive/aiida/import/merge-extras.ts';
import { commentModes, extrasModes } from '#shared/contract/areas/import-modes.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { archiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';

describe('extras of a node that is here', () => {
  const here = '{"same": 1.0, "both": [1, 2],  "mine" : "é", "_aiida_hash": "h"}';
  const there = '{"both": {"a": 1e-07}, "same": 1, "theirs": 123456789012345678901234567890}';

  test.each([
    ['none', here],
    [
      'keep_existing',
      '{"same": 1.0, "both": [1, 2], "mine" : "é", "_aiida_hash": "h", "theirs": 123456789012345678901234567890}',
    ],
    [
      'update_existing',
      '{"both": {"a": 1e-07}, "same": 1, "theirs": 123456789012345678901234567890, "mine" : "é", "_aiida_hash": "h"}',
    ],
    [
      'mirror',
      '{"both": {"a": 1e-07}, "same": 1, "theirs": 123456789012345678901234567890, "_aiida_hash": "h"}',
    ],
  ] as const)('become by the mode %s what AiiDA makes of them, to the character', (mode, wanted) => {
    expect(mergedExtras(mode, here, there)).toBe(wanted);
  });

  test('do not change when they are merged again, whatever they hold', () => {
    const extras = fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), fc.jsonValue(), {
      maxKeys: 6,
    });
    fc.assert(
      fc.property(fc.constantFrom(...extrasModes), extras, extras, (mode, mine, theirs) => {
        const [a, b] = [JSON.stringify(mine), JSON.stringify(theirs)];
        const once = mergedExtras(mode, a, b);
        expect(mergedExtras(mode, once, b)).toBe(once);
        const keys = (text: string): string[] => Object.keys(JSON.parse(text) as object).toSorted();
        const all = [...new Set([...keys(a), ...keys(b)])].toSorted();
        expect(keys(once)).toEqual(mode === 'none' ? keys(a) : mode === 'mirror' ? keys(b) : all);
      }),
    );
  });
});

const nodes = [
  '10000000-0000-4000-8000-000000000000',
  '20000000-0000-4000-8000-000000000000',
  '30000000-0000-4000-8000-000000000000',
] as const;
const comments = ['a0000000-0000-4000-8000-000000000000', 'b0000000-0000-4000-8000-000000000000'] as const;

/** The same two nodes and comments as they were once, and as somebody has them later, with a third node. */
async function versions(): Promise<{ readonly first: string; readonly second: string }> {
  const first = new ArchiveBuilder();
  first.node({ uuid: nodes[0], extras: '{"both": 1, "mine": 2, "_aiida_hash": "x"}' });
  first.node({ uuid: nodes[1], extras: '{"equal": true}' });
  first.comment(1, 'older here', comments[0]);
  first.comment(1, 'later here', comments[1]);
  first.db.exec(`UPDATE db_dbcomment SET mtime = '2025-06-01 00:00:00.000000' WHERE uuid = '${comments[1]}'`);
  const second = new ArchiveBuilder();
  second.node({ uuid: nodes[0], extras: '{"both": 10, "theirs": 20, "_aiida_hash": "y"}' });
  second.node({ uuid: nodes[1], extras: '{"equal": true}' });
  second.node({ uuid: nodes[2], extras: '{"fresh": 1}' });
  second.comment(1, 'later there', comments[0]);
  second.comment(1, 'older there', comments[1]);
  second.db.exec(
    `UPDATE db_dbcomment SET mtime = '2025-03-01 00:00:00.000000' WHERE uuid = '${comments[0]}'`,
  );
  return { first: await first.write(), second: await second.write() };
}

const extrasOf = (profile: ArchiveTestProfile): readonly unknown[] =>
  profile
    .rows<{ extras: string }>('SELECT extras FROM nodes ORDER BY uuid')
    .map(({ extras }) => JSON.parse(extras) as unknown);
const textsOf = (profile: ArchiveTestProfile): readonly string[] =>
  profile
    .rows<{ content: string }>('SELECT content FROM comments ORDER BY uuid')
    .map(({ content }) => content);

describe('an import', () => {
  test('merges the extras of a node that is here by the mode that was chosen, after saying what each would change', async () => {
    const { first, second } = await versions();
    const wanted = {
      none: { both: 1, mine: 2 },
      keep_existing: { both: 1, mine: 2, theirs: 20 },
      update_existing: { both: 10, theirs: 20, mine: 2 },
      mirror: { both: 10, theirs: 20 },
    } as const;
    for (const extrasExisting of extrasModes) {
      const profile = await archiveProfile();
      await profile.archives.import(first, null);
      const before = extrasOf(profile);
      const preview = await profile.archives.previewImport(second, { extrasExisting });
      expect(preview.choices.extras).toEqual({ none: 0, keep_existing: 1, update_existing: 1, mirror: 1 });
      expect(preview.updates).toEqual({ extras: extrasExisting === 'none' ? 0 : 1, comments: 0 });
      expect(preview.differing).toContainEqual({
        of: 'nodes',
        subject: nodes[0],
        name: 'Int',
        what: ['extras'],
      });
      expect(extrasOf(profile)).toEqual(before);
      const report = await profile.archives.import(second, { extrasExisting });
      expect(report.updates).toEqual(preview.updates);
      expect(extrasOf(profile)).toEqual([wanted[extrasExisting], { equal: true }, { fresh: 1 }]);
      const again = await profile.archives.import(second, { extrasExisting });
      expect({ extrasExisting, ...again.updates }).toEqual({ extrasExisting, extras: 0, comments: 0 });
      await profile.close();
    }
  });

  test('leaves a comment, takes a later one, or the one of the archive, as was chosen', async () => {
    const { first, second } = await versions();
    const wanted = {
      leave: ['older here', 'later here'],
      newest: ['later there', 'later here'],
      overwrite: ['later there', 'older there'],
    } as const;
    for (const mode of commentModes) {
      const profile = await archiveProfile();
      await profile.archives.import(first, null);
      const preview = await profile.archives.previewImport(second, { comments: mode });
      expect(preview.choices.comments).toEqual({ leave: 0, newest: 1, overwrite: 2 });
      const report = await profile.archives.import(second, { comments: mode });
      expect(report.updates.comments).toBe(preview.choices.comments[mode]);
      expect(textsOf(profile)).toEqual(wanted[mode]);
      const again = await profile.archives.import(second, { comments: mode });
      expect({ mode, changed: again.updates.comments }).toEqual({ mode, changed: 0 });
      await profile.close();
    }
  });

  test('brings new nodes without extras, puts them in no group, and leaves logins out, where that was chosen', async () => {
    const { second } = await versions();
    const profile = await archiveProfile();
    const report = await profile.archives.import(second, { extrasNew: 'none', group: { kind: 'none' } });
    expect(extrasOf(profile)).toEqual([{}, {}, {}]);
    expect(report.group).toBe(null);
    expect(profile.rows('SELECT * FROM groups')).toEqual([]);
  });

  test('puts all into the group that was named, and gives a group of the archive with that label another', async () => {
    const profile = await archiveProfile();
    const builder = new ArchiveBuilder();
    builder.group('study', [builder.node()]);
    builder.node();
    const file = await builder.write();
    const preview = await profile.archives.previewImport(file, {
      group: { kind: 'named', label: 'study' },
    });
    expect(preview.notes.join(' ')).toContain('comes in as “study (Imported #0)”');
    await profile.archives.import(file, { group: { kind: 'named', label: 'study' } });
    expect(
      profile.rows(
        'SELECT label, count(*) AS n FROM groups JOIN group_nodes ON group_id = id GROUP BY id ORDER BY label',
      ),
    ).toEqual([
      { label: 'study', n: 2 },
      { label: 'study (Imported #0)', n: 1 },
    ]);
  });

  test('does not add members to a group that is here', async () => {
    const profile = await archiveProfile();
    const uuid = 'c0000000-0000-4000-8000-000000000000';
    const [small, large] = [new ArchiveBuilder(), new ArchiveBuilder()];
    small.group('study', [small.node({ uuid: nodes[0] })], uuid);
    large.group('study', [large.node({ uuid: nodes[0] }), large.node({ uuid: nodes[1] })], uuid);
    await profile.archives.import(await small.write(), { group: { kind: 'none' } });
    await profile.archives.import(await large.write(), { group: { kind: 'none' } });
    expect(profile.rows('SELECT count(*) AS n FROM group_nodes')).toEqual([{ n: 1 }]);
  });

  test('takes logins only where that was chosen, and never over those that are here', async () => {
    const computer = 'd0000000-0000-4000-8000-000000000000';
    const withLogin = async (user: string): Promise<string> => {
      const builder = new ArchiveBuilder();
      builder.node({ computer: builder.computer('cluster', computer) });
      builder.db
        .prepare('INSERT INTO db_dbauthinfo VALUES (1, 1, 1, ?, ?, 1)')
        .run('{}', `{"username": "${user}", "port": 22}`);
      return builder.write();
    };
    const profile = await archiveProfile();
    const logins = () => profile.rows('SELECT enabled, auth_params FROM authinfos');
    const file = await withLogin('ada');
    const without = await profile.archives.import(file, null);
    expect(without.notes).toContain('Left out: the login settings of 1 computer.');
    expect(without.authInfos).toEqual({ new: 0, identical: 0, changed: 0 });
    expect(logins()).toEqual([]);
    const preview = await profile.archives.previewImport(file, { authInfos: true });
    expect(preview.authInfos).toEqual({ new: 1, identical: 0, changed: 0 });
    await profile.archives.import(file, { authInfos: true });
    const here = [{ enabled: 1, auth_params: '{"username": "ada", "port": 22}' }];
    expect(logins()).toEqual(here);
    const other = await profile.archives.import(await withLogin('bob'), { authInfos: true });
    expect(other.authInfos).toEqual({ new: 0, identical: 0, changed: 1 });
    expect(logins()).toEqual(here);
  });

  test('counts what stands in the way by kind, with its name', async () => {
    const profile = await archiveProfile();
    const [first, second] = [new ArchiveBuilder(), new ArchiveBuilder()];
    for (const uuid of nodes) first.node({ uuid });
    for (const uuid of nodes) second.node({ uuid, label: `of ${uuid[0]}`, attributes: '{"value": 2}' });
    second.log(9, 'of nobody');
    await profile.archives.import(await first.write(), null);
    const { conflicts, conflicting } = await profile.archives.previewImport(await second.write());
    expect(conflicting).toMatchObject({ nodes: 3, logs: 1, links: 0 });
    expect(conflicts.map(({ of, name }) => `${of} ${name}`)).toEqual([
      'nodes of 1',
      'nodes of 2',
      'nodes of 3',
      'logs ',
    ]);
  });
});
