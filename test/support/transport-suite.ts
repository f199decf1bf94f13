import { createHash, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { Transport, UploadFile, WantedFile } from '#main/computers/transport.ts';

export interface TransportPlace {
  readonly transport: Transport;
  /** A folder that this machine and the other side see alike. */
  readonly root: string;
}

const hashOf = (bytes: Uint8Array): ObjectHash =>
  createHash('sha256').update(bytes).digest('hex') as string as ObjectHash;

const signal = new AbortController().signal;

/** Puts files there behind the transport's back. */
function make(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

async function upload(
  { transport }: TransportPlace,
  directory: string,
  contents: Readonly<Record<string, Uint8Array>>,
  options: { readonly keepIf?: readonly string[]; readonly wrong?: boolean } = {},
): Promise<{ readonly kept: boolean }> {
  const files = Object.entries(contents).map(([path, bytes]): UploadFile => ({
    path,
    hash: options.wrong === true ? hashOf(Buffer.from('something else')) : hashOf(bytes),
    size: bytes.length,
    executable: path.endsWith('.sh'),
  }));
  return await transport.upload({
    directory,
    files,
    open: ({ path }, range) =>
      Readable.from([Buffer.from(contents[path] ?? []).subarray(range?.start, range?.end)]),
    keepIf: options.keepIf ?? [],
    signal,
  });
}

async function fetchAll(
  { transport }: TransportPlace,
  directory: string,
  files: readonly WantedFile[],
): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  await transport.fetch(
    directory,
    files,
    async ({ path }, content) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(chunk as Uint8Array);
      found.set(path, Buffer.concat(chunks));
    },
    signal,
  );
  return found;
}

