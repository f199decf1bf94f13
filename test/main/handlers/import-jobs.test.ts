import { describe, expect, test } from 'vitest';
import { ImportJobs, type ImportItem } from '#main/handlers/import-jobs.ts';
import { nothingSaid } from '#shared/provenance/archive-words.ts';
import { deferred } from '#shared/base/deferred.ts';
import { userError } from '#shared/base/errors.ts';
import { importReport } from '../../support/import-report.ts';

const info = {
  version: 'main_0001',
  aiidaVersion: '2.9.0',
  writtenBy: 'AiiDA 2.9.0',
  about: nothingSaid,
  nodes: 1,
  links: 0,
  groups: 0,
  computers: 0,
  users: 1,
  logs: 0,
  comments: 0,
  files: 0,
};
const report = importReport({ info });
const file = (name: string) => ({ handle: name, name, size: 1 });
const told = (done: number): ImportItem => ({
  kind: 'progress',
  progress: { done, total: 100, unit: 'bytes', words: 'Storing files' },
});

/** Waits for a state, whenever it comes. */
function until(jobs: ImportJobs, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isSo()) return;
      off();
      resolve();
    };
    const off = jobs.changes.on(look);
    queueMicrotask(look);
  });
}

const states = (jobs: ImportJobs): readonly string[] => jobs.list().map(({ state }) => state);

describe('an import that a person began', () => {
  test('goes on by itself, tells how fast, and keeps its report', async () => {
    let now = 1000;
    const jobs = new ImportJobs(() => now);
    const go = deferred<void>();
    jobs.begin(file('a'), async function* () {
      yield told(10);
      now += 2000;
      yield told(50);
      await go.promise;
      yield { kind: 'done', report };
    });
    await until(jobs, () => jobs.list()[0]?.progress?.done === 50);
    expect(jobs.list()[0]).toMatchObject({ state: 'running', rate: 20, started: 1000 });
    go.resolve();
    await until(jobs, () => states(jobs)[0] === 'done');
    expect(jobs.list()[0]).toMatchObject({ state: 'done', report, error: null });
  });

  test('waits for the one before it, and can be cancelled while it waits', async () => {
    const jobs = new ImportJobs(() => 0);
    const go = deferred<void>();
    let began = 0;
    const work = async function* (): AsyncGenerator<ImportItem> {
      began++;
      await go.promise;
      yield { kind: 'done', report };
    };
    jobs.begin(file('a'), work);
    const second = jobs.begin(file('b'), work);
    jobs.begin(file('c'), work);
    await until(jobs, () => states(jobs)[0] === 'running');
    expect({ began, states: states(jobs) }).toEqual({ began: 1, states: ['running', 'waiting', 'waiting'] });
    jobs.cancel(second);
    go.resolve();
    await until(jobs, () => states(jobs)[2] === 'done');
    expect({ began, states: states(jobs) }).toEqual({ began: 2, states: ['done', 'cancelled', 'done'] });
  });

  test('says why it failed, and the next one begins', async () => {
    const jobs = new ImportJobs(() => 0);
    // oxlint-disable-next-line eslint/require-yield -- it fails before it tells anything
    jobs.begin(file('a'), async function* () {
      throw userError({ code: 'import-refused', message: 'It was not imported.' });
    });
    jobs.begin(file('b'), async function* () {
      yield { kind: 'done', report };
    });
    await until(jobs, () => states(jobs)[1] === 'done');
    expect(jobs.list()[0]).toMatchObject({ state: 'failed', error: { code: 'import-refused' } });
  });

  test('is cancelled when the core closes, which waits until it has let go', async () => {
    const jobs = new ImportJobs(() => 0);
    let released = false;
    jobs.begin(file('a'), async function* (signal) {
      yield told(1);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      released = true;
      signal.throwIfAborted();
    });
    await until(jobs, () => jobs.list()[0]?.progress !== null);
    await jobs.close();
    expect({ released, states: states(jobs) }).toEqual({ released: true, states: ['cancelled'] });
  });

  test('is listed with the last ten that have ended', async () => {
    const jobs = new ImportJobs(() => 0);
    for (let i = 0; i < 15; i++) {
      jobs.begin(file(String(i)), async function* () {
        yield { kind: 'done', report };
      });
    }
    await until(jobs, () => jobs.list().length === 10 && states(jobs).every((state) => state === 'done'));
    expect(jobs.list()[9]?.file.name).toBe('14');
  });
});
