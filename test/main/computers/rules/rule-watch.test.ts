import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { stopRule, type StopRuleInput } from '#shared/process/stop-rules.ts';
import { RuleProgress } from '#main/computers/rules/rule-progress.ts';
import { RuleWatch, type RuleMet } from '#main/computers/rules/rule-watch.ts';
import { askWatchedFiles, readWatchedFiles } from '#main/computers/rules/watched-files.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const root = mkdtempSync(join(tmpdir(), "stemma rule's-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = root;
let count = 0;
beforeEach(() => {
  folder = join(root, `job ${++count}`);
  mkdirSync(folder);
});

const sh = (script: string, input: Uint8Array = new Uint8Array(0)): Buffer =>
  execFileSync('/bin/sh', ['-c', script], { input });
const energy = (more: Partial<Extract<StopRuleInput, { kind: 'value' }>> = {}): StopRuleInput => ({
  kind: 'value',
  file: 'out.txt',
  pattern: { kind: 'words', text: 'E =' },
  compare: '>',
  limit: 5,
  ...more,
});
const answer = (bytes: Uint8Array) => ({ exitCode: 0, stdout: '', bytes, stderr: '', noise: '', ms: 1 });

describe('the new parts of watched files', () => {
  const read = (wishes: Parameters<typeof askWatchedFiles>[0]) => {
    const { script, input } = askWatchedFiles(wishes);
    return readWatchedFiles(sh(script, input), wishes.length);
  };

  it('come by one command, byte for byte, whatever is in them', () => {
    const bytes = new Uint8Array([0, 10, 64, 102, 105, 108, 101, 32, 48, 13, 255, 10]);
    writeFileSync(join(folder, 'a'), bytes);
    writeFileSync(join(folder, "b's $(x)"), '0123456789');
    const parts = read([
      { directory: folder, file: 'a', from: 0, limit: 100 },
      { directory: folder, file: "b's $(x)", from: 4, limit: 100 },
      { directory: folder, file: "b's $(x)", from: 4, limit: 3 },
      { directory: folder, file: "b's $(x)", from: 40, limit: 100 },
      { directory: folder, file: 'missing', from: 4, limit: 100 },
    ]);
    expect(parts.map((part) => [part.size, part.from, Buffer.from(part.bytes).toString('latin1')])).toEqual([
      [12, 0, Buffer.from(bytes).toString('latin1')],
      [10, 4, '456789'],
      [10, 7, '789'],
      [10, 0, '0123456789'],
      [null, 4, ''],
    ]);
  });

  it('say how long a file has been quiet, counted from the begin of the job where that is later', () => {
    const now = Date.now() / 1000;
    writeFileSync(join(folder, 'a'), 'x');
    utimesSync(join(folder, 'a'), now - 900, now - 900);
    const quiet = (): number =>
      read([{ directory: folder, file: 'a', from: 0, limit: 0 }])[0]?.quietForSeconds ?? -1;
    const said = quiet();
    expect(said).toBeGreaterThanOrEqual(899);
    expect(said).toBeLessThanOrEqual(901 + Date.now() / 1000 - now);
    writeFileSync(join(folder, '.run'), '42');
    expect(quiet()).toBeLessThan(450);
  });

  it('are worth nothing where anything is missing', () => {
    writeFileSync(join(folder, 'a'), 'one\ntwo\n');
    const { script, input } = askWatchedFiles([{ directory: folder, file: 'a', from: 0, limit: 100 }]);
    const whole = sh(script, input);
    expect(() => readWatchedFiles(whole, 2)).toThrow('cannot be read');
    for (let cut = 1; cut < whole.length; cut++) {
      expect(() => readWatchedFiles(whole.subarray(0, cut), 1)).toThrow('cannot be read');
    }
  });
});

