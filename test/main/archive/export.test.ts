import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as streamText } from 'node:stream/consumers';
import Database from 'better-sqlite3';
import { openPromise, type Entry } from 'yauzl';
import { describe, expect, test } from 'vitest';
import { indexes, tables } from '#main/archive/aiida/export/database-schema.ts';
import { openContainer } from '#main/archive/aiida/open-container.ts';
import { ZipWriter } from '#main/archive/aiida/export/zip-writer.ts';
import { version } from '#main/version.ts';
import { layoutOf } from '#main/repository/layout.ts';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import { nothingSaid } from '#shared/provenance/archive-words.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { archiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';
import { canonicalDump } from '../../support/canonical-dump.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const everything: ExportSelection = { what: { kind: 'all' }, rules: {}, logs: true, comments: true };
const of = (...uuids: string[]): ExportSelection => ({ ...everything, what: { kind: 'nodes', uuids } });

interface Study {
  readonly profile: ArchiveTestProfile;
  readonly uuids: readonly string[];
}

/** input -> job -> output -> second -> last, and a workflow around the job; two more nodes that touch none of it. */
async function study(): Promise<Study> {
  const profile = await archiveProfile();
  const builder = new ArchiveBuilder();
  const { input, process, output } = builder.calculation();
  const second = builder.node({ nodeType: NodeType.calcFunction });
  const last = builder.node({
    attributes: '{"value": 3.0, "big": 123456789012345678901}',
    files: { a: 'x'.repeat(9e6) },
  });
  const chain = builder.node({ nodeType: NodeType.workChain, label: 'chain' });
  builder.link(output, second, 'input_calc', 'x');
  builder.link(second, last, 'create', 'result');
  builder.link(input, chain, 'input_work', 'x');
  builder.link(chain, process, 'call_calc', 'CALL');
  builder.link(chain, output, 'return', 'result');
  builder.node({ label: 'alone' });
  builder.node({ computer: builder.computer('cluster') });
  builder.group('mine', [output]);
  builder.log(process, 'It ran: ä 中');
  builder.comment(last, 'Good.');
  await profile.archives.import(await builder.write(), { group: { kind: 'named', label: 'all of it' } });
  return { profile, uuids: builder.uuids };
}

async function exported({ profile }: Study, selection = everything, compression = 6): Promise<string> {
  const file = join(temporaryFolder(), 'out.aiida');
  await profile.archives.export({ selection, file, compression });
  return file;
}

async function databaseOf(file: string): Promise<Database.Database> {
  const zip = await openContainer(file, { scratch: temporaryFolder(), now: Date.now });
  const target = join(temporaryFolder(), 'db.sqlite3');
  await zip.extractDatabase(target);
  zip.close();
  return new Database(target, { readonly: true });
}

async function contentOf(file: string, name: string): Promise<string> {
  const zip = await openPromise(file);
  for await (const entry of zip.eachEntry())
    if (entry.fileName === name) return streamText(await zip.openReadStreamPromise(entry));
  throw new Error(`${file} has no ${name}`);
}

