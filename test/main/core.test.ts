import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectClient } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { openCore } from '#main/core.ts';

let profileDirectory: string;
beforeEach(() => {
  profileDirectory = mkdtempSync(join(tmpdir(), 'stemma-core-'));
});
afterEach(() => rmSync(profileDirectory, { recursive: true, force: true }));

const open = () => openCore({ profileDirectory, shell: 'none' });
const database = (): string => join(profileDirectory, 'stemma.sqlite');

describe('while another connection writes, as an import does,', () => {
  test('what only looks is answered, and what writes waits for its turn instead of failing', async () => {
    const core = await open();
    const [here, there] = memoryPair();
    core.serve(there);
    const client = connectClient<Contract>(here);
    const [computer] = await core.computers.rows();
    const uuid = computer?.uuid ?? '';
    const code = await client.call('codes.create', { label: 'sh', computer: uuid, executable: '/bin/sh' });

    const other = new Database(database());
    other.exec('BEGIN IMMEDIATE');
    const preview = await client.call('launch.preview', {
      plugin: 'core.shell',
      inputs: { code: { kind: 'node', uuid: code.uuid } },
    });
    expect(preview.issues).toEqual([]);
    const done: string[] = [];
    const writes = Promise.all([
      client.call('computers.pause', { uuid }).then(() => done.push('paused')),
      client.call('codes.setHidden', { uuid: code.uuid, hidden: true }).then(() => done.push('hidden')),
      client
        .call('codes.create', { label: 'bash', computer: uuid, executable: '/bin/bash' })
        .then(() => done.push('created')),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(done).toEqual([]);
    other.exec('COMMIT');
    other.close();
    await writes;
    expect(done.toSorted()).toEqual(['created', 'hidden', 'paused']);
    client.close();
    await core.close();
  });
});

describe('a core that cannot open its profile', () => {
  test('lets go of it again, so that it opens once the reason is gone', async () => {
    await (await open()).close();
    const good = readFileSync(database());
    for (const name of ['stemma.sqlite-wal', 'stemma.sqlite-shm']) {
      rmSync(join(profileDirectory, name), { force: true });
    }
    writeFileSync(database(), 'this is no database at all, and never was one. '.repeat(100));
    await expect(open()).rejects.toMatchObject({ name: 'StemmaError' });
    writeFileSync(database(), good);
    await (await open()).close();
  });
});

test('a core may be closed twice, and a profile is free after that', async () => {
  const core = await open();
  await Promise.all([core.close(), core.close()]);
  await (await open()).close();
});