describe('a rule on a value', () => {
  const progress = (more: Parameters<typeof energy>[0] = {}): RuleProgress => {
    const rule = stopRule.parse(energy(more));
    if (rule.kind !== 'value') throw new Error('another kind');
    return new RuleProgress(rule);
  };

  it('lets others have their turn after so much work, however few and long the lines are', async () => {
    const costly = progress({ pattern: { kind: 'expression', text: `Q${'[ab]{20}?'.repeat(20)} (.*)` } });
    const line = `${'ab'.repeat(2000)}\n`;
    let turns = 0;
    const taken = { isOver: false };
    const other = (): void => {
      turns++;
      if (!taken.isOver) setImmediate(other);
    };
    setImmediate(other);
    expect(await costly.take(line.repeat(64))).toBeNull();
    taken.isOver = true;
    expect(turns).toBeGreaterThan(60);
  });

  it('is fulfilled by the same line however the text comes in pieces', async () => {
    const text = Array.from({ length: 30 }, (_, i) => `step ${i}\nE = ${(i * 7) % 9}\n`).join('');
    const whole = await progress({ times: 2, limit: 4 }).take(text);
    expect(whole).not.toBeNull();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (sizes) => {
        const rule = progress({ times: 2, limit: 4 });
        let at = 0;
        for (let i = 0; at < text.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          const met = await rule.take(text.slice(at, at + size));
          at += size;
          if (met !== null) {
            expect(met).toEqual(whole);
            return;
          }
        }
        expect.fail('it was not fulfilled');
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['<', -3, 'E = -4', true],
    ['<=', 4, 'E = 4', true],
    ['=', 4, 'E = 4.5', false],
    ['nan', 0, 'E = NaN', true],
    ['nan', 0, 'E = ******', true],
    ['nan', 0, 'E = 1e300', false],
    ['>', 5, 'E = NaN', false],
  ] as const)('%s %d on %s', async (compare, limit, line, met) => {
    expect((await progress({ compare, limit }).take(`${line}\n`)) !== null).toBe(met);
  });

  it('waits for the end of a line, whose number may not be whole yet', async () => {
    const rule = progress({ limit: 5 });
    expect(await rule.take('E = 7')).toBeNull();
    expect(await rule.take('e-3\n')).toBeNull();
    expect(await rule.take('E = 7\n')).toEqual({ value: 7, line: 'E = 7' });
  });
});

describe('watching the rules of a computer', () => {
  function setUp() {
    const clock = new VirtualClock();
    const met: RuleMet[] = [];
    const failures: unknown[] = [];
    const asked: number[] = [];
    let down = false;
    let resting = false;
    let ranAt: number | null = null;
    const watch = new RuleWatch({
      clock,
      leastMs: () => 1000,
      ask: async (_, { script, input }) => {
        asked.push(clock.monotonic());
        if (down) throw new Error('no answer');
        return answer(sh(script, input));
      },
      onFailure: (thrown) => failures.push(thrown),
    });
    const abort = new AbortController();
    return {
      clock,
      met,
      failures,
      asked,
      watch,
      abort,
      rest: (is: boolean) => void (resting = is),
      setDown: (is: boolean) => void (down = is),
      listed: (isRunning: boolean) => void (ranAt = isRunning ? clock.monotonic() : null),
      add: (key: string, ...rules: StopRuleInput[]) =>
        watch.watch(
          key,
          {
            directory: folder,
            rules: rules.map((rule) => stopRule.parse(rule)),
            rest: () => resting,
            ranAt: () => ranAt,
          },
          (one) => met.push(one),
          abort.signal,
        ),
    };
  }

  it('asks once for all jobs, once a minute, reads only what is new, and reports the line', async () => {
    const { clock, met, asked, watch, add } = setUp();
    writeFileSync(join(folder, 'out.txt'), 'E = 1\nE = 2\n');
    for (let i = 0; i < 20; i++) add(`job${i}`, energy());
    await clock.advance(59_000);
    expect(asked).toEqual([]);
    await clock.advance(1000);
    expect(asked).toEqual([60_000]);
    expect(watch.states('job3')).toEqual([
      { last: { value: 2, line: 'E = 2' }, checked: expect.any(Number), problem: '' },
    ]);
    appendFileSync(join(folder, 'out.txt'), 'E = 9 eV\n');
    await clock.advance(60_000);
    expect(asked).toHaveLength(2);
    expect(met).toHaveLength(20);
    expect(met[0]).toMatchObject({ index: 0, reading: { value: 9, line: 'E = 9 eV' } });
  });

  it('starts anew where the file was written anew, and says where there is none', async () => {
    const { clock, met, watch, add } = setUp();
    add('job', energy({ every: 1, times: 2 }));
    await clock.advance(1000);
    expect(watch.states('job')[0]).toMatchObject({ last: null, problem: 'There is no file out.txt (yet).' });
    writeFileSync(join(folder, 'out.txt'), `E = 6\n${'x'.repeat(50)}\n`);
    await clock.advance(1000);
    writeFileSync(join(folder, 'out.txt'), 'E = 7\n');
    await clock.advance(1000);
    expect(met).toEqual([]);
    appendFileSync(join(folder, 'out.txt'), 'E = 8\n');
    await clock.advance(1000);
    expect(met).toHaveLength(1);
  });

  it('starts anew also where the file is larger than the one before, and joins no two runs', async () => {
    const { clock, met, watch, add } = setUp();
    const table = (value: number, rows: number): string => `E = ${value}\nE = 0\n`.repeat(rows);
    writeFileSync(join(folder, 'out.txt'), `${table(6, 1)}E = 7\n`);
    add('job', energy({ every: 10, times: 2 }));
    await clock.advance(10_000);
    expect(watch.states('job')[0]?.last).toEqual({ value: 7, line: 'E = 7' });
    // a shell's > keeps the inode
    writeFileSync(join(folder, 'out.txt'), `E = 8\n${table(1, 500)}`);
    await clock.advance(10_000);
    expect(met).toEqual([]);
    writeFileSync(join(folder, 'out.txt'), `E = 9\nE = 9\n${table(2, 1000)}`);
    await clock.advance(10_000);
    expect(met).toEqual([]);
    // it was seen to be another one, and is read as soon as the computer may be asked
    await clock.advance(1000);
    expect(met).toMatchObject([{ reading: { value: 9 } }]);
  });

  it('stops nothing where it cannot look, and asks ever more seldom until it can', async () => {
    const { clock, met, failures, asked, watch, add, setDown } = setUp();
    writeFileSync(join(folder, 'out.txt'), 'E = 9\n');
    setDown(true);
    add('job', energy({ every: 1 }));
    await clock.advance(60_000);
    expect(met).toEqual([]);
    expect(failures.length).toBeLessThan(8);
    expect(watch.states('job')[0]?.problem).toBe('no answer');
    setDown(false);
    await clock.advance(120_000);
    expect(met.length).toBeGreaterThan(0);
    expect(asked.length).toBeGreaterThan(failures.length);
  });

  it('does not look at rules that rest, and takes up afterwards what was written meanwhile', async () => {
    const { clock, met, asked, add, rest } = setUp();
    writeFileSync(join(folder, 'out.txt'), 'E = 1\n');
    add('job', energy({ every: 1 }));
    await clock.advance(1000);
    rest(true);
    appendFileSync(join(folder, 'out.txt'), 'E = 9\n');
    await clock.advance(600_000);
    expect([asked.length, met.length]).toEqual([1, 0]);
    rest(false);
    await clock.advance(1000);
    expect(met).toHaveLength(1);
  });

  const fallSilent = (): void => {
    const old = Date.now() / 1000 - 700;
    utimesSync(join(folder, 'out.txt'), old, old);
  };

  it('is fulfilled by the silence of a job that a later list shows running', async () => {
    const { clock, met, add, listed } = setUp();
    writeFileSync(join(folder, 'out.txt'), 'x');
    add('job', { kind: 'silent', file: 'out.txt', minutes: 10, every: 1 });
    await clock.advance(1000);
    listed(true);
    fallSilent();
    await clock.advance(5000);
    expect(met).toEqual([]);
    await clock.advance(500);
    listed(true);
    await clock.advance(1000);
    expect(met[0]).toMatchObject({ index: 0, reading: null });
  });

  it('is not fulfilled by the silence of a job that is back in the queue, or of which the lists tell nothing', async () => {
    const { clock, met, add, listed } = setUp();
    writeFileSync(join(folder, 'out.txt'), 'x');
    fallSilent();
    add('job', { kind: 'silent', file: 'out.txt', minutes: 10, every: 1 });
    listed(true);
    await clock.advance(600_000);
    listed(false);
    await clock.advance(600_000);
    // it begins anew, and writes
    writeFileSync(join(folder, 'out.txt'), 'y');
    listed(true);
    await clock.advance(5000);
    expect(met).toEqual([]);
  });

  it('ends with its jobs', async () => {
    const { clock, asked, add, abort } = setUp();
    add('job', energy({ every: 1 }));
    abort.abort();
    await clock.advance(10_000);
    expect(asked).toEqual([]);
    expect(clock.due).toEqual([]);
  });
});
