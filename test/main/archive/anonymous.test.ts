import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mapJsonStrings } from '#main/archive/aiida/anonymous/json-strings.ts';
import { KnownStrings } from '#main/archive/aiida/anonymous/known-strings.ts';
import { openContainer } from '#main/archive/aiida/open-container.ts';
import type { AnonymityReport } from '#shared/contract/areas/anonymous.ts';
import type { AnonymousChoice } from '#shared/contract/areas/anonymous-choice.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { ArchiveTrips } from '../../support/archive-trips.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let folder = '';
let trips: ArchiveTrips;
let made = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stemma-anonymous-'));
  trips = await ArchiveTrips.inFolder(folder);
});
afterAll(async () => {
  await trips.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A profile by its database. */
type Profile = string;

const exported = (profile: Profile, anonymous: AnonymousChoice): Promise<string> =>
  trips.send(profile, `out-${made++}`, anonymous);
const imported = (archive: string): Promise<Profile> => trips.bring(archive, `profile-${made++}`);

async function databaseOf(file: string): Promise<{ readonly path: string; readonly files: number }> {
  const container = await openContainer(file, { scratch: temporaryFolder(), now: Date.now });
  const path = join(temporaryFolder(), 'db');
  await container.extractDatabase(path);
  const files = container.objectCount;
  container.close();
  return { path, files };
}

const tables = ['user', 'computer', 'group', 'node', 'link', 'group_dbnodes', 'comment', 'log'];
type Rows = Record<string, readonly Record<string, unknown>[]>;
function rowsOf(path: string): Rows {
  const db = new Database(path, { readonly: true });
  try {
    return Object.fromEntries(
      tables.map((name) => [
        name,
        db.prepare<[], Record<string, unknown>>(`SELECT * FROM db_db${name}`).all(),
      ]),
    );
  } finally {
    db.close();
  }
}
const rowsIn = async (file: string): Promise<Rows> => rowsOf((await databaseOf(file)).path);

interface Person {
  readonly first: string;
  readonly last: string;
  readonly login: string;
  readonly host: string;
  readonly institution: string;
  readonly label: string;
}

const ada: Person = {
  first: 'Adelheid',
  last: 'Böhmer-Lacroix',
  login: 'aboehmer',
  host: 'granite.mountain.example.org',
  institution: 'Institute of Stones',
  label: 'granite',
};

/** A study in which the person stands in every place that there is. */
async function studyOf(person: Person): Promise<Profile> {
  const { first, last, login, host, institution, label } = person;
  const email = `${login}@${host}`;
  const home = `/home/${login}`;
  const work = `/scratch/m17/${login}/runs`;
  const builder = new ArchiveBuilder();
  builder.db
    .prepare('UPDATE db_dbuser SET email = ?, first_name = ?, last_name = ?, institution = ?')
    .run(email, first, last, institution);
  const computer = builder.computer(label);
  builder.db
    .prepare('UPDATE db_dbcomputer SET hostname = ?, description = ?, metadata = ?')
    .run(
      host,
      `The machine of ${first} ${last}`,
      JSON.stringify({ workdir: `${work}/`, shebang: '#!/bin/bash' }),
    );
  const remote = `${work}/0a/1b/2c3d-4e5f-6071-8293-a4b5c6d7e8f9`;
  const code = builder.node({
    nodeType: 'data.core.code.installed.InstalledCode.',
    computer,
    label: `pw@${label}`,
    attributes: JSON.stringify({ filepath_executable: `${home}/bin/pw.x`, prepend_text: `cd ${home}` }),
  });
  const job = builder.node({
    nodeType: NodeType.calcJob,
    computer,
    attributes: `{"sealed": true, "remote_workdir": ${JSON.stringify(remote)}, "number": 1.0, "big": 12345678901234567890, "account": "proj-${login}", "detailed_job_info": "owner=${login} host=${label}\\n", "job_id": "4711"}`,
    extras: JSON.stringify({
      [`note_of_${login}`]: `${last}, ${first}: ask ${email}`,
      _aiida_hash: 'f'.repeat(64),
    }),
    files: { '_aiidasubmit.sh': `#!/bin/bash\ncd ${home}\n`, 'aiida.out': 'energy 1.0\n' },
  });
  const folder = builder.node({
    nodeType: 'data.core.remote.RemoteData.',
    computer,
    attributes: JSON.stringify({ remote_path: remote }),
  });
  builder.link(code, job, 'input_calc', 'code');
  builder.link(job, folder, 'create', 'remote_folder');
  builder.group(`runs of ${login}`, [job]);
  builder.comment(job, `${first} ${last} looked at this on ${host.toUpperCase()}.`);
  builder.log(job, `Traceback: File "${home}/venv/lib/x.py", line 1`);
  return imported(await builder.write());
}

const secretsOf = ({ first, last, login, host, institution, label }: Person): readonly string[] => [
  first,
  last,
  login,
  host,
  institution,
  label,
];

describe('an anonymous export', () => {
  test('has other names for people, machines and folders, and everything else as it was', async () => {
    const profile = await studyOf(ada);
    const plain = await rowsIn(await exported(profile, null));
    const rows = await rowsIn(await exported(profile, { files: 'keep' }));
    expect(rows['computer']).toMatchObject([
      {
        label: 'computer-1',
        hostname: 'computer-1.invalid',
        description: '',
        metadata: '{"workdir":"/scratch/computer-1/","shebang":"#!/bin/bash"}',
      },
    ]);
    const owner = rows['user']?.find(({ id }) => id === rows['node']?.[0]?.['user_id']);
    expect(owner).toMatchObject({ email: 'user-2@example.invalid', last_name: '2', institution: '' });
    const of = (type: string) => rows['node']?.find((row) => String(row['node_type']).includes(type));
    expect(of('CalcJobNode')?.['attributes']).toBe(
      '{"sealed": true, "remote_workdir": "/scratch/computer-1/0a/1b/2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "number": 1.0, "big": 12345678901234567890, "account": "account-1", "detailed_job_info": "owner=user-2 host=computer-1\\n", "job_id": "4711"}',
    );
    expect(of('CalcJobNode')?.['extras']).toBe('{"note_of_user-2":"user-2: ask user-2@example.invalid"}');
    expect(of('InstalledCode')).toMatchObject({
      label: 'pw@computer-1',
      attributes: '{"filepath_executable":"/folder-1/pw.x","prepend_text":"cd /home/user-2"}',
    });
    expect(rows['group']?.[0]?.['label']).toBe('runs of user-2');
    expect(rows['comment']?.[0]?.['content']).toBe('user-2 looked at this on computer-1.invalid.');
    const kept = (of: Rows) =>
      of['node']?.map(({ id, uuid, ctime, mtime, node_type, repository_metadata }) => ({
        id,
        uuid,
        ctime,
        mtime,
        node_type,
        repository_metadata,
      }));
    expect(kept(rows)).toEqual(kept(plain));
    expect(rows['link']).toEqual(plain['link']);
  });

  test('has none of the names in its database, whatever they are', async () => {
    const word = fc.stringMatching(/^[a-z]{3}[b-z][a-z]{1,8}[0-9]$/);
    const person = fc
      .uniqueArray(word, { minLength: 6, maxLength: 6 })
      .map(([first = '', last = '', login = '', host = '', institution = '', label = '']) => ({
        first: `X${first}`,
        last: `Ÿ${last}`,
        login,
        host: `${host}.example.org`,
        institution: `Institute ${institution}`,
        label,
      }));
    await fc.assert(
      fc.asyncProperty(person, async (one) => {
        const { path } = await databaseOf(await exported(await studyOf(one), { files: 'leave-out' }));
        const text = JSON.stringify(rowsOf(path)).toLowerCase();
        for (const secret of secretsOf(one)) expect(text).not.toContain(secret.toLowerCase());
      }),
      { numRuns: 5 },
    );
  });

  test('of an anonymous one changes nothing more', async () => {
    const once = await exported(await studyOf(ada), { files: 'leave-out' });
    const twice = await rowsIn(await exported(await imported(once), { files: 'leave-out' }));
    const first = await rowsIn(once);
    const texts = (rows: Rows) =>
      tables.map((name) => rows[name]?.map(({ id: _id, user_id: _user, ...row }) => row));
    // the profile into which it went has an owner of its own
    const [, ...others] = texts(twice);
    expect(others).toEqual(texts(first).slice(1));
  });

  test('leaves out the files in which a name stands where that is wanted, and says which', async () => {
    const profile = await studyOf(ada);
    const kept = await databaseOf(await exported(profile, { files: 'keep' }));
    const left = await databaseOf(await exported(profile, { files: 'leave-out' }));
    expect([kept.files, left.files]).toEqual([2, 1]);
    const job = rowsOf(left.path)['node']?.find((row) => String(row['node_type']).includes('CalcJobNode'));
    expect(Object.keys(JSON.parse(String(job?.['repository_metadata'])).o)).toEqual(['aiida.out']);
    expect(JSON.parse(String(job?.['extras']))).toMatchObject({ files_left_out: ['_aiidasubmit.sh'] });
  });

  test('is foretold: what is replaced, what is not, and in which files names stand', async () => {
    const profile = await studyOf({ ...ada, first: 'Ada', institution: 'User' });
    const report: AnonymityReport = await trips.preview(profile);
    expect(report.replaced).toContainEqual(
      expect.objectContaining({ kind: 'login', was: 'aboehmer', becomes: 'user-2' }),
    );
    const rows = await rowsIn(await exported(profile, { files: 'keep' }));
    const plain = await rowsIn(await exported(profile, null));
    for (const { where, texts } of report.changes) {
      const [, column = '', table = ''] = /^(.*) of (\w+)/.exec(where) ?? [];
      const name = table === 'log' ? 'log' : table.replace(/s$/, '');
      const key = column.replaceAll(' ', '_');
      const changed = (plain[name] ?? []).filter((row, i) => row[key] !== rows[name]?.[i]?.[key]).length;
      expect({ where, texts }).toEqual({ where, texts: changed });
    }
    expect(report.kept.map(({ text }) => text)).toContain('Ada');
    expect(report.files).toEqual([expect.objectContaining({ path: '_aiidasubmit.sh', times: 1 })]);
    expect([report.filesCount, report.contentsCount]).toEqual([1, 1]);
  });
});

describe('known texts', () => {
  const known = new KnownStrings([
    { kind: 'login', text: 'alice', becomes: 'user-1' },
    { kind: 'host', text: 'daint.example.org', becomes: 'computer-1.invalid' },
    { kind: 'folder', text: '/home/alice/bin', becomes: '/folder-1' },
  ]);

  test('are replaced where they stand as words, the longest first', () => {
    expect(known.replace('alice malice alice2 alice_run x/alice/y')).toBe(
      'user-1 malice alice2 user-1_run x/user-1/y',
    );
    expect(known.replace('/home/alice/bin/pw.x on Daint.Example.ORG, by ALICE')).toBe(
      '/folder-1/pw.x on computer-1.invalid, by user-1',
    );
  });

  test('are counted in a text that comes in pieces as in the whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('alice', ' ', 'x', '/home/alice/bin', '-', 'daint.example.org')),
        fc.nat(9),
        (words, at) => {
          const text = words.join('');
          const cut = Math.min(at, text.length);
          const first = known.countIn(text, 0, cut);
          const rest = known.countIn(text, Math.max(cut, first.end), text.length);
          expect(first.count + rest.count).toBe(known.countIn(text, 0, text.length).count);
        },
      ),
    );
  });
});

describe('the strings of a text of JSON', () => {
  test('change one by one, and every other character stays', () => {
    const text = '{"a\\u0062": [1.0, 1E400, -0.0, "x\\"y", {"k": "ab"}], "ab":12345678901234567890 }';
    expect(mapJsonStrings(text, (value) => (value === 'ab' ? 'ü"' : value))).toBe(
      '{"\\u00fc\\"": [1.0, 1E400, -0.0, "x\\"y", {"k": "\\u00fc\\""}], "\\u00fc\\"":12345678901234567890 }',
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        expect(mapJsonStrings(json, (one) => one)).toBe(json);
        const seen: string[] = [];
        mapJsonStrings(json, (one) => (seen.push(one), one));
        const all: string[] = [];
        JSON.stringify(value, (_key, item: unknown) => {
          if (typeof item === 'string') all.push(item);
          return item;
        });
        for (const one of all) expect(seen).toContain(one);
      }),
    );
  });
});
