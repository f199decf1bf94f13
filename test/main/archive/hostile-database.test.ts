import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { ForeignClient } from '#main/archive/aiida/foreign/foreign-client.ts';
import { forkChild, type Peer } from '#main/isolate/peer.ts';
import { holdPeer, peerOverPort } from '#main/isolate/peer-over-port.ts';
import { residentMemory } from '#main/isolate/resident-memory.ts';
import { seededRandom } from '#shared/base/random.ts';
import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const limits = { openMs: 60_000, pageMs: 60_000, memoryBytes: 1e9 };
const forkReader = (): Peer => forkChild(residentMemory)('foreign-child');

/** A small database with a few pages of everything. */
function goodDatabase(): Buffer {
  const builder = new ArchiveBuilder();
  for (let i = 0; i < 200; i++) builder.calculation();
  builder.group('all', [1, 2, 3]);
  builder.log(1, 'a line');
  return builder.databaseBytes();
}

/** Reads everything there is; null where all went well. */
async function readAll(bytes: Uint8Array, startReader: () => Peer): Promise<ErrorInfo | null> {
  const file = join(temporaryFolder(), 'db.sqlite3');
  writeFileSync(file, bytes);
  const client = new ForeignClient(startReader(), limits);
  try {
    await client.open(file);
    await client.counts();
    for (const table of ['users', 'nodes', 'links', 'groupNodes', 'logs'] as const) {
      for await (const page of client.pages(table)) expect(page.length).toBeGreaterThan(0);
    }
    return null;
  } catch (error) {
    return errorInfo(error);
  } finally {
    client.close();
  }
}

describe('a database from a stranger', () => {
  test('is read by a process of its own, also one that the main thread holds', async () => {
    const bytes = goodDatabase();
    expect(await readAll(bytes, forkReader)).toBe(null);
    const overPort = (): Peer => {
      const { port1, port2 } = new MessageChannel();
      holdPeer(forkReader(), port1);
      return peerOverPort(port2);
    };
    expect(await readAll(bytes, overPort)).toBe(null);
  });

  test('that says it has a log beside it is read without one', async () => {
    const builder = new ArchiveBuilder();
    builder.calculation();
    builder.db.pragma('journal_mode = WAL');
    const bytes = builder.databaseBytes();
    expect(bytes[18]).toBe(2);
    expect(await readAll(bytes, forkReader)).toBe(null);
  });

  test('is refused where it can run something, or is none', async () => {
    const builder = new ArchiveBuilder();
    builder.calculation();
    builder.db.exec('CREATE TRIGGER evil AFTER INSERT ON db_dbnode BEGIN SELECT 1; END');
    expect(await readAll(builder.databaseBytes(), forkReader)).toMatchObject({
      code: 'archive-unsafe',
      subject: 'evil',
    });
    expect(await readAll(Buffer.from('nothing'), forkReader)).toMatchObject({
      code: 'archive-damaged',
    });
    expect(await readAll(Buffer.alloc(5000), forkReader)).toMatchObject({ code: 'archive-damaged' });
    const utf16 = join(temporaryFolder(), 'utf16');
    const db = new Database(utf16);
    db.pragma(`encoding = 'UTF-16le'`);
    db.exec('CREATE TABLE x (a)');
    db.close();
    expect(await readAll((await import('node:fs')).readFileSync(utf16), forkReader)).toMatchObject({
      code: 'archive-unsafe',
    });
  });

  test('gives an answer in words, whatever bytes of it are changed', async () => {
    const good = goodDatabase();
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = seededRandom(seed);
    const seen = new Set<string>();
    for (let round = 0; round < 40; round++) {
      const bytes = Buffer.from(good);
      for (let n = Math.ceil(random.next() * 30); n > 0; n--) {
        // mostly in the first pages, where the schema is
        const reach = random.next() < 0.5 ? 4096 * 3 : bytes.length;
        bytes[Math.floor(random.next() * reach)] = Math.floor(random.next() * 256);
      }
      const error = await readAll(bytes, forkReader);
      const codes = ['archive-damaged', 'archive-unsafe', 'archive-too-large', 'archive-reader-stopped'];
      if (error !== null)
        expect({ seed, round, known: codes.includes(error.code), error }).toMatchObject({ known: true });
      seen.add(error?.code ?? 'read');
    }
    expect(seen.size).toBeGreaterThan(1);
  });
});

