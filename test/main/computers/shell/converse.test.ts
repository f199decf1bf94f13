import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { deferred } from '#shared/base/deferred.ts';
import { converseStream, converseText, type Pipes } from '#main/computers/shell/converse.ts';
import { prepareExec } from '#main/computers/shell/exec-command.ts';
import { settle, VirtualClock } from '../../../support/virtual-clock.ts';

const signal = new AbortController().signal;
const request = { what: 'a test' };

/** A session whose server is the test. */
function session(kind: 'text' | 'stream') {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const ended = deferred<void>();
  const pipes: Pipes = { stdin, stdout, stderr, ended: ended.promise };
  const prepared = prepareExec({ script: ':' }, kind);
  const begin = `\n@@stemma ${prepared.nonce} begin@@\n`;
  return { pipes, prepared, stdout, stdin, begin, end: () => ended.resolve(), clock: new VirtualClock() };
}

describe('a session whose receiver', () => {
  test('throws at once fails with what it threw, and with nothing uncaught', async () => {
    const at = session('stream');
    const refuses = (): void => {
      throw new Error('too many files');
    };
    const talk = converseStream(at.pipes, at.prepared, request, refuses, at.clock, signal);
    at.stdout.write(at.begin + 'x'.repeat(1000));
    await expect(talk).rejects.toThrow('too many files');
    // what comes after that is nobody's affair any more
    at.stdout.write('x'.repeat(1000));
    await settle();
  });

  test('throws later fails likewise', async () => {
    const at = session('stream');
    const refuses = async (): Promise<void> => {
      await Promise.resolve();
      throw new Error('the disk is full');
    };
    const talk = converseStream(at.pipes, at.prepared, request, refuses, at.clock, signal);
    at.stdout.write(at.begin + 'x'.repeat(1000));
    await expect(talk).rejects.toThrow('the disk is full');
  });
});

describe('a session that the server', () => {
  test('ends without an exit code is unknown: neither success nor failure of the command', async () => {
    const at = session('text');
    const talk = converseText(at.pipes, at.prepared, request, at.clock, signal);
    at.stdout.write(`${at.begin}half an ans`);
    await settle();
    at.end();
    await expect(talk).rejects.toMatchObject({ code: 'connection-lost' });
  });

  test('leaves silent is given up, and no timer is left', async () => {
    const at = session('text');
    const talk = converseText(at.pipes, at.prepared, request, at.clock, signal);
    const failed = expect(talk).rejects.toMatchObject({ code: 'timeout' });
    await at.clock.advance(60_001);
    await failed;
    at.stdout.write('late');
    at.pipes.stderr.push('late');
    await settle();
    expect(at.clock.due).toEqual([]);
  });

  test('floods is cut off at its limit', async () => {
    const at = session('text');
    const talk = converseText(at.pipes, at.prepared, { ...request, maxOutput: 1000 }, at.clock, signal);
    const failed = expect(talk).rejects.toMatchObject({ code: 'output-too-large' });
    const piece = Buffer.alloc(1_000_000);
    for (let count = 0; count < 12; count++) at.stdout.write(piece);
    await failed;
  });
});
