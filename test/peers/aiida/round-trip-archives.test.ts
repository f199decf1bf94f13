import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StemmaError } from '#shared/base/errors.ts';
import { readPyJson, writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { AiidaProfile, findAiida, type AiidaVenv } from '../../support/aiida.ts';
import { ArchiveTrips } from '../../support/archive-trips.ts';
import { dumpOfTables, readArchiveTables } from '../../support/archive-tables.ts';
import { expectSame, type CanonicalDump } from '../../support/canonical-dump.ts';
import { noSharedArchives, sharedArchives, type IndexedArchive } from '../../support/shared-archives.ts';
import { skipReason } from '../../support/skips.ts';

const found = await findAiida();
const none = skipReason(
  'round trips of archives of every version',
  typeof found === 'string' ? found : noSharedArchives,
);

type There = { readonly dump: CanonicalDump } | { readonly refused: string };
interface Task {
  readonly name: string;
  readonly archive: string;
  /** Where AiiDA exports what it has imported. */
  readonly again?: string;
}
/** What came of one archive that went in here and out again: a file, or why it could not come in. */
type Here = { readonly file: string } | { readonly refused: string };

/** One of each age and container; all of them where `STEMMA_ALL_ARCHIVES` is set. */
function chosen(): readonly IndexedArchive[] {
  const all = sharedArchives();
  if (process.env['STEMMA_ALL_ARCHIVES'] !== undefined) return all;
  const sample = ['0.1', '0.4', '0.12', '1.0', 'main_0000', 'main_0002'];
  return sample.flatMap(
    (version) => all.find((archive) => archive.version === version && archive.nodes >= 7) ?? [],
  );
}

describe.skipIf(none !== null)('archives of every version', () => {
  const archives = chosen();
  const first = new Map<string, There>();
  const second = new Map<string, There>();
  const direct = new Map<string, Here>();
  const overAiida = new Map<string, Here>();
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stemma-trips-'));
    const aiida = AiidaProfile.anywhere(found as AiidaVenv, folder);
    const inAiida = async (tasks: readonly Task[], into: Map<string, There>): Promise<void> => {
      const [asked, answered] = [join(folder, 'tasks.json'), join(folder, 'answers.jsonl')];
      writeFileSync(asked, JSON.stringify(tasks));
      await aiida.script('round_trips.py', asked, answered);
      for (const line of readFileSync(answered, 'utf8').trim().split('\n')) {
        const { name, ...answer } = JSON.parse(line) as There & { readonly name: string };
        into.set(name, answer);
      }
    };
    const aiidaExport = (i: number): string => join(folder, `${i}-of-aiida.aiida`);
    await inAiida(
      archives.map(({ file, path }, i) => ({ name: file, archive: path, again: aiidaExport(i) })),
      first,
    );
    const tasks: Task[] = [];
    const trips = await ArchiveTrips.inFolder(folder);
    const make = async (archive: string, name: string): Promise<Here> => {
      try {
        return await trips.make(archive, name);
      } catch (error) {
        if (error instanceof StemmaError) return { refused: `${error.code}: ${error.message}` };
        throw error;
      }
    };
    for (const [i, { file, path }] of archives.entries()) {
      const here = await make(path, `${i}-direct`);
      direct.set(file, here);
      if ('file' in here) tasks.push({ name: `${file} direct`, archive: here.file });
      const answer = first.get(file);
      if (answer === undefined || 'refused' in answer) continue;
      const again = await make(aiidaExport(i), `${i}-over-aiida`);
      overAiida.set(file, again);
      if ('file' in again) tasks.push({ name: `${file} over AiiDA`, archive: again.file });
    }
    await trips.close();
    await inAiida(tasks, second);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test.each(archives)('$file', async (archive) => {
    const { file, path } = archive;
    const here = direct.get(file) as Here;
    const original = first.get(file) as There;
    if ('refused' in here) {
      // no archive, a link into nothing, a process that still runs: refused on both sides
      expect(here.refused).toMatch(/^(?:not-an-archive|import-refused):/);
      expect(original).toHaveProperty('refused');
      expect(mayBeRefused.some((name) => file.includes(name))).toBe(true);
      return;
    }
    const back = dumpOf(second.get(`${file} direct`));
    if ('refused' in original) {
      expect(original.refused).toMatch(refusals);
      expectSame(...bothWithout(['hash'], back, asImported(dumpOfTables(await readArchiveTables(path)))));
      return;
    }
    const lost = hasFiles(back) && !hasFiles(original.dump) ? ['files', 'folders', 'hash'] : [];
    const hashed = archive.version.startsWith('0.') ? withoutHashesOfTrees : (dump: CanonicalDump) => dump;
    const without = [...lost, ...newTimes(archive)];
    expectSame(...bothWithout(without, hashed(back), hashed(original.dump)));
    expect(overAiida.get(file)).toHaveProperty('file');
    expectSame(dumpOf(second.get(`${file} over AiiDA`)), original.dump);
  });
});

/** The few archives of the collection that cannot come in, here or there. */
const mayBeRefused = ['graphs__graph1', '0.10_dangling_link', 'migrate__empty', '.github__aiida__optimade'];

/**
 * What AiiDA 2.9 does not read: versions before 0.4 and after its own, the alphas of 2.0, a link into nothing, the old
 * field of a computer under the new version; and an error of its own while it lists processes that still run.
 */
const refusals =
  /is not supported in aiida-core v2|Unknown current version '(?:1\.0|main_0002)'|unknown (?:in|out)put node|NOT NULL constraint failed: db_dbcomputer\.label|type object 'datetime/;

function dumpOf(there: There | undefined): CanonicalDump {
  if (there === undefined) throw new Error('AiiDA was not asked');
  if ('refused' in there) throw new Error(`AiiDA does not import what we wrote: ${there.refused}`);
  return there.dump;
}

/** Files in a container, as development versions of AiiDA 1.4 to 2.0 wrote them, are lost by AiiDA and read here. */
const hasFiles = ({ nodes }: CanonicalDump): boolean =>
  Object.values(nodes).some(({ files }) => Object.keys(files as object).length > 0);

/**
 * AiiDA's hash of a node with folders hangs on the order of their names in `repository_metadata` (aiida-core 2.9,
 * `Repository.hash`: only the subfolders of the folder that comes last count). Its migration has them in the order of the
 * entries of the container, which is another one in each archive of the same node; here they are sorted.
 */
const withoutHashesOfTrees = (dump: CanonicalDump): CanonicalDump => ({
  ...dump,
  nodes: Object.fromEntries(
    Object.entries(dump.nodes).map(([uuid, node]) => {
      const hasFolders =
        (node['folders'] as readonly string[]).length > 0 ||
        Object.keys(node['files'] as object).some((path) => path.includes('/'));
      return [uuid, hasFolders ? { ...node, hash: null } : node];
    }),
  ),
});

/** Times that are null get the moment of the migration, which is another one here. */
const newTimes = ({ file }: IndexedArchive): readonly string[] =>
  file.endsWith('0.10_null_fields.aiida') ? ['ctime', 'mtime', 'time'] : [];

/** As an import takes it in: AiiDA takes the extra `hidden` from a code of before 2.0. */
const asImported = (dump: CanonicalDump): CanonicalDump => ({
  ...dump,
  nodes: Object.fromEntries(
    Object.entries(dump.nodes).map(([uuid, node]) => {
      if (!String(node['nodeType']).startsWith('data.core.code.Code.')) return [uuid, node];
      const { hidden: _, ...extras } = readPyJson(String(node['extras'])) as {
        readonly [key: string]: PyJson;
      };
      return [uuid, { ...node, extras: writePyJson(extras) }];
    }),
  ),
});

function bothWithout(
  keys: readonly string[],
  a: CanonicalDump,
  b: CanonicalDump,
): readonly [CanonicalDump, CanonicalDump] {
  const cut = <T extends object>(of: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(of).map(([uuid, item]) => [
        uuid,
        Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key))) as T,
      ]),
    );
  const without = (dump: CanonicalDump): CanonicalDump => ({
    ...dump,
    nodes: cut(dump.nodes),
    groups: cut(dump.groups),
    logs: cut(dump.logs),
    comments: cut(dump.comments),
  });
  return [without(a), without(b)];
}
