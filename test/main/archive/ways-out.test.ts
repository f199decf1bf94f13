import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text as streamText } from 'node:stream/consumers';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { openPromise } from 'yauzl';
import { describe, expect, test } from 'vitest';
import { safeName } from '#main/archive/ways-out/safe-name.ts';
import { FolderSink } from '#main/archive/ways-out/tree-sink.ts';
import { TreeNames } from '#main/archive/ways-out/tree-names.ts';
import { ObjectReader } from '#main/repository/object-reader.ts';
import { layoutOf } from '#main/repository/layout.ts';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import type { WayOut } from '#shared/contract/areas/ways-out.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { archiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';

const everything: ExportSelection = { what: { kind: 'all' }, rules: {}, logs: true, comments: true };
const crate: WayOut = { kind: 'crate', packed: false, title: '', description: '', licence: '' };
const folders: WayOut = { kind: 'folders', packed: false };

interface Study {
  readonly profile: ArchiveTestProfile;
  readonly workflow: string;
  readonly job: string;
}

/** A workflow that calls a job and a function; names that are meant to lead astray. */
async function study(): Promise<Study> {
  const builder = new ArchiveBuilder();
  const input = builder.node({ attributes: '{"value": 123456789012345678901}' });
  const evil = builder.node({
    nodeType: NodeType.folder,
    label: '../../etc',
    attributes: '{}',
    files: { 'a:b?.txt': 'odd', 'A:B?.txt': 'odd too', CON: 'device', '..\\..\\x': 'back' },
  });
  const chain = builder.node({ nodeType: NodeType.workChain, label: 'a/b' });
  const job = builder.node({ nodeType: NodeType.calcJob, files: { 'aiida.in': 'in' } });
  const retrieved = builder.node({
    nodeType: NodeType.folder,
    attributes: '{}',
    files: { 'aiida.out': 'energy' },
  });
  const later = builder.node({
    nodeType: NodeType.calcFunction,
    attributes: '{"sealed": true, "process_state": "finished", "exit_status": 3, "exit_message": "no"}',
    files: { source_file: 'def f(): pass' },
  });
  const result = builder.node({ attributes: '{"value": 1.0}', nodeType: NodeType.float });
  builder.link(input, chain, 'input_work', 'x');
  builder.link(evil, chain, 'input_work', 'files');
  builder.link(input, job, 'input_calc', 'x');
  builder.link(evil, job, 'input_calc', 'files');
  builder.link(chain, job, 'call_calc', 'scf');
  builder.link(job, retrieved, 'create', 'retrieved');
  builder.link(chain, later, 'call_calc', 'CALL');
  builder.link(retrieved, later, 'input_calc', 'folder');
  builder.link(later, result, 'create', 'result');
  builder.link(chain, result, 'return', 'result');
  builder.group('study', [chain, result]);
  builder.log(chain, 'began');
  const profile = await archiveProfile();
  await profile.archives.import(await builder.write(), null);
  const uuid = (id: number): string => builder.uuids[id - 1] ?? '';
  return { profile, workflow: uuid(chain), job: uuid(job) };
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();

interface Graph {
  readonly '@graph': readonly (Readonly<Record<string, unknown>> & { readonly '@id': string })[];
}

function* references(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const one of value) yield* references(one);
  else if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 1 && keys[0] === '@id') yield String((value as { '@id': unknown })['@id']);
    else for (const one of Object.values(value)) yield* references(one);
  }
}

