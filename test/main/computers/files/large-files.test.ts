import { createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { fetchRest } from '#main/computers/files/fetch-rest.ts';
import { byContent, placeScript } from '#main/computers/files/stage-large.ts';
import { retrieveFiles } from '#main/computers/files/retrieve.ts';
import { rawFromText } from '#main/computers/files/raw-path.ts';
import type { CommandRunner } from '#main/computers/files/command-runner.ts';
import { transportError } from '#main/computers/transport-error.ts';
import type { ListedFile, Transport, WantedFile } from '#main/computers/transport.ts';
import { operationalError } from '#shared/base/errors.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { FakeRepository } from '../fake-repository.ts';

const signal = new AbortController().signal;
const hashOf = (bytes: Uint8Array): ObjectHash =>
  createHash('sha256').update(bytes).digest('hex') as string as ObjectHash;
const listed = (bytes: Uint8Array): ListedFile => ({
  raw: rawFromText('out.dat'),
  path: 'out.dat',
  size: bytes.length,
  hash: hashOf(bytes),
});

type Receive = (file: WantedFile, content: Readable) => Promise<void>;

/** A computer with one file, which sends what it likes. */
function computer(file: ListedFile, send: (from: number) => AsyncGenerator<Uint8Array>) {
  const asked: number[] = [];
  const transport = {
    manifest: async () => ({ files: [file], unmatched: [], skipped: [] }),
    fetch: async (_: string, files: readonly WantedFile[], receive: Receive) => {
      for (const one of files) {
        asked.push(one.from ?? -1);
        const runner = {
          stream: async (__: unknown, take: (bytes: Uint8Array) => Promise<void> | void) => {
            for await (const bytes of send(one.from ?? 0)) await take(bytes);
            return { exitCode: 0, stderr: '' };
          },
        } as unknown as CommandRunner;
        await fetchRest(runner, '/work', { ...one, from: one.from ?? 0 }, receive, signal);
      }
    },
  } as unknown as Transport;
  return { transport, asked };
}

const pieces = async function* (bytes: Uint8Array, from: number, to = bytes.length): AsyncGenerator<Buffer> {
  for (let at = from; at < to; at += 1 << 16) {
    yield Buffer.from(bytes.subarray(at, Math.min(to, at + (1 << 16))));
  }
};

describe('a large file that is retrieved', () => {
  const bytes = randomBytes(9_000_000);
  const file = listed(bytes);

  test('is asked for from the byte where it was cut, and the error says what need not come again', async () => {
    const repository = new FakeRepository();
    const cut = computer(file, async function* (from) {
      yield* pieces(bytes, from, from + 4_000_000);
      throw transportError('connection-lost', { message: 'Cut.', hint: 'Wait.' });
    });
    const attempt = (): Promise<unknown> =>
      retrieveFiles(cut.transport, repository.asRepository(), '/work', ['*'], signal);
    await expect(attempt()).rejects.toMatchObject({
      code: 'connection-lost',
      message: 'Cut.',
      hint: 'Wait. 4.00 MB of the 9.00 MB of out.dat are here and do not come again.',
    });
    await expect(attempt()).rejects.toMatchObject({ code: 'connection-lost' });
    const whole = computer(file, (from) => pieces(bytes, from));
    const { files } = await retrieveFiles(whole.transport, repository.asRepository(), '/work', ['*'], signal);
    expect(files).toEqual([{ path: 'out.dat', hash: file.hash, size: file.size }]);
    expect([...cut.asked, ...whole.asked]).toEqual([0, 4_000_000, 8_000_000]);
    expect(repository.objects.get(file.hash)?.equals(bytes)).toBe(true);
    expect(repository.partials.size).toBe(0);
  });

  test('is fetched whole where what was here is not its beginning', async () => {
    const repository = new FakeRepository();
    repository.partials.set(`${file.hash}-${file.size}`, randomBytes(5_000_000));
    const { transport, asked } = computer(file, (from) => pieces(bytes, from));
    await retrieveFiles(transport, repository.asRepository(), '/work', ['*'], signal);
    expect(asked).toEqual([5_000_000, 0]);
    expect([...repository.objects.keys()]).toEqual([file.hash]);
  });

  test('that ends too early keeps what has come, and is gone on with at once', async () => {
    const repository = new FakeRepository();
    let lack = 1_000_000;
    const { transport, asked } = computer(file, (from) => {
      const to = bytes.length - lack;
      lack = 0;
      return pieces(bytes, from, to);
    });
    await retrieveFiles(transport, repository.asRepository(), '/work', ['*'], signal);
    expect(asked).toEqual([0, 8_000_000]);
  });

  test('that is longer than it was listed is not kept, and fills nothing', async () => {
    const repository = new FakeRepository();
    const other = randomBytes(10_000_000);
    const { transport } = computer(file, (from) => pieces(other, from));
    await expect(
      retrieveFiles(transport, repository.asRepository(), '/work', ['*'], signal),
    ).rejects.toMatchObject({ code: 'hash-mismatch', details: 'out.dat' });
    expect([repository.objects.size, repository.partials.size]).toEqual([0, 0]);
  });

  test('is never in memory but for a few megabytes, however slowly it is stored', async () => {
    let sent = 0;
    let taken = 0;
    let most = 0;
    const runner = {
      stream: async (_: unknown, take: (bytes: Uint8Array) => Promise<void> | void) => {
        for await (const piece of pieces(bytes, 0)) {
          sent += piece.length;
          most = Math.max(most, sent - taken);
          await take(piece);
        }
        return { exitCode: 0, stderr: '' };
      },
    } as unknown as CommandRunner;
    const receive: Receive = async (_, content) => {
      for await (const chunk of content) {
        for (let count = 0; count < 20; count++) await turn();
        taken += (chunk as Uint8Array).length;
      }
    };
    await fetchRest(runner, '/work', { ...file, from: 0 }, receive, signal);
    expect(taken).toBe(bytes.length);
    expect(most).toBeLessThan(4_000_000);
  });

  test('is heard of where it cannot be stored, and the computer is asked no more', async () => {
    const full = new FakeRepository();
    full.resume = async () => ({
      at: 0,
      append: async () => {
        throw operationalError({ code: 'disk-full', message: 'Full.' });
      },
      finish: () => Promise.reject(new Error('not asked')),
      release: async () => {},
    });
    let sent = 0;
    const { transport } = computer(file, async function* () {
      for (;;) {
        yield Buffer.alloc(1 << 16);
        sent += 1 << 16;
        await turn();
      }
    });
    await expect(retrieveFiles(transport, full.asRepository(), '/work', ['*'], signal)).rejects.toMatchObject(
      { code: 'local-disk-full' },
    );
    expect(sent).toBeLessThan(20_000_000);
  });
});

describe('large files that are uploaded', () => {
  const file = (path: string, executable = false) => ({
    path,
    hash: hashOf(Buffer.from('content')),
    size: 9_000_000,
    executable,
  });

  test('are sent once for each content, and put to all their places', () => {
    const [one, two, other] = [file('a/it’s'), file('b c'), { ...file('c'), hash: hashOf(Buffer.from('2')) }];
    expect(byContent([one, other, two])).toEqual([[one, two], [other]]);
    const staged = [
      { file: one, name: 'x.1' },
      { file: two, name: 'x.1' },
      { file: { ...other, executable: true }, name: 'y.1' },
    ];
    const lines = placeScript('/scratch/a1', staged).split('\n');
    expect(lines).toEqual([
      "p='/scratch/a1.part'",
      "mkdir -p './a' && cp \"$p\"/x.1 './a/it’s' && chmod 644 './a/it’s' || exit 1",
      "mkdir -p './.' && mv -f \"$p\"/x.1 './b c' && chmod 644 './b c' || exit 1",
      "mkdir -p './.' && mv -f \"$p\"/y.1 './c' && chmod 755 './c' || exit 1",
      'rm -rf "$p"',
      '',
    ]);
    expect(placeScript('/scratch/a1', [])).toBe('');
  });
});