describe('the process that reads', () => {
  const fake = (over: Partial<Peer>): Peer => ({
    post: () => undefined,
    onMessage: () => undefined,
    onExit: () => undefined,
    kill: () => undefined,
    memory: () => null,
    ...over,
  });

  test('is killed when it does not answer in time', async () => {
    let killed = 0;
    const client = new ForeignClient(fake({ kill: () => (killed += 1) }), { ...limits, openMs: 20 });
    await expect(client.open('x')).rejects.toMatchObject({ code: 'archive-reader-stopped' });
    expect(killed).toBe(1);
    await expect(client.counts()).rejects.toMatchObject({ code: 'archive-reader-stopped' });
  });

  test('is killed when it takes too much memory, also one that the main thread holds', async () => {
    const greedy = (kill: () => void): Peer => fake({ kill, memory: () => 2e9 });
    for (const held of [false, true]) {
      const killed = Promise.withResolvers<void>();
      const { port1, port2 } = new MessageChannel();
      if (held) holdPeer(greedy(killed.resolve), port1);
      const client = new ForeignClient(held ? peerOverPort(port2) : greedy(killed.resolve), limits);
      await expect(client.open('x')).rejects.toMatchObject({
        code: 'archive-reader-stopped',
        message: expect.stringContaining('2000 MB of memory') as string,
      });
      await killed.promise;
      port1.close();
    }
  });

  test('may die at any moment, and is reported', async () => {
    const child = forkReader();
    const client = new ForeignClient(child, limits);
    const opening = client.open(join(temporaryFolder(), 'nothing'));
    child.kill();
    await expect(opening).rejects.toMatchObject({ code: 'archive-reader-stopped' });
  });
});

test('whoever leaves the pages of a table early may ask something else', async () => {
  const builder = new ArchiveBuilder();
  for (let i = 0; i < 600; i++) builder.node();
  const file = join(temporaryFolder(), 'db.sqlite3');
  writeFileSync(file, builder.databaseBytes());
  const client = new ForeignClient(forkReader(), limits);
  try {
    await client.open(file);
    let first = 0;
    for await (const page of client.pages('nodes')) {
      first = page.length;
      break;
    }
    expect(first).toBeLessThan(600);
    expect(await client.counts()).toMatchObject({ nodes: 600 });
    let all = 0;
    for await (const page of client.pages('nodes')) all += page.length;
    expect(all).toBe(600);
  } finally {
    client.close();
  }
});

test('what is only counted need not be fit to be read', async () => {
  const builder = new ArchiveBuilder();
  builder.node({ label: 'x'.repeat(20_000) });
  const archive = await builder.write();
  const { archiveInfo } = await import('#main/archive/archive-info.ts');
  const info = await archiveInfo(archive, temporaryFolder(), new AbortController().signal);
  expect(info.nodes).toBe(1);
  expect(await readAll(builder.databaseBytes(), forkReader)).toMatchObject({ code: 'archive-too-large' });
});

test('an archive leaves nothing in the cache when it is refused', async () => {
  const { archiveInfo } = await import('#main/archive/archive-info.ts');
  const builder = new ArchiveBuilder();
  builder.db.exec('CREATE VIEW evil AS SELECT 1');
  const file = await builder.write();
  const cache = temporaryFolder();
  await expect(archiveInfo(file, cache, new AbortController().signal)).rejects.toMatchObject({
    code: 'archive-unsafe',
  });
  expect(readdirSync(cache)).toEqual([]);
});