describe('a crate', () => {
  test('describes each of its files, and everything that it refers to', async () => {
    const { profile } = await study();
    const file = join(profile.folder, 'crate');
    const report = await profile.archives.writeWayOut({ selection: everything, form: crate, file });
    const { '@graph': graph } = JSON.parse(
      readFileSync(join(file, 'ro-crate-metadata.json'), 'utf8'),
    ) as Graph;
    const ids = new Set(graph.map((one) => one['@id']));
    expect(ids.size).toBe(graph.length);
    const outside = graph
      .flatMap((one) => [...references(Object.values(one))])
      .filter((id) => !ids.has(id) && !id.startsWith('http'));
    expect(outside).toEqual([]);
    const there = filesIn(file);
    expect(there.length).toBe(report.files);
    for (const name of there) {
      expect([...ids]).toContain(name.split('/').map(encodeURIComponent).join('/'));
    }
    for (const one of graph.filter((entity) => typeof entity['sha256'] === 'string')) {
      const bytes = readFileSync(join(file, ...one['@id'].split('/').map(decodeURIComponent)));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(one['sha256']);
    }
  });

  test('keeps the digits of a long number, and says how each run ended', async () => {
    const { profile } = await study();
    const file = join(profile.folder, 'crate');
    await profile.archives.writeWayOut({ selection: everything, form: crate, file });
    const metadata = readFileSync(join(file, 'ro-crate-metadata.json'), 'utf8');
    expect(metadata).toContain('123456789012345678901');
    const { '@graph': graph } = JSON.parse(metadata) as Graph;
    const failed = graph.filter((one) => one['actionStatus'] === 'http://schema.org/FailedActionStatus');
    expect(failed.map((one) => one['error'])).toEqual(['finished with exit status 3: no']);
  });

  test('is the same in a zip as in a folder', async () => {
    const { profile } = await study();
    const [folder, zip] = [join(profile.folder, 'crate'), join(profile.folder, 'crate.zip')];
    await profile.archives.writeWayOut({ selection: everything, form: crate, file: folder });
    await profile.archives.writeWayOut({
      selection: everything,
      form: { ...crate, packed: true },
      file: zip,
    });
    const read = await openPromise(zip);
    const packed = new Map<string, string>();
    for await (const entry of read.eachEntry()) {
      if (!entry.fileName.endsWith('/'))
        packed.set(entry.fileName, await streamText(await read.openReadStreamPromise(entry)));
    }
    const same = (name: string): boolean => !['README.md', 'ro-crate-metadata.json'].includes(name);
    expect([...packed.keys()].toSorted()).toEqual(filesIn(folder));
    for (const [name, text] of packed) {
      if (same(name))
        expect({ name, text }).toEqual({ name, text: readFileSync(join(folder, name), 'utf8') });
    }
  });
});

describe('folders for people', () => {
  test('have the steps of a workflow in the order in which they ran, with inputs and outputs', async () => {
    const { profile, workflow } = await study();
    const file = join(profile.folder, 'people');
    const selection = { ...everything, what: { kind: 'nodes' as const, uuids: [workflow] } };
    await profile.archives.writeWayOut({ selection, form: folders, file });
    const names = filesIn(file);
    const [first = '', second = ''] = readdirSync(file)
      .filter((name) => /^\d\d-/.test(name))
      .toSorted();
    expect([first.slice(0, 7), second.slice(0, 3)]).toEqual(['01-scf-', '02-']);
    expect(names).toEqual(
      expect.arrayContaining([
        'README.md',
        'aiida_node_metadata.yaml',
        'log.txt',
        `${first}/inputs/aiida.in`,
        `${first}/outputs/aiida.out`,
        `${first}/node_inputs/x.json`,
        `${second}/source_file`,
        `${second}/node_outputs/result.json`,
      ]),
    );
    expect(readFileSync(join(file, first, 'node_inputs/x.json'), 'utf8')).toBe(
      '{"value": 123456789012345678901}\n',
    );
    const metadata: unknown = JSON.parse(readFileSync(join(file, 'aiida_node_metadata.yaml'), 'utf8'));
    expect(metadata).toMatchObject({ 'Node data': { uuid: workflow } });
  });

  test('names that lead elsewhere or clash become plain ones, and every file is there once', async () => {
    const { profile } = await study();
    const file = join(profile.folder, 'people');
    await profile.archives.writeWayOut({ selection: everything, form: folders, file });
    expect(readdirSync(profile.folder)).not.toContain('etc');
    const odd = filesIn(file).filter((name) => name.includes('node_inputs/files/'));
    const inOne = odd.filter((name) => name.includes('01-scf')).map((name) => name.split('/').at(-1));
    expect(inOne.toSorted()).toEqual(['.._.._x', 'A_B_~2.txt', '_CON', 'a_b_.txt'].toSorted());
  });
});

