import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { ListingReader } from '#main/computers/files/listing.ts';
import { rawFromText } from '#main/computers/files/raw-path.ts';
import { retrieveFiles } from '#main/computers/files/retrieve.ts';
import type { CommandRunner } from '#main/computers/files/command-runner.ts';
import { ShellFiles } from '#main/computers/files/shell-files.ts';
import type { ListedFile, Transport } from '#main/computers/transport.ts';
import { FakeRepository } from '../fake-repository.ts';

const signal = new AbortController().signal;
const hashOf = (text: string): ObjectHash =>
  createHash('sha256').update(text).digest('hex') as string as ObjectHash;

describe('a computer that', () => {
  test('lists a name without end has given no list', () => {
    const reader = new ListingReader();
    for (let count = 0; count < 100; count++) reader.push(Buffer.from('e f 1 '.padEnd(10_000, 'x')));
    expect(reader.result()).toBeNull();
    expect(reader.broken).toBe(true);
  });

  test.each([100, 2_000_000])(
    'sends more than the %i bytes that it listed fills neither memory nor repository',
    async (size) => {
      const repository = new FakeRepository();
      const file: ListedFile = { raw: rawFromText('a'), path: 'a', size, hash: hashOf('as it was listed') };
      const read = { bytes: 0 };
      const endless = async function* (): AsyncGenerator<Uint8Array> {
        for (let count = 0; count < 500; count++) {
          read.bytes += 10_000;
          yield Buffer.alloc(10_000, 'x');
        }
      };
      const transport = {
        manifest: async () => ({ files: [file], unmatched: [], skipped: [] }),
        fetch: async (_: string, files: readonly ListedFile[], receive: Receive) => {
          for (const one of files) await receive(one, Readable.from(endless()));
        },
      } as unknown as Transport;
      const retrieval = retrieveFiles(transport, repository.asRepository(), '/work', ['*'], signal);
      await expect(retrieval).rejects.toMatchObject({ code: 'hash-mismatch', details: 'a' });
      expect(read.bytes).toBe(3 * 5_000_000);
      for (const stored of repository.objects.values()) expect(stored.length).toBeLessThanOrEqual(size);
    },
  );

  test('does not say where links lead has said nothing of them', async () => {
    const link = { exitCode: 1, stderr: 'readlink: not found' };
    const runner: CommandRunner = {
      exec: () => Promise.reject(new Error('nothing is hashed')),
      stream: async ({ what }, receive) => {
        if (what !== 'the list of files') return link;
        await receive(Buffer.from('e l 0 ./link\0'));
        return { exitCode: 0, stderr: '' };
      },
    };
    await expect(new ShellFiles(runner).manifest('/work', ['*'], signal)).rejects.toMatchObject({
      code: 'remote-tool-missing',
    });
  });

  test('talks without end about links is cut off', async () => {
    const runner: CommandRunner = {
      exec: () => Promise.reject(new Error('nothing is hashed')),
      stream: async ({ what }, receive) => {
        if (what === 'the list of files') await receive(Buffer.from('e l 0 ./link\0'));
        else for (let count = 0; count < 100; count++) await receive(Buffer.alloc(1000));
        return { exitCode: 0, stderr: '' };
      },
    };
    await expect(new ShellFiles(runner).manifest('/work', ['*'], signal)).rejects.toMatchObject({
      code: 'garbled-answer',
    });
  });
});

type Receive = (file: ListedFile, content: Readable) => Promise<void>;
