import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findAiida, type AiidaVenv } from '../../support/aiida.ts';
import {
  archiveTableNames as names,
  readArchiveTables,
  type ArchiveTables,
  type TableRow,
} from '../../support/archive-tables.ts';
import { noSharedArchives, sharedArchives, type IndexedArchive } from '../../support/shared-archives.ts';
import { skipReason } from '../../support/skips.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const found = await findAiida();
const none = skipReason('migration by AiiDA', typeof found === 'string' ? found : noSharedArchives);

type Migrated = { readonly tables: ArchiveTables } | { readonly refused: string };

const json: ReadonlySet<string> = new Set(['attributes', 'extras', 'metadata', 'repository_metadata']);

/** As values: order of rows and of keys aside. Ids of links and members are new in each migration. */
function values(rows: readonly TableRow[], table: string, without: readonly string[]): readonly unknown[] {
  const isNew = table === 'link' || table === 'group_dbnodes';
  const plain = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([key]) => !(isNew && key === 'id') && !without.includes(key))
        .map(([key, value]) => [key, json.has(key) && typeof value === 'string' ? JSON.parse(value) : value])
        .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    ),
  );
  return plain.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

const sortKey = (row: object): string =>
  Object.values(row)
    .map((value) => (typeof value === 'object' ? '' : String(value)))
    .join('\n');

/** Of each version one archive and the whole series of one provenance; all of them where `STEMMA_ALL_ARCHIVES` is set. */
function chosen(): readonly IndexedArchive[] {
  const old = sharedArchives().filter(({ version }) => /^0\.(?:[4-9]|1\d)$/.test(version));
  if (process.env['STEMMA_ALL_ARCHIVES'] !== undefined) return old;
  const seen = new Set<string>();
  return old.filter(({ file, version }) => {
    const isNew = !seen.has(version);
    seen.add(version);
    return isNew || file.includes('export-migration-tests');
  });
}

/**
 * A link into nothing; a computer’s old field under the new version; a process that still runs (in AiiDA 2.9 an error of
 * its own while it lists them).
 */
const refusals =
  /CorruptStorage|unknown (?:in|out)put node|CompileError|StorageMigrationError|type object 'datetime/;

/**
 * Columns that cannot be the same: times that are null get the moment of the migration; files in a container, as
 * development versions of AiiDA 1.4 to 2.0 wrote them, are lost by AiiDA and read here.
 */
function leftOut({ file }: IndexedArchive, theirs: ArchiveTables, mine: ArchiveTables): readonly string[] {
  const hasFiles = ({ node = [] }: ArchiveTables): boolean =>
    node.some((row) => row['repository_metadata'] !== '{}');
  return [
    ...(file.endsWith('0.10_null_fields.aiida') ? ['ctime', 'mtime', 'time'] : []),
    ...(hasFiles(mine) && !hasFiles(theirs) ? ['repository_metadata'] : []),
  ];
}

describe.skipIf(none !== null)('migration by AiiDA', () => {
  test('gives what we read: nodes, links, attributes, extras, files, groups, logs and comments', async () => {
    const { python } = found as AiidaVenv;
    const folder = temporaryFolder();
    const out = join(folder, 'migrated.json');
    const script = resolve(import.meta.dirname, 'migrate.py');
    const archives = chosen();
    await promisify(execFile)(python, [script, out, ...archives.map(({ path }) => path)], {
      cwd: folder,
      env: { ...process.env, AIIDA_PATH: folder, PYTHONWARNINGS: 'ignore', PYTHONDONTWRITEBYTECODE: '1' },
    });
    const migrated = JSON.parse(readFileSync(out, 'utf8')) as Readonly<Record<string, Migrated>>;
    let compared = 0;
    for (const archive of archives) {
      const theirs = migrated[archive.path] as Migrated;
      const mine = await readArchiveTables(archive.path);
      if ('refused' in theirs) {
        expect(theirs.refused).toMatch(refusals);
        continue;
      }
      compared++;
      const without = leftOut(archive, theirs.tables, mine);
      for (const name of names) {
        const { file } = archive;
        expect({ file, name, rows: values(mine[name] ?? [], name, without) }).toEqual({
          file,
          name,
          rows: values(theirs.tables[name] ?? [], name, without),
        });
      }
    }
    expect(compared).toBeGreaterThanOrEqual(10);
  });
});
