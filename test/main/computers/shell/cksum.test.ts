import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cksum } from '#main/computers/shell/cksum.ts';
import { findProgram } from '../../../support/programs.ts';

test('the checksum of nothing and of known texts is that of POSIX', () => {
  expect(cksum(Buffer.from(''))).toBe(4294967295);
  expect(cksum(Buffer.from('123456789'))).toBe(930766865);
});

test.skipIf(findProgram('cksum') === null)('any bytes have the checksum that cksum prints', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
      const [sum, length] = execFileSync('cksum', { input: bytes, encoding: 'utf8' }).split(' ');
      expect([cksum(bytes), bytes.length]).toEqual([Number(sum), Number(length)]);
    }),
    { numRuns: 40 },
  );
});
