import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HostVerdict } from '#main/computers/trust/host-trust.ts';
import { HostTrust } from '#main/computers/trust/host-trust.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

function blob(algorithm: string, seed: number): Buffer {
  const name = Buffer.from(algorithm);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.alloc(32, seed)]);
}

const line = (host: string, key: Buffer, algorithm = 'ssh-ed25519'): string =>
  `${host} ${algorithm} ${key.toString('base64')}\n`;

const one = blob('ssh-ed25519', 1);
const two = blob('ssh-ed25519', 2);
const rsa = blob('ssh-rsa', 3);

function setUp(ownText = '', otherText = ''): { trust: HostTrust; own: string; other: string } {
  const folder = temporaryFolder();
  const own = join(folder, 'ours');
  const other = join(folder, 'theirs');
  if (ownText !== '') writeFileSync(own, ownText);
  if (otherText !== '') writeFileSync(other, otherText);
  return { trust: new HostTrust(own, [other, join(folder, 'not-there')]), own, other };
}

const accept = async (trust: HostTrust, verdict: HostVerdict): Promise<void> => {
  if (verdict.kind === 'trusted') throw new Error('already trusted');
  await trust.accept(verdict.key);
};

describe('a host key', () => {
  test('is unknown at first, and trusted once a person has accepted it', async () => {
    const { trust, own } = setUp();
    const verdict = await trust.judge('Cluster.example.org', 22, one);
    expect(verdict).toMatchObject({ kind: 'unknown', others: [], key: { algorithm: 'ssh-ed25519' } });
    await accept(trust, verdict);
    expect((await trust.judge('cluster.example.org', 22, one)).kind).toBe('trusted');
    expect(readFileSync(own, 'utf8')).toBe(line('cluster.example.org', one));
    expect(statSync(own).mode & 0o777).toBe(0o600);
  });

  test('is kept for its port', async () => {
    const { trust, own } = setUp();
    await accept(trust, await trust.judge('host', 2222, one));
    expect((await trust.judge('host', 22, one)).kind).toBe('unknown');
    expect(readFileSync(own, 'utf8')).toBe(line('[host]:2222', one));
  });

  test('of the person’s own file is trusted too', async () => {
    const { trust } = setUp('', line('host', one));
    expect((await trust.judge('host', 22, one)).kind).toBe('trusted');
  });

  test('that has changed is told with the old one and its place', async () => {
    const { trust, other } = setUp('', `# comment\n${line('host', one)}`);
    expect(await trust.judge('host', 22, two)).toMatchObject({
      kind: 'changed',
      known: [{ algorithm: 'ssh-ed25519', source: `${other}, line 2` }],
    });
  });

  test('of another algorithm is unknown, with the known one beside it', async () => {
    const { trust } = setUp(line('host', one));
    expect(await trust.judge('host', 22, rsa)).toMatchObject({
      kind: 'unknown',
      others: [{ algorithm: 'ssh-ed25519' }],
    });
    expect(await trust.knownAlgorithms('host', 22)).toEqual(['ssh-ed25519']);
  });

  test('that is revoked anywhere is refused, also where it was accepted', async () => {
    const { trust } = setUp(line('host', one), `@revoked ${line('*', one)}`);
    expect((await trust.judge('host', 22, one)).kind).toBe('revoked');
  });

  test('of an authority alone does not make a host known', async () => {
    const { trust } = setUp('', `@cert-authority ${line('*', two)}`);
    expect((await trust.judge('host', 22, one)).kind).toBe('unknown');
  });
});

describe('a person', () => {
  test('can accept only a key that the host has shown', async () => {
    const { trust } = setUp();
    const key = { host: 'host', port: 22, algorithm: 'ssh-ed25519', fingerprint: 'SHA256:made-up' };
    await expect(trust.accept(key)).rejects.toMatchObject({ code: 'host-key-not-seen' });
  });

  test('forgets a key of our file and accepts the new one; other hosts stay', async () => {
    const { trust, own } = setUp(line('host', one) + line('another', one));
    await trust.forget('host', 22);
    await accept(trust, await trust.judge('host', 22, two));
    expect((await trust.judge('host', 22, two)).kind).toBe('trusted');
    expect(readFileSync(own, 'utf8')).toBe(line('another', one) + line('host', two));
  });

  test('forgets a key of their own file, which is not written', async () => {
    const { trust, other } = setUp('', line('host', one));
    await trust.forget('host', 22);
    const verdict = await trust.judge('host', 22, two);
    expect(verdict.kind).toBe('unknown');
    await accept(trust, verdict);
    expect((await trust.judge('host', 22, two)).kind).toBe('trusted');
    expect((await trust.judge('host', 22, one)).kind).toBe('changed');
    expect(readFileSync(other, 'utf8')).toBe(line('host', one));
  });

  test('may do several things at once', async () => {
    const { trust, own } = setUp();
    const hosts = Array.from({ length: 20 }, (_, index) => `host${index}`);
    await Promise.all(hosts.map(async (host) => accept(trust, await trust.judge(host, 22, one))));
    expect(readFileSync(own, 'utf8').trim().split('\n')).toHaveLength(20);
  });
});