test('PROV-JSON has each relation once, and every end of one is a node of the document', async () => {
  const { profile } = await study();
  const file = join(profile.folder, 'prov.json');
  await profile.archives.writeWayOut({ selection: everything, form: { kind: 'prov' }, file });
  const prov = JSON.parse(readFileSync(file, 'utf8')) as Record<
    string,
    Record<string, Record<string, string>>
  >;
  const known = new Set(['entity', 'activity', 'agent'].flatMap((name) => Object.keys(prov[name] ?? {})));
  const sizes: Record<string, number> = {};
  for (const [name, members] of Object.entries(prov)) {
    if (['prefix', 'entity', 'activity', 'agent'].includes(name)) continue;
    sizes[name] = Object.keys(members).length;
    for (const relation of Object.values(members)) {
      const ends = [
        'entity',
        'activity',
        'agent',
        'informed',
        'informant',
        'influencee',
        'influencer',
        'collection',
      ]
        .map((end) => relation[`prov:${end}`])
        .filter((end) => end !== undefined);
      expect(ends.length).toBe(2);
      for (const end of ends) expect(known).toContain(end);
    }
  }
  expect(sizes).toMatchObject({ used: 5, wasGeneratedBy: 2, wasInformedBy: 2, wasInfluencedBy: 1 });
});

describe.each([
  ['a crate', crate],
  ['a packed crate', { ...crate, packed: true }],
  ['folders', folders],
] as const)('%s', (_name, form) => {
  test('that is cut off or meets a damaged file leaves nothing behind', async () => {
    const { profile } = await study();
    const file = join(profile.folder, 'out');
    const before = readdirSync(profile.folder);
    const signal = AbortSignal.abort(new Error('no more'));
    await expect(
      profile.archives.writeWayOut({ selection: everything, form, file }, { signal }),
    ).rejects.toThrow('no more');
    const db = new Database(layoutOf(profile.repository.root).index);
    db.exec('UPDATE contents SET content = zeroblob(length(content))');
    db.close();
    await expect(profile.archives.writeWayOut({ selection: everything, form, file })).rejects.toMatchObject({
      code: 'object-damaged',
    });
    expect(readdirSync(profile.folder).filter((name) => !before.includes(name) && name !== 'cache')).toEqual(
      [],
    );
  });
});

test('every folder of a tree is made durable, each before the one that it is in', async () => {
  const { profile } = await study();
  const root = join(profile.folder, 'tree');
  const synced: string[] = [];
  const objects = new ObjectReader(profile.repository.root);
  const sink = new FolderSink(root, objects, (directory) => void synced.push(directory));
  await sink.text('a/b/c.txt', 'c');
  await sink.text('a/d/e.txt', 'e');
  sink.folder('empty/one');
  expect(synced).toEqual([]);
  sink.finish();
  objects.close();
  const places = ['', 'a', 'a/b', 'a/d', 'empty', 'empty/one'].map((name) => join(root, name));
  expect(synced.toSorted()).toEqual(places);
  for (const place of places) {
    const inside = synced.filter((one) => one.startsWith(`${place}/`));
    for (const one of inside) expect(synced.indexOf(one)).toBeLessThan(synced.indexOf(place));
  }
});

test('a folder that is there is never replaced', async () => {
  const { profile } = await study();
  await expect(
    profile.archives.writeWayOut({ selection: everything, form: folders, file: profile.folder }),
  ).rejects.toMatchObject({ code: 'folder-exists' });
  expect(statSync(profile.database).size).toBeGreaterThan(0);
});

describe('safe names', () => {
  test('are one step of a path, short, and the same for the same name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 400 })), (name) => {
        const safe = safeName(name);
        expect(safe).toBe(safeName(name));
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(80);
        expect(['', '.', '..']).not.toContain(safe);
        // oxlint-disable-next-line no-control-regex
        expect(safe).not.toMatch(/[/\\:*?"<>|\u0000-\u001F\u007F]|[ .]$/);
      }),
    );
  });

  test('of different paths never meet, whatever the case of their letters', () => {
    const part = fc.constantFrom('a', 'A', 'a?', 'a_', 'CON', '..', 'b.txt', 'B.TXT', 'b:txt');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.array(part, { minLength: 1, maxLength: 3 }).map((p) => p.join('/'))),
        (paths) => {
          const names = new TreeNames();
          const files = paths.filter((path) => !paths.some((other) => other.startsWith(`${path}/`)));
          const placed = files.map((path) => names.place(path).toLowerCase());
          expect(new Set(placed).size).toBe(placed.length);
          for (const path of placed) expect(placed.some((other) => other.startsWith(`${path}/`))).toBe(false);
        },
      ),
    );
  });
});
