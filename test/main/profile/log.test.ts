import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, type Log } from '#main/profile/log.ts';
import { openLogFiles, type LogSink } from '#main/profile/log-files.ts';
import { createRedactor, redacted } from '#main/profile/redact.ts';
import { operationalError, userError } from '#shared/base/errors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function memoryLog(sinkError: () => Error | null = () => null): {
  log: Log;
  lines: string[];
  learn: (s: string) => void;
} {
  const lines: string[] = [];
  const redactor = createRedactor();
  const sink: LogSink = {
    write(line) {
      const error = sinkError();
      if (error !== null) throw error;
      lines.push(line);
    },
    close: () => {},
  };
  return { log: createLog({ sink, redactor, now: () => 0 }), lines, learn: (s) => redactor.learn(s) };
}

describe('a log line', () => {
  test('is JSON with its time, level, room and words', () => {
    const { log, lines } = memoryLog();
    log.info('computers', 'Connected', { subject: 'localhost', ms: 12 });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'info',
      room: 'computers',
      message: 'Connected',
      subject: 'localhost',
      ms: 12,
    });
  });

  test('has the level of the family of what was thrown', () => {
    const { log } = memoryLog();
    log.thrown('a', 'Doing', userError({ code: 'x', message: 'm' }));
    log.thrown('a', 'Doing', operationalError({ code: 'x', message: 'm' }));
    log.thrown('a', 'Doing', new TypeError('m'));
    expect(log.recent().map(({ level }) => level)).toEqual(['info', 'warn', 'error']);
  });

  test('that could not be written is counted in the next one that can', () => {
    let full = true;
    const { log, lines } = memoryLog(() => (full ? new Error('ENOSPC: no space left') : null));
    log.info('a', 'one');
    log.info('a', 'two');
    full = false;
    log.info('a', 'three');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'three', lost: 2 });
    expect(log.recent().map(({ message }) => message)).toContain('ENOSPC: no space left');
  });

  test('is kept in a bounded number, however often the disk is full and has room again', () => {
    let count = 0;
    const { log } = memoryLog(() => (count++ % 2 === 0 ? new Error('ENOSPC: no space left') : null));
    for (let i = 0; i < 1500; i++) log.info('a', String(i));
    expect(log.recent()).toHaveLength(500);
    expect(log.recent().at(-1)?.message).toBe('1499');
  });

  test('is cut where a text is endless', () => {
    const { log, lines } = memoryLog();
    log.info('a', 'x'.repeat(1_000_000));
    expect(lines[0]?.length).toBeLessThan(10_000);
  });
});

describe('a secret', () => {
  test('never reaches the log, whatever it is and wherever it stands', () => {
    const word = fc.string({ minLength: 4, maxLength: 30, unit: 'grapheme' });
    fc.assert(
      fc.property(word, fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!redacted.includes(secret) && !before.includes(secret) && !after.includes(secret));
        const { log, lines, learn } = memoryLog();
        learn(secret);
        log.error('x', `${before}${secret}${after}`, { details: `a ${secret}${secret} b` });
        const line = JSON.parse(lines[0] ?? '') as { message: string; details: string };
        expect(line.details).not.toContain(secret);
        expect(line.message.split(redacted).some((part) => part === secret)).toBe(false);
      }),
    );
  });

  test.each([
    'password: hunter22',
    'PASSPHRASE = "two words"',
    'https://user:hunter22@example.org/x',
    'Authorization: Bearer abcdefghijklmnop',
    'stemma.token.AbC-123_x',
    'http://127.0.0.1:1/#token=AbCdEf0123456789',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----\nAAAA cut off',
  ])('of a usual shape is seen without being told: %s', (text) => {
    const clean = createRedactor().clean(text);
    expect(clean).toContain(redacted);
    expect(clean).not.toMatch(/hunter22|two words|abcdefgh|AbC|AAAA/);
  });

  test('words that only look like one stay readable', () => {
    const text = 'The password was not accepted by node01 in 3 tokens of time';
    expect(createRedactor().clean(text)).toBe(text);
  });
});

describe('log files', () => {
  const names = (folder: string): string[] => readdirSync(folder).sort();

  test('rotate at their size and never become more than allowed', () => {
    const folder = temporaryFolder();
    const files = openLogFiles(folder, { bytes: 100, files: 3 });
    for (let line = 0; line < 50; line++) files.write(`${String(line).padStart(29, '0')}\n`);
    files.close();
    expect(names(folder)).toEqual(['stemma.1.jsonl', 'stemma.2.jsonl', 'stemma.jsonl']);
    for (const name of names(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100);
    const all = ['stemma.2.jsonl', 'stemma.1.jsonl', 'stemma.jsonl']
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
    const numbers = all.trimEnd().split('\n').map(Number);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => 50 - numbers.length + i));
  });

  test('continue where the last run ended', () => {
    const folder = temporaryFolder();
    for (const text of ['one\n', 'two\n']) {
      const files = openLogFiles(folder);
      files.write(text);
      files.close();
    }
    expect(readFileSync(join(folder, 'stemma.jsonl'), 'utf8')).toBe('one\ntwo\n');
    expect((statSync(join(folder, 'stemma.jsonl')).mode & 0o777).toString(8)).toBe('600');
  });

  test('take up again after a rotation that failed', () => {
    const folder = temporaryFolder();
    const files = openLogFiles(folder, { bytes: 10, files: 2 });
    mkdirSync(join(folder, 'stemma.1.jsonl', 'x'), { recursive: true });
    files.write('first\n');
    expect(() => files.write('second\n')).toThrow();
    rmSync(join(folder, 'stemma.1.jsonl'), { recursive: true });
    files.write('third\n');
    files.close();
    expect(readFileSync(join(folder, 'stemma.jsonl'), 'utf8')).toContain('third');
  });
});
