import { describe, expect, test } from 'vitest';
import { NodeType } from '#shared/provenance/node-types.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { archiveProfile } from '../../support/archive-profile.ts';
import { canonicalDump } from '../../support/canonical-dump.ts';

/** More rows of each kind than go into one statement, and no multiple of them. */
const many = 75;

/** Calculations, each with an input, a result and a line in its log. */
function manyCalculations(): ArchiveBuilder {
  const builder = new ArchiveBuilder();
  const nodes: number[] = [];
  for (let i = 0; i < many; i++) {
    const { input, process, output } = builder.calculation();
    nodes.push(input, process, output);
    builder.log(process, `It ran, ${i}.`);
  }
  builder.group('all of them', nodes);
  return builder;
}

const uuidOfNode = 'UPDATE db_dbnode SET uuid = ? WHERE id = ?';

describe('rows that come many at a time', () => {
  test('are all there, in the order of the archive, and processes are sealed', async () => {
    const profile = await archiveProfile();
    const builder = manyCalculations();
    const report = await profile.archives.import(await builder.write(), null);
    expect(report).toMatchObject({
      nodes: { new: many * 3 },
      links: { new: many * 2 },
      logs: { new: many },
      groups: { new: 1 },
    });
    expect(profile.rows('SELECT uuid FROM nodes ORDER BY id')).toEqual(
      builder.uuids.map((uuid) => ({ uuid })),
    );
    expect(profile.rows('SELECT count(*) AS n, min(sealed) AS sealed FROM nodes WHERE is_process')).toEqual([
      { n: many, sealed: 1 },
    ]);
    // each log hangs on the process that is third to the next one
    expect(
      profile.rows(
        `SELECT n.uuid FROM logs l JOIN nodes n ON n.id = l.node_id WHERE message = 'It ran, 40.'`,
      ),
    ).toEqual([{ uuid: builder.uuids[40 * 3 + 1] }]);
    expect(profile.rows('SELECT count(*) AS n FROM group_nodes')).toEqual([{ n: 2 * many * 3 }]);
  });

  test('go in among those that are here already', async () => {
    const [once, grown] = [await archiveProfile(), await archiveProfile()];
    const builder = manyCalculations();
    const all = await builder.write();
    const part = new ArchiveBuilder();
    // the first twenty calculations of the same
    part.db.exec(
      `ATTACH '${builder.folder}/db.sqlite3' AS whole;
       INSERT INTO db_dbnode SELECT * FROM whole.db_dbnode WHERE id <= 60;
       INSERT INTO db_dblink SELECT * FROM whole.db_dblink WHERE input_id <= 60;
       INSERT INTO db_dblog SELECT * FROM whole.db_dblog WHERE dbnode_id <= 60;`,
    );
    for (const [hash, content] of builder.objects) part.objects.set(hash, content);
    await grown.archives.import(await part.write(), null);
    await once.archives.import(all, null);
    expect(await grown.archives.import(all, null)).toMatchObject({
      nodes: { new: many * 3 - 60, identical: 60, changed: 0 },
      links: { new: many * 2 - 40, identical: 40, changed: 0 },
      logs: { new: many - 20, identical: 20, changed: 0 },
    });
    const theirs = 'SELECT uuid, sealed, attributes FROM nodes ORDER BY uuid';
    expect(grown.rows(theirs)).toEqual(once.rows(theirs));
  });

  test('may be there twice, as AiiDA never writes them: the second one is known', async () => {
    const profile = await archiveProfile();
    const builder = manyCalculations();
    const [uuid = ''] = builder.uuids;
    builder.node();
    builder.db.prepare(uuidOfNode).run(uuid.toUpperCase(), many * 3 + 1);
    builder.db.exec(
      `UPDATE db_dblog SET uuid = upper((SELECT uuid FROM db_dblog ORDER BY id LIMIT 1)) WHERE id = ${many}`,
    );
    const report = await profile.archives.import(await builder.write(), null);
    expect(report).toMatchObject({
      nodes: { new: many * 3, identical: 1, changed: 0 },
      logs: { new: many - 1, identical: 1, changed: 0 },
    });
    expect(profile.rows('SELECT count(*) AS n FROM nodes')).toEqual([{ n: many * 3 }]);
    expect(profile.rows('SELECT count(*) AS n FROM logs')).toEqual([{ n: many - 1 }]);
  });

  test('and the second one has another content: then nothing comes', async () => {
    const profile = await archiveProfile();
    const before = await canonicalDump(profile);
    const builder = manyCalculations();
    const [uuid = ''] = builder.uuids;
    builder.node({ attributes: '{"value": 2}', nodeType: NodeType.int });
    builder.db.prepare(uuidOfNode).run(uuid.toUpperCase(), many * 3 + 1);
    await expect(profile.archives.import(await builder.write(), null)).rejects.toMatchObject({
      code: 'import-refused',
      subject: uuid,
    });
    expect(await canonicalDump(profile)).toEqual(before);
  });
});
