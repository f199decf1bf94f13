import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  readErrorText,
  readTextFrame,
  streamFrame,
  StreamUnframer,
  textFrame,
  textFrameEnded,
} from '#main/computers/shell/frame.ts';
import { findProgram } from '../../../support/programs.ts';

const nonce = '0123456789abcdef';
const framed = (own: string, body: string): string => textFrame(own, body, 8_000_000);
const shells = ['sh', 'bash', 'dash'].filter((shell) => findProgram(shell) !== null);

const run = (shell: string, script: string, input: string | Buffer = '') =>
  spawnSync(shell, ['-c', script], { input, maxBuffer: 64_000_000 });

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe.each(shells)('a text frame in %s', (shell) => {
  test('gives output, exit code and standard error of the body, and nothing else', () => {
    const ran = run(
      shell,
      `echo noise; echo warning >&2\n${framed(nonce, 'echo one; echo two >&2; exit 7')}`,
    );
    const answer = readTextFrame(ran.stdout, nonce);
    expect(answer).toMatchObject({ exitCode: 7, noise: 'noise' });
    expect('bytes' in answer && text(answer.bytes)).toBe('one\n');
    expect(readErrorText(ran.stderr, nonce)).toBe('two\n');
  });

  test.each([
    ['an empty answer', ':', ''],
    ['an answer without a last line break', 'printf abc', 'abc'],
    ['many line breaks at the end', `printf 'a\\n\\n\\n'`, 'a\n\n\n'],
    ['dots and digits like an exit code', `printf 'a.1.2'`, 'a.1.2'],
    ['bytes that are no UTF-8', `printf 'a\\377\\200b'`, 'a\ufffd\ufffdb'],
    [
      'what looks like a frame of another nonce',
      `echo '@@stemma ffff end 0 1 1@@'`,
      '@@stemma ffff end 0 1 1@@\n',
    ],
  ])('keeps %s', (_, body, expected) => {
    const answer = readTextFrame(run(shell, framed(nonce, body)).stdout, nonce);
    expect('bytes' in answer ? text(answer.bytes) : answer.kind).toBe(expected);
  });

  test('leaves standard input to the body', () => {
    const answer = readTextFrame(run(shell, framed(nonce, 'cat'), 'some input').stdout, nonce);
    expect('bytes' in answer && text(answer.bytes)).toBe('some input');
  });

  test('takes megabytes', () => {
    const answer = readTextFrame(
      run(shell, framed(nonce, `head -c 5000000 /dev/zero | tr '\\0' '.'`)).stdout,
      nonce,
    );
    expect('bytes' in answer && answer.bytes.length).toBe(5_000_000);
  });

  test('keeps a promise about how much it takes, and ends a body that prints for ever', () => {
    expect(readTextFrame(run(shell, textFrame(nonce, 'printf 12345678', 8)).stdout, nonce)).toHaveProperty(
      'exitCode',
      0,
    );
    for (const body of ['printf 123456789', 'yes']) {
      const { stdout } = run(shell, textFrame(nonce, body, 8));
      expect(readTextFrame(stdout, nonce)).toMatchObject({ kind: 'too-long' });
      expect(textFrameEnded(stdout.subarray(-150), nonce)).toBe(true);
    }
  });

  test('of a stream passes every byte on', () => {
    const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 31) % 256));
    const unframer = new StreamUnframer(nonce);
    const { stdout } = run(shell, `echo noise\n${streamFrame(nonce, 'cat; exit 3')}`, content);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < stdout.length; at += 997) parts.push(unframer.push(stdout.subarray(at, at + 997)));
    const end = unframer.end();
    expect(end).toMatchObject({ exitCode: 3, noise: 'noise' });
    if ('content' in end) parts.push(end.content);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });
});

describe('an answer that is not whole', () => {
  const whole = run('sh', framed(nonce, `printf 'first line\\nsecond line\\n'`)).stdout;

  test('is never taken for an answer, wherever it is cut', () => {
    for (let end = 0; end < whole.length; end++) {
      expect(readTextFrame(whole.subarray(0, end), nonce)).toHaveProperty('kind');
    }
    expect(readTextFrame(whole, nonce)).toHaveProperty('exitCode', 0);
  });

  test('is never taken for another answer, whatever has happened to its bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(whole.length - 1), byte: fc.integer({ min: 1, max: 255 }) }), {
          minLength: 1,
          maxLength: 4,
        }),
        (changes) => {
          const damaged = Buffer.from(whole);
          for (const { at, byte } of changes) damaged[at] = (damaged[at] ?? 0) ^ byte;
          const read = readTextFrame(damaged, nonce);
          // only what stands around the answer may have changed without harm
          if (!('kind' in read)) {
            expect([read.exitCode, text(read.bytes)]).toEqual([0, 'first line\nsecond line\n']);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('is not one where something else was printed into it', () => {
    const at = whole.indexOf('second');
    const mixed = Buffer.concat([
      whole.subarray(0, at),
      Buffer.from('hello from the background\n'),
      whole.subarray(at),
    ]);
    expect(readTextFrame(mixed, nonce)).toMatchObject({ kind: 'damaged' });
  });

  test('is noticed in a stream too', () => {
    const stream = run('sh', streamFrame(nonce, 'echo content')).stdout;
    for (let end = 0; end < stream.length; end++) {
      const unframer = new StreamUnframer(nonce);
      unframer.push(stream.subarray(0, end));
      expect(unframer.end()).toHaveProperty('kind');
    }
  });

  test('is not waited for once its end is there', () => {
    expect(textFrameEnded(whole.subarray(-150), nonce)).toBe(true);
    expect(textFrameEnded(whole.subarray(-150, -3), nonce)).toBe(false);
  });
});

test('the frame of another question is no answer', () => {
  const other = run('sh', framed('fedcba9876543210', 'echo one')).stdout;
  expect(readTextFrame(other, nonce)).toMatchObject({ kind: 'no-begin' });
});