/** What every transport must do alike. `place` is called in each test. */
export function describeTransport(name: string, place: () => TransportPlace): void {
  let count = 0;
  const folder = (at: TransportPlace): string => join(at.root, `t${count++}`);

  describe(`${name}: a command`, () => {
    test('gives its output, standard error and exit code', async () => {
      const { transport } = place();
      const answer = await transport.exec({
        what: 'a test',
        script: 'cat; echo two >&2; exit 5',
        input: Buffer.from('one'),
      });
      expect(answer).toMatchObject({ exitCode: 5, stdout: 'one', stderr: 'two\n', noise: '' });
    });

    test('gets its input from a stream, and need not read it', async () => {
      const { transport } = place();
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (;;) yield Buffer.alloc(100_000);
      }
      const answer = await transport.exec({ what: 'a test', script: 'head -c 10 | wc -c', input: endless() });
      expect(Number(answer.stdout)).toBe(10);
    });

    test('that begins something in the background is not waited for', async () => {
      const { transport } = place();
      const answer = await transport.exec({ what: 'a test', script: 'sleep 900 >/dev/null 2>&1 & echo $!' });
      // fails where it has ended already
      execFileSync('kill', [answer.stdout.trim()]);
    });

    test('that prints too much is cut off', async () => {
      const { transport } = place();
      const wish = { what: 'a test', script: 'yes', maxOutput: 1_000_000 };
      await expect(transport.exec(wish)).rejects.toMatchObject({ code: 'output-too-large' });
    });

    test('that says nothing for too long is given up', async () => {
      const { transport } = place();
      const wish = { what: 'a test', script: 'sleep 60', silenceMs: 200 };
      await expect(transport.exec(wish)).rejects.toMatchObject({ code: 'timeout' });
    });

    test('can be cancelled', async () => {
      const { transport } = place();
      const abort = new AbortController();
      const wish = transport.exec({ what: 'a test', script: 'sleep 60', signal: abort.signal });
      setTimeout(() => abort.abort(new Error('no longer wanted')), 100);
      await expect(wish).rejects.toThrow('no longer wanted');
      await expect(
        transport.exec({ what: 'a test', script: 'echo no', signal: abort.signal }),
      ).rejects.toThrow('no longer wanted');
    });

    test('many at once do not get mixed up', async () => {
      const { transport } = place();
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          transport.exec({
            what: 'a test',
            script: `echo ${index}; cat`,
            input: Buffer.alloc(50_000, 65 + index),
          }),
        ),
      );
      for (const [index, { stdout }] of answers.entries()) {
        expect(stdout).toBe(`${index}\n${String.fromCharCode(65 + index).repeat(50_000)}`);
      }
    });
  });

  describe(`${name}: files`, () => {
    test('go there with their bytes, modes and odd names, into a folder that holds nothing else', async () => {
      const at = place();
      const directory = join(folder(at), `it's a "folder" $HOME`, 'ü');
      make(directory, { 'left over.txt': 'old' });
      const contents = {
        'run.sh': Buffer.from('#!/bin/sh\n'),
        'deep/er/file.bin': randomBytes(3_000_000),
        empty: Buffer.alloc(0),
        ' blank at both ends ': Buffer.from('1'),
        '-rf': Buffer.from('2'),
        'new\nline': Buffer.from('3'),
        'back\\slash': Buffer.from('4'),
        'quote\'quote"': Buffer.from('5'),
        'naïve – 日本語': Buffer.from('6'),
        [`${'long'.repeat(30)}/${'name'.repeat(50)}`]: Buffer.from('7'),
      };
      expect(await upload(at, directory, contents)).toEqual({ kept: false });
      for (const [path, bytes] of Object.entries(contents)) {
        expect([path, readFileSync(join(directory, path)).equals(bytes)]).toEqual([path, true]);
      }
      expect(statSync(join(directory, 'run.sh')).mode & 0o111).not.toBe(0);
      expect(statSync(join(directory, 'empty')).mode & 0o111).toBe(0);
      const all = await at.transport.manifest(directory, ['*'], signal);
      expect(all.files.map(({ path }) => path).toSorted()).toEqual(Object.keys(contents).toSorted());
    });

    test('that do not arrive as they should are noticed', async () => {
      const at = place();
      await expect(upload(at, folder(at), { a: Buffer.from('text') }, { wrong: true })).rejects.toMatchObject(
        { code: 'hash-mismatch' },
      );
    });

    test('do not go into a folder from which a job was submitted', async () => {
      const at = place();
      const directory = folder(at);
      make(directory, { '.submit/rc': '0', 'input.txt': 'as it was' });
      const done = await upload(
        at,
        directory,
        { 'input.txt': Buffer.from('other') },
        { keepIf: ['.submit'] },
      );
      expect(done).toEqual({ kept: true });
      expect(readFileSync(join(directory, 'input.txt'), 'utf8')).toBe('as it was');
    });

    test('come back by name, pattern and folder; what matches nothing is told', async () => {
      const at = place();
      const directory = folder(at);
      make(directory, {
        'a.txt': 'a',
        'b.txt': 'b',
        'b.log': 'c',
        '.hidden': 'd',
        'out/x.xml': 'e',
        'out/deep/y.xml': 'f',
        'out/.secret': 'g',
        'file[1].txt': 'h',
      });
      const cases: readonly (readonly [readonly string[], readonly string[], readonly string[]])[] = [
        [['a.txt'], ['a.txt'], []],
        [['*.txt'], ['a.txt', 'b.txt', 'file[1].txt'], []],
        [['?.txt'], ['a.txt', 'b.txt'], []],
        [['[!a].*'], ['b.log', 'b.txt'], []],
        [['out'], ['out/.secret', 'out/deep/y.xml', 'out/x.xml'], []],
        [['out/'], ['out/.secret', 'out/deep/y.xml', 'out/x.xml'], []],
        [['out/*.xml'], ['out/x.xml'], []],
        [['*/*/*.xml'], ['out/deep/y.xml'], []],
        [['.hidden'], ['.hidden'], []],
        [['.*'], ['.hidden'], []],
        [['none', '*.none', 'a.txt'], ['a.txt'], ['none', '*.none']],
        [['a.txt', 'a*', '*.txt'], ['a.txt', 'b.txt', 'file[1].txt'], []],
        [[], [], []],
      ];
      for (const [patterns, files, unmatched] of cases) {
        const manifest = await at.transport.manifest(directory, patterns, signal);
        expect([patterns, manifest.files.map(({ path }) => path).toSorted(), manifest.unmatched]).toEqual([
          patterns,
          files,
          unmatched,
        ]);
      }
    });

    test('that are links are followed within the folder, and where a person names them', async () => {
      const at = place();
      const directory = folder(at);
      const outside = folder(at);
      make(outside, { 'secret.txt': 'outside', 'sub/one.txt': '1' });
      make(directory, { 'real.txt': 'inside' });
      symlinkSync('real.txt', join(directory, 'inside-link'));
      symlinkSync(join(outside, 'secret.txt'), join(directory, 'outside-link'));
      symlinkSync('not there', join(directory, 'dangling'));
      symlinkSync('loop', join(directory, 'loop'));
      symlinkSync(join(outside, 'sub'), join(directory, 'folder-link'));
      symlinkSync(outside, join(directory, 'z'));
      symlinkSync('z/secret.txt', join(directory, 'sly-link'));
      const all = await at.transport.manifest(directory, ['*'], signal);
      expect(all.files.map(({ path, size }) => [path, size]).toSorted()).toEqual([
        ['inside-link', 6],
        ['real.txt', 6],
      ]);
      expect(all.skipped.map(({ path }) => path).toSorted()).toEqual([
        'dangling',
        'folder-link',
        'loop',
        'outside-link',
        'sly-link',
        'z',
      ]);
      const named = await at.transport.manifest(directory, ['outside-link', 'folder-link'], signal);
      expect(named.files.map(({ path }) => path).toSorted()).toEqual(['folder-link/one.txt', 'outside-link']);
      const back = await fetchAll(at, directory, named.files);
      expect(String(back.get('outside-link'))).toBe('outside');
      expect(String(back.get('folder-link/one.txt'))).toBe('1');
    });

    test('that are pipes are skipped, and nobody waits for them', async () => {
      const at = place();
      const directory = folder(at);
      make(directory, { 'a.txt': 'a' });
      execFileSync('mkfifo', [join(directory, 'pipe')]);
      const all = await at.transport.manifest(directory, ['*'], signal);
      expect(all.files.map(({ path }) => path)).toEqual(['a.txt']);
      expect(all.skipped).toEqual([{ path: 'pipe', why: 'it is no regular file' }]);
    });

    test('with the same content under two names (hard links) come back both', async () => {
      const at = place();
      const directory = folder(at);
      make(directory, { one: 'same' });
      linkSync(join(directory, 'one'), join(directory, 'two'));
      const { files } = await at.transport.manifest(directory, ['*'], signal);
      const back = await fetchAll(at, directory, files);
      expect([...back].map(([path, bytes]) => [path, String(bytes)]).toSorted()).toEqual([
        ['one', 'same'],
        ['two', 'same'],
      ]);
    });

    test('whose names are no text come back under names that can be read', async () => {
      const at = place();
      const directory = folder(at);
      mkdirSync(directory, { recursive: true });
      writeFileSync(Buffer.concat([Buffer.from(`${directory}/x`), Buffer.from([0xff, 0xfe])]), 'odd');
      const { files } = await at.transport.manifest(directory, ['*'], signal);
      expect(files.map(({ path }) => path)).toEqual(['x\\xff\\xfe']);
      expect(String((await fetchAll(at, directory, files)).get('x\\xff\\xfe'))).toBe('odd');
    });

    test('of any bytes and names make the round trip', async () => {
      const at = place();
      const name = fc
        .string({ unit: fc.constantFrom(...'abü\'"$ \n\\*-?[]!#~日'), minLength: 1, maxLength: 12 })
        .filter((text) => text !== '.' && text !== '..');
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 2000 })), {
            selector: ([path]) => path,
            minLength: 1,
            maxLength: 12,
          }),
          async (entries) => {
            const directory = folder(at);
            const contents = Object.fromEntries(entries);
            await upload(at, directory, contents);
            // what has a name that a pattern cannot be is found by the pattern of everything
            const { files } = await at.transport.manifest(directory, ['*', '.[!.]*', '..?*'], signal);
            const back = await fetchAll(at, directory, files);
            expect([...back.keys()].toSorted()).toEqual(Object.keys(contents).toSorted());
            for (const [path, bytes] of back)
              expect(bytes.equals(Buffer.from(contents[path] ?? []))).toBe(true);
          },
        ),
        { numRuns: 25 },
      );
    });

    test('come from the byte on from which they are wanted, whatever their names, also behind links', async () => {
      const at = place();
      const directory = folder(at);
      const names = ["it's", 'a\nline', ' -n', '$HOME', 'ü'];
      make(directory, Object.fromEntries(names.map((name) => [name, `0123456789${name}`])));
      symlinkSync("it's", join(directory, 'link'));
      const { files } = await at.transport.manifest(directory, ['*'], signal);
      expect(files).toHaveLength(names.length + 1);
      for (const from of [0, 4, 10]) {
        const back = await fetchAll(
          at,
          directory,
          files.map((file, index) => (index === 1 ? file : { ...file, from })),
        );
        for (const [index, { path }] of files.entries()) {
          const content = `0123456789${path === 'link' ? "it's" : path}`;
          expect(String(back.get(path))).toBe(index === 1 ? content : content.slice(from));
        }
      }
    });

    test('that are large arrive whole, whatever an upload that was cut has left of them', async () => {
      const at = place();
      const directory = folder(at);
      const large = randomBytes(8_100_000);
      const same = { 'a/large': large, 'large.sh': large, 'small.txt': Buffer.from('small') };
      const part = (name: string): string => `${directory}.part/${hashOf(large)}.${name}`;
      const left: Readonly<Record<string, Uint8Array>>[] = [
        {},
        { right: large.subarray(0, 5_000_000), shorter: large.subarray(0, 4_000_000) },
        { wrong: randomBytes(6_000_000), 'too-long': Buffer.concat([large, Buffer.from('x')]) },
        { whole: large },
      ];
      for (const [index, parts] of left.entries()) {
        mkdirSync(`${directory}.part`, { recursive: true });
        for (const [name, bytes] of Object.entries(parts)) writeFileSync(part(name), bytes);
        const contents = { ...same, [`only-${index}`]: Buffer.from('one') };
        expect(await upload(at, directory, contents)).toEqual({ kept: false });
        const all = await at.transport.manifest(directory, ['*'], signal);
        expect(all.files.map(({ path, hash }) => [path, hash]).toSorted()).toEqual(
          Object.entries(contents)
            .map(([path, bytes]) => [path, hashOf(bytes)])
            .toSorted(),
        );
        expect(statSync(join(directory, 'large.sh')).mode & 0o100).not.toBe(0);
        expect(statSync(join(directory, 'a/large')).mode & 0o100).toBe(0);
      }
    });

    test('in great number come in little time', async () => {
      const at = place();
      const directory = folder(at);
      const contents = Object.fromEntries(
        Array.from({ length: 3000 }, (_, index) => [
          `d${index % 10}/file${index}`,
          Buffer.from(String(index)),
        ]),
      );
      await upload(at, directory, contents);
      const { files } = await at.transport.manifest(directory, ['*'], signal);
      const back = await fetchAll(at, directory, files);
      expect(back.size).toBe(3000);
      expect(String(back.get('d7/file1237'))).toBe('1237');
    });

    test('of a folder that is not there are an error that says so', async () => {
      const at = place();
      await expect(at.transport.manifest(join(at.root, 'nowhere'), ['*'], signal)).rejects.toMatchObject({
        code: 'remote-missing',
      });
    });

    test('cannot be uploaded where a file is in the way', async () => {
      const at = place();
      const directory = folder(at);
      make(directory, { file: 'x' });
      await expect(upload(at, join(directory, 'file', 'sub'), { a: Buffer.from('a') })).rejects.toMatchObject(
        { family: 'operational' },
      );
    });

    test('whose fetching is cancelled are not waited for', async () => {
      const at = place();
      const directory = folder(at);
      make(directory, { big: randomBytes(20_000_000) });
      const { files } = await at.transport.manifest(directory, ['big'], signal);
      const abort = new AbortController();
      const wish = at.transport.fetch(
        directory,
        files,
        async (_, content) => {
          for await (const chunk of content) {
            void chunk;
            abort.abort(new Error('enough'));
          }
        },
        abort.signal,
      );
      await expect(wish).rejects.toThrow();
    });
  });
}
