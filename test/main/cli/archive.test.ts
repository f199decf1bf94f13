import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nothingSaid } from '#shared/provenance/archive-words.ts';
import type { ArchiveInfo, ImportReport } from '#shared/contract/areas/sharing.ts';
import { importReport } from '../../support/import-report.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { ran } from './fake-world.ts';
import { uuid } from './samples.ts';

const info: ArchiveInfo = {
  version: 'main_0001',
  aiidaVersion: '2.9.0',
  writtenBy: 'AiiDA 2.9.0',
  about: nothingSaid,
  nodes: 10,
  links: 12,
  groups: 1,
  computers: 2,
  users: 3,
  logs: 4,
  comments: 5,
  files: 6,
};

describe('stemma archive info', () => {
  test('prints every count by its name as JSON', async () => {
    const { stdout, opened } = await ran(
      ['archive', 'info', 'a.aiida', '--json'],
      {},
      { readArchiveInfo: () => Promise.resolve(info) },
    );
    expect(Object.keys(JSON.parse(stdout))).toEqual([
      'version',
      'aiidaVersion',
      'writtenBy',
      'about',
      'nodes',
      'links',
      'groups',
      'computers',
      'users',
      'logs',
      'comments',
      'files',
    ]);
    expect(JSON.parse(stdout)).toEqual(info);
    expect(opened).toEqual([]);
  });
});

describe('stemma archive export', () => {
  const done = (seen: unknown[]) => ({
    async *'archives.export'(input: unknown) {
      seen.push(input);
      yield { kind: 'done', file: { handle: 'h', name: 'o', size: 1 }, info } as const;
    },
  });

  test('exports a group by its label', async () => {
    const seen: unknown[] = [];
    const out = join(temporaryFolder(), 'o.aiida');
    const { status, stdout } = await ran(['archive', 'export', out, '--group', 'bands', '--json'], {
      ...done(seen),
      async *'groups.list'() {
        yield [
          { uuid: uuid(1), label: 'other', typeString: '', description: '', user: '', time: 0, count: 1 },
          { uuid: uuid(2), label: 'bands', typeString: '', description: '', user: '', time: 0, count: 1 },
        ];
      },
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(info);
    expect(seen).toMatchObject([{ selection: { what: { kind: 'group', uuid: uuid(2) } }, to: 'handle-1' }]);
  });

  test('never replaces a file without being told', async () => {
    const out = join(temporaryFolder(), 'o.aiida');
    writeFileSync(out, 'mine');
    const seen: unknown[] = [];
    const refused = await ran(['archive', 'export', out, '--all'], done(seen));
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.stderr[0]).toContain('is there already');
    expect(seen).toEqual([]);
    expect(await ran(['archive', 'export', out, '--all', '--force'], done(seen))).toMatchObject({
      status: 0,
    });
  });

  test('says which group is missing, and which there are', async () => {
    const stderrWith = async (labels: readonly string[]) => {
      const out = join(temporaryFolder(), 'o.aiida');
      const { stderr } = await ran(['archive', 'export', out, '--group', 'bands'], {
        async *'groups.list'() {
          yield labels.map((label) => ({ label }) as never);
        },
      });
      return stderr;
    };
    const missing = 'There is no group “bands” in this profile.';
    expect(await stderrWith([])).toEqual([
      `${missing} It has none. Export nodes with --node, or everything with --all.`,
    ]);
    expect(await stderrWith(['relaxed', 'phonons'])).toEqual([`${missing} Known are: relaxed, phonons.`]);
  });
});

describe('stemma archive import', () => {
  const counts = { new: 1, identical: 2, changed: 0 };
  const report = importReport({
    info,
    created: '2026-03-01T12:00:00',
    nodes: counts,
    links: counts,
    groups: counts,
    files: counts,
    bytes: 1,
    notes: ['A label was renamed.'],
    group: { uuid: uuid(9), label: 'import-1' },
  });
  const importing = (result: ImportReport) => ({
    async *'archives.import'() {
      yield { kind: 'done', report: result } as const;
    },
  });
  const file = (): string => {
    const path = join(temporaryFolder(), 'a.aiida');
    writeFileSync(path, 'x');
    return path;
  };

  test('prints the report', async () => {
    const { status, stdout } = await ran(['archive', 'import', file(), '--json'], importing(report));
    expect({ status, report: JSON.parse(stdout) as unknown }).toEqual({ status: 0, report });
    const words = await ran(['archive', 'import', file()], importing(report));
    expect(words.stdout).toContain('import-1');
    expect(words.stdout).toContain('A label was renamed.');
  });

  test('fails with the first conflict', async () => {
    const conflicts: ImportReport['conflicts'] = [
      {
        of: 'nodes',
        name: '',
        subject: uuid(1),
        message: 'A node with this UUID is different here.',
        why: 'differs',
      },
    ];
    const { status, stderr } = await ran(['archive', 'import', file()], importing({ ...report, conflicts }));
    expect(status).toBe(1);
    expect(stderr).toEqual([`Nothing was imported: A node with this UUID is different here. (${uuid(1)})`]);
  });

  test('says which file is missing', async () => {
    const { status, stderr } = await ran(['archive', 'import', '/nowhere/a.aiida']);
    expect(status).toBe(1);
    expect(stderr[0]).toContain('/nowhere/a.aiida');
  });
});