describe('an exported archive', () => {
  test('is a zip as AiiDA writes it', async () => {
    const one = await study();
    for (const compression of [0, 1, 9]) {
      const zip = await openPromise(await exported(one, everything, compression));
      const entries: Entry[] = [];
      for await (const entry of zip.eachEntry()) entries.push(entry);
      expect(entries.slice(0, 2).map(({ fileName }) => fileName)).toEqual(['metadata.json', 'db.sqlite3']);
      for (const {
        fileName,
        compressionMethod,
        generalPurposeBitFlag,
        externalFileAttributes,
        extraFieldLength,
        versionMadeBy,
      } of entries) {
        expect(fileName).toMatch(/^(metadata\.json|db\.sqlite3|repo\/[0-9a-f]{64})$/);
        expect(compressionMethod).toBe(fileName === 'metadata.json' || compression === 0 ? 0 : 8);
        expect({ generalPurposeBitFlag, extraFieldLength }).toEqual({
          generalPurposeBitFlag: 0,
          extraFieldLength: 0,
        });
        expect(externalFileAttributes >>> 16).toBe(0o600);
        expect(versionMadeBy).toBe(0x0314);
      }
    }
  });

  test('says in its metadata what AiiDA says', async () => {
    const one = await study();
    const file = await exported(one, {
      ...of(one.uuids[0] ?? ''),
      logs: false,
      rules: { create_backward: false },
    });
    const text = await contentOf(file, 'metadata.json');
    const metadata = JSON.parse(text) as Record<string, unknown>;
    expect(metadata).toMatchObject({
      export_version: 'main_0001',
      key_format: 'sha256',
      compression: 6,
      creation_parameters: {
        entities_starting_set: { node: [one.uuids[0]] },
        include_authinfos: false,
        include_comments: true,
        include_logs: false,
        graph_traversal_rules: { create_backward: false, create_forward: true, input_calc_forward: false },
      },
    });
    expect(metadata['ctime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
    expect(text).toContain('"export_version": "main_0001", "aiida_version": ');
  });

  test('says who wrote it, and what a person says of it, and nothing where nothing was said', async () => {
    const { profile } = await study();
    const [said, silent] = [join(temporaryFolder(), 'said.aiida'), join(temporaryFolder(), 'silent.aiida')];
    const about = { title: 'Silicon', author: 'Ada Ämple', description: 'Two\nlines', licence: 'CC-BY-4.0' };
    const info = await profile.archives.export({ selection: everything, file: said, compression: 1, about });
    const metadata = JSON.parse(await contentOf(said, 'metadata.json')) as Record<string, unknown>;
    expect(metadata).toMatchObject({ aiida_version: '2.9.0', written_by: `Stemma ${version}`, about });
    expect(await profile.archives.info(said)).toEqual(info);
    expect(info).toMatchObject({ writtenBy: `Stemma ${version}`, about });
    await profile.archives.export({ selection: everything, file: silent, compression: 1 });
    expect(JSON.parse(await contentOf(silent, 'metadata.json'))).not.toHaveProperty('about');
    expect(await profile.archives.info(silent)).toMatchObject({ about: nothingSaid });
  });

  test('has a database with all tables, indexes and settings of the format', async () => {
    const db = await databaseOf(await exported(await study()));
    const made = new Database(':memory:');
    for (const sql of [...tables, ...indexes]) made.exec(sql);
    const names = (of: Database.Database): unknown[] =>
      of.prepare('SELECT type, name FROM sqlite_schema ORDER BY type, name').all();
    expect(names(db)).toEqual(names(made));
    expect(names(db).length).toBe(10 + 23 + 11);
    for (const [pragma, value] of [
      ['page_size', 4096],
      ['journal_mode', 'delete'],
      ['user_version', 0],
      ['application_id', 0],
      ['encoding', 'UTF-8'],
      ['integrity_check', 'ok'],
    ] as const) {
      expect({ pragma, value: db.pragma(pragma, { simple: true }) }).toEqual({ pragma, value });
    }
    expect(db.pragma('foreign_key_check')).toEqual([]);
    const times = db.prepare('SELECT ctime FROM db_dbnode UNION SELECT time FROM db_dblog').pluck().all();
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
    expect(db.prepare(`SELECT attributes FROM db_dbnode WHERE attributes LIKE '%big%'`).pluck().get()).toBe(
      '{"value": 3.0, "big": 123456789012345678901}',
    );
  });

  test('comes back with everything equal', async () => {
    const one = await study();
    const file = await exported(one);
    const back = await archiveProfile();
    await back.archives.import(file, null);
    const [there, here] = [await canonicalDump(back), await canonicalDump(one.profile)];
    expect(there.nodes).toEqual(here.nodes);
    expect(there.links).toEqual(here.links);
    expect(there.logs).toEqual(here.logs);
    expect(there.comments).toEqual(here.comments);
    expect(there.computers).toEqual(here.computers);
    expect(Object.values(there.groups)).toEqual(expect.arrayContaining(Object.values(here.groups)));
  });

  test('is the same file again, but for the time that it names', async () => {
    const one = await study();
    const [first, second] = [await databaseOf(await exported(one)), await databaseOf(await exported(one))];
    expect(first.serialize().equals(second.serialize())).toBe(true);
  });
});

test('a profile leaves as it was at one moment, without checkpoints, while others write to it', async () => {
  const { profile } = await study();
  const attributes = '{"sealed": true,  "checkpoints": "{}", "n": 1.0}';
  profile.write(
    `INSERT INTO nodes (uuid, node_type, ctime, mtime, user_id, sealed, attributes)
     VALUES ('00000000-0000-4000-8000-00000000000a', '${NodeType.calcFunction}', -1, 1, 1, 1, '${attributes}')`,
  );
  const file = join(temporaryFolder(), 'out.aiida');
  let written = false;
  const onProgress = ({ words }: { readonly words: string }): void => {
    if (words !== 'Writing nodes and links' || written) return;
    written = true;
    profile.write(`UPDATE nodes SET label = 'later', extras = '{"later": 1}'`);
  };
  await profile.archives.export({ selection: everything, file, compression: 1 }, { onProgress });
  expect(written).toBe(true);
  expect(profile.rows(`SELECT DISTINCT label FROM nodes`)).toEqual([{ label: 'later' }]);
  const db = await databaseOf(file);
  expect(db.prepare(`SELECT count(*) FROM db_dbnode WHERE label = 'later'`).pluck().get()).toBe(0);
  const own = db.prepare(`SELECT ctime, mtime, attributes FROM db_dbnode WHERE uuid LIKE '%00a'`).get();
  expect(own).toEqual({
    ctime: '1969-12-31 23:59:59.999999',
    mtime: '1970-01-01 00:00:00.000001',
    attributes: '{"sealed": true, "n": 1.0}',
  });
  expect(db.pragma('foreign_key_check')).toEqual([]);
});

describe('a selection', () => {
  test('takes its provenance along, and its preview says what and by which rule', async () => {
    const one = await study();
    const [input, job, output, second, last, chain, alone] = one.uuids;
    const cases: readonly (readonly [
      selection: ExportSelection,
      expected: readonly (string | undefined)[],
    ])[] = [
      [of(output ?? ''), [input, job, output, chain]],
      [of(last ?? ''), [input, job, output, second, last, chain]],
      [of(alone ?? ''), [alone]],
      [{ ...of(output ?? ''), rules: { create_backward: false } }, [output]],
      [{ ...of(output ?? ''), rules: { call_calc_backward: false } }, [input, job, output]],
      [
        { ...of(output ?? ''), rules: { input_calc_forward: true } },
        [input, job, output, second, last, chain],
      ],
    ];
    for (const [selection, expected] of cases) {
      const db = await databaseOf(await exported(one, selection));
      expect(db.prepare('SELECT uuid FROM db_dbnode').pluck().all().toSorted()).toEqual(expected.toSorted());
      const preview = await one.profile.previewExport(selection);
      const count = (table: string): unknown => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
      expect(preview).toMatchObject({
        nodes: count('db_dbnode'),
        links: count('db_dblink'),
        groups: count('db_dbgroup'),
        computers: count('db_dbcomputer'),
        users: count('db_dbuser'),
        logs: count('db_dblog'),
        comments: count('db_dbcomment'),
        unsealed: [],
      });
      expect(preview.byRule.reduce((sum, { nodes }) => sum + nodes, 0)).toBe(preview.nodes);
      expect(preview.byType.reduce((sum, { nodes }) => sum + nodes, 0)).toBe(preview.nodes);
      expect(preview.byRule).toContainEqual({
        rule: 'chosen',
        words: 'chosen',
        nodes: 1,
        examples: [{ uuid: expect.any(String), name: expect.any(String) }],
      });
    }
    const { bytes, files, byRule } = await one.profile.previewExport(of(last ?? ''));
    expect({ bytes, files }).toEqual({ bytes: 9e6 + 'result 2'.length, files: 2 });
    expect(byRule).toContainEqual({
      rule: 'input_calc_backward',
      words: 'inputs of calculations',
      nodes: 2,
      examples: [one.uuids[0], one.uuids[2]].map((uuid) => ({ uuid, name: 'Int' })),
    });
  });

  test('of a group takes the group with its members, and no other', async () => {
    const one = await study();
    const [group] = one.profile.rows<{ uuid: string }>(`SELECT uuid FROM groups WHERE label = 'mine'`);
    const db = await databaseOf(
      await exported(one, { ...everything, what: { kind: 'group', uuid: group?.uuid ?? '' } }),
    );
    expect(db.prepare('SELECT label FROM db_dbgroup').pluck().all()).toEqual(['mine']);
    expect(db.prepare('SELECT count(*) FROM db_dbgroup_dbnodes').pluck().get()).toBe(1);
    expect(db.prepare('SELECT count(*) FROM db_dbnode').pluck().get()).toBe(4);
  });

  test('leaves logs and comments, and who wrote them, out where they are not wanted', async () => {
    const one = await study();
    const db = await databaseOf(await exported(one, { ...everything, logs: false, comments: false }));
    expect(db.prepare('SELECT count(*) FROM db_dblog').pluck().get()).toBe(0);
    expect(db.prepare('SELECT count(*) FROM db_dbcomment').pluck().get()).toBe(0);
  });

  test('of what is not there is refused by name', async () => {
    const one = await study();
    const nobody = '00000000-0000-4000-8000-000000000000';
    await expect(exported(one, of(nobody))).rejects.toMatchObject({ code: 'node-missing', subject: nobody });
    const group: ExportSelection = { ...everything, what: { kind: 'group', uuid: nobody } };
    await expect(one.profile.previewExport(group)).rejects.toMatchObject({ code: 'group-missing' });
  });
});

describe('an export is refused, and leaves no file,', () => {
  const refused = async (one: Study, selection: ExportSelection): Promise<Error> => {
    const folder = temporaryFolder();
    const file = join(folder, 'out.aiida');
    writeFileSync(file, 'what was here before');
    const error = await one.profile.archives.export({ selection, file, compression: 6 }).then(
      () => new Error('it was not refused'),
      (thrown: Error) => thrown,
    );
    expect(readdirSync(folder)).toEqual(['out.aiida']);
    expect(readFileSync(file, 'utf8')).toBe('what was here before');
    expect(readdirSync(join(one.profile.folder, 'cache'))).toEqual([]);
    return error;
  };

  test('while a process in it has not ended', async () => {
    const one = await study();
    const uuid = '11111111-1111-4111-8111-111111111111';
    one.profile.write(
      `INSERT INTO nodes (uuid, node_type, ctime, mtime, attributes, user_id, sealed)
       VALUES ('${uuid}', '${NodeType.calcJob}', 1, 1, '{"process_label": "PwCalculation"}', 1, 0)`,
    );
    expect(await refused(one, everything)).toMatchObject({
      code: 'not-sealed',
      subject: uuid,
      message: 'Processes that have not ended cannot be exported: PwCalculation (11111111).',
    });
    const { unsealed } = await one.profile.previewExport(everything);
    expect(unsealed).toEqual([{ uuid, name: 'PwCalculation' }]);
    expect((await one.profile.previewExport(of(one.uuids[0] ?? ''))).unsealed).toEqual([]);
  });

  test('when a file is damaged or gone', async () => {
    const one = await study();
    const db = new Database(layoutOf(one.profile.repository.root).index);
    db.exec(`UPDATE contents SET content = zeroblob(length(content))`);
    expect(await refused(one, everything)).toMatchObject({ code: 'object-damaged' });
    db.exec('DELETE FROM objects');
    db.close();
    expect(await refused(one, everything)).toMatchObject({ code: 'object-missing' });
  });

  test('when it is cancelled, at any step', async () => {
    const one = await study();
    const folder = temporaryFolder();
    for (const at of [
      'Following the provenance',
      'Writing nodes and links',
      'Packing files',
      'Completing the archive',
    ]) {
      const cancel = new AbortController();
      const running = one.profile.archives.export(
        { selection: everything, file: join(folder, 'x.aiida'), compression: 6 },
        {
          signal: cancel.signal,
          onProgress: ({ words }) => {
            if (words === at) cancel.abort();
          },
        },
      );
      // the last step may be over before it hears
      if (at !== 'Completing the archive') await expect(running).rejects.toMatchObject({ code: 'cancelled' });
      else await running.catch((error: unknown) => expect(error).toMatchObject({ code: 'cancelled' }));
      expect(readdirSync(folder).filter((name) => name !== 'x.aiida')).toEqual([]);
    }
  });
});

test('a zip of more than 65 535 entries has the larger directory, which readers follow', async () => {
  const file = join(temporaryFolder(), 'many.zip');
  const zip = new ZipWriter(file, 0, new Date(2025, 0, 1));
  const count = 70_000;
  for (let i = 0; i < count; i++) zip.add(await zip.pack(`entry ${i}`, Buffer.from(String(i))));
  zip.finish(['entry 69999']);
  zip.close();
  const read = await openPromise(file);
  expect(read.entryCount).toBe(count);
  for await (const entry of read.eachEntry()) {
    expect(entry.fileName).toBe('entry 69999');
    break;
  }
});
