import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { openPromise } from 'yauzl';
import { expect, test } from 'vitest';
import { packFile } from '#main/archive/aiida/export/pack-file.ts';
import { ZipWriter } from '#main/archive/aiida/export/zip-writer.ts';
import { seededRandom } from '#shared/base/random.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const never = new AbortController().signal;

/** Digits, which deflate makes half as long. */
const someBytes = (size: number, seed: number): Buffer =>
  Buffer.from(
    Buffer.from(seededRandom(seed).bytes((size + 1) >> 1))
      .toString('hex')
      .slice(0, size),
  );

test('a file that is packed beside comes out of the zip as it was, wherever among the entries it stands', async () => {
  const sizes = [0, 1, 4095, 524_288, 524_289, 3_200_000];
  const entry = fc.record({
    size: fc.constantFrom(...sizes),
    how: fc.constantFrom('pack', 'stream', 'beside'),
    seed: fc.nat(1000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 4 }), fc.constantFrom(0, 1, 6), async (entries, level) => {
      const folder = temporaryFolder();
      const file = join(folder, 'all.zip');
      const zip = new ZipWriter(file, level, new Date(2026, 0, 1));
      const contents = new Map<string, Buffer>();
      for (const [i, { size, how, seed }] of entries.entries()) {
        const [name, from, to] = [`${i}-${how}`, join(folder, `${i}`), join(folder, `${i}.packed`)];
        const bytes = someBytes(size, seed);
        contents.set(name, bytes);
        writeFileSync(from, bytes);
        if (how === 'pack') zip.add(await zip.pack(name, bytes));
        else if (how === 'stream') await zip.addStream(name, createReadStream(from), size);
        else zip.addPacked(name, await packFile(from, to, level, never));
      }
      const first = [...contents.keys()].toReversed().slice(0, 2);
      zip.finish(first);
      zip.close();
      const read = await openPromise(file);
      const names: string[] = [];
      for await (const one of read.eachEntry()) {
        names.push(one.fileName);
        const expected = contents.get(one.fileName);
        expect((await buffer(await read.openReadStreamPromise(one))).equals(expected as Buffer)).toBe(true);
        expect(one.crc32).toBe(crc32(expected as Buffer));
      }
      expect(names).toEqual([...first, ...[...contents.keys()].filter((name) => !first.includes(name))]);
    }),
    { numRuns: 12 },
  );
});

test('what is packed beside says its sums, and stays where it is where nothing is to be deflated', async () => {
  const folder = temporaryFolder();
  const [from, to] = [join(folder, 'a'), join(folder, 'b')];
  const bytes = someBytes(1_300_000, 1);
  writeFileSync(from, bytes);
  const sums = { crc: crc32(bytes), size: bytes.length };
  expect(await packFile(from, to, 0, never)).toEqual({
    path: from,
    method: 0,
    packedSize: bytes.length,
    ...sums,
  });
  expect(existsSync(to)).toBe(false);
  const packed = readFileSync((await packFile(from, to, 6, never)).path);
  expect(inflateRawSync(packed).equals(bytes)).toBe(true);
  expect(packed.length).toBeLessThan(bytes.length * 0.8);
});

test('packing beside ends when it is told to', async () => {
  const folder = temporaryFolder();
  const from = join(folder, 'a');
  writeFileSync(from, someBytes(4_000_000, 2));
  const stop = new AbortController();
  stop.abort(new Error('told to'));
  await expect(packFile(from, join(folder, 'b'), 6, stop.signal)).rejects.toThrow('told to');
});
