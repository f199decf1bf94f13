import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { Patience } from '#main/computers/patience.ts';
import type { SubmitOutcome } from '#main/engine/ports.ts';
import { cancelScript, revokeScript } from '#main/computers/submission/wrapper.ts';
import { JobBench } from '../../support/job-bench.ts';
import { findProgram, until } from '../../support/programs.ts';

let root: string;
let bench: JobBench;
const signal = new AbortController().signal;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "stemma test's-"));
  bench = new JobBench({
    config: { transport: { type: 'core.local' }, scheduler: 'core.direct' },
    root,
    knownHosts: join(root, 'known'),
  });
});
afterAll(() => {
  bench.close();
  rmSync(root, { recursive: true, force: true });
});

function jobOf(outcome: SubmitOutcome): string {
  if (outcome.kind !== 'accepted') throw new Error(`It was not accepted: ${JSON.stringify(outcome)}`);
  return outcome.jobId;
}

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

describe('a job on this machine', () => {
  test('runs in its own folder, is seen running, and its end is known with exit code and times', async () => {
    const { seen, directory, attempt, last } = await bench.run(
      'pwd; echo $((3 + 4)) > out.txt; sleep 1; exit 3',
    );
    expect(directory).toBe(
      join(root, attempt.process.slice(0, 2), attempt.process.slice(2, 4), attempt.process.slice(4), 'a1'),
    );
    expect(seen[0]).toMatchObject({ kind: 'seen', facts: { state: 'running' } });
    expect(last).toMatchObject({ kind: 'ended', cause: 'done', facts: { exitStatus: 3 } });
    const { files, unmatched } = await bench.jobs.retrieve(
      attempt,
      directory,
      ['_scheduler-std*', 'out.txt', 'missing.txt', '*.none'],
      signal,
    );
    expect(Object.fromEntries(files.map(({ path, hash }) => [path, bench.repository.text(hash)]))).toEqual({
      '_scheduler-stdout.txt': `${directory}\n`,
      '_scheduler-stderr.txt': '',
      'out.txt': '7\n',
    });
    expect(unmatched).toEqual(['missing.txt', '*.none']);
  });

  const setsid = findProgram('setsid');
  test.skipIf(setsid === null)(
    'is not accepted before a signal to its submission can no longer reach it',
    async () => {
      // what a busy machine does now and then: a long time between the start of the job and its leaving our group
      const programs = join(root, 'slow programs');
      mkdirSync(programs);
      const slow = `#!/bin/sh\nsleep 0.5\nexec ${setsid ?? ''} "$@"\n`;
      writeFileSync(join(programs, 'setsid'), slow, { mode: 0o755 });
      const busy = new JobBench({
        config: { transport: { type: 'core.local' }, scheduler: 'core.direct' },
        root: join(root, 'busy'),
        knownHosts: join(root, 'known'),
        environment: { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}` },
      });
      const attempt = busy.attempt();
      const directory = await busy.upload(attempt, 'sleep 0.2; echo x > ran');
      const outcome = await busy.submit(attempt, directory);
      const jobId = jobOf(outcome);
      const [, wrapper = ''] = read(directory, '.submit/begin').match(/ (\d+) \d+\n$/) ?? [];
      try {
        process.kill(-Number(wrapper), 'SIGKILL');
      } catch {
        // nothing of the submission is left
      }
      const last = (await busy.end(attempt, jobId, directory)).at(-1);
      expect(last).toMatchObject({ kind: 'ended', cause: 'done', facts: { exitStatus: 0 } });
      expect(read(directory, 'ran')).toBe('x\n');
      busy.close();
    },
  );

  test('is found again by every later submission of its attempt, and runs once', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'echo x >> counter; sleep 1');
    const first = await bench.submit(attempt, directory);
    const more = await Promise.all(Array.from({ length: 8 }, () => bench.submit(attempt, directory)));
    expect(first).toMatchObject({ kind: 'accepted', recovered: false });
    const jobId = jobOf(first);
    expect(more).toEqual(more.map(() => ({ kind: 'accepted', jobId, recovered: true })));
    await bench.end(attempt, jobId, directory);
    expect(read(directory, 'counter')).toBe('x\n');
    expect(await bench.submit(attempt, directory)).toMatchObject({
      kind: 'accepted',
      jobId,
      recovered: true,
    });
  });

  test('is submitted once by many submissions at the same moment, and what any of them calls void never runs', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'echo x >> counter');
    const submit = () => bench.submit(attempt, directory);
    const outcomes = await Promise.all(Array.from({ length: 8 }, submit));
    // those that came while the first was at it do not know yet, or have revoked what had not begun; now all is clear
    const last = await submit();
    if (last.kind !== 'accepted') {
      expect(last.kind).toBe('void');
      expect(existsSync(join(directory, 'counter'))).toBe(false);
      return;
    }
    for (const outcome of outcomes)
      if (outcome.kind !== 'unconfirmed')
        expect(outcome).toMatchObject({ kind: 'accepted', jobId: last.jobId });
    await bench.end(attempt, last.jobId, directory);
    expect(read(directory, 'counter')).toBe('x\n');
  });

  test('goes on in its own process group when it is not watched, and is cancelled as a whole', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'sleep 1000 & echo $! > child; wait');
    const outcome = await bench.submit(attempt, directory);
    const jobId = jobOf(outcome);
    await until(
      'the job has begun',
      () => existsSync(join(directory, 'child')) && read(directory, 'child') !== '',
    );
    const ended = bench.end(attempt, jobId, directory);
    await bench.jobs.cancel(attempt, { jobId, directory }, signal);
    expect((await ended).at(-1)).toMatchObject({ kind: 'ended', cause: 'cancelled' });
    const child = Number(read(directory, 'child'));
    await until('its child is gone too', () => !existsSync(`/proc/${child}`));
    // once more, which changes nothing
    await bench.jobs.cancel(attempt, { jobId, directory }, signal);
  });

  test('that is killed without a word has ended, and nobody knows why', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'kill -KILL $$');
    const outcome = await bench.submit(attempt, directory);
    const jobId = jobOf(outcome);
    const seen = await bench.end(attempt, jobId, directory);
    expect(seen.at(-1)).toMatchObject({ kind: 'ended', cause: 'unknown' });
  });

  test('whose process number now belongs to another is not taken for that one', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'true');
    await bench.submit(attempt, directory);
    // as if this test's own process had the number
    writeFileSync(join(directory, '.submit', 'proc'), `${process.pid} somewhere else 1\n`);
    rmSync(join(directory, '.done'), { force: true });
    const fence = String(process.pid);
    writeFileSync(join(directory, '.run'), fence);
    const seen: unknown[] = [];
    const abort = new AbortController();
    bench.jobs.watch(attempt, { jobId: fence, directory }, (one) => seen.push(one), abort.signal);
    await until('it was looked at', () => seen.length > 0);
    abort.abort();
    expect(seen[0]).toMatchObject({ kind: 'seen', facts: { state: 'undetermined' } });
    const note = `${process.pid} ${read('/proc/sys/kernel/hostname').trim()} ${read('/proc/sys/kernel/random/boot_id').trim()} 1\n`;
    writeFileSync(join(directory, '.submit', 'proc'), note);
    const ended = await bench.end(attempt, fence, directory);
    expect(ended.at(-1)).toMatchObject({ kind: 'ended' });
    await bench.jobs.cancel(attempt, { jobId: fence, directory }, signal);
    expect(process.pid).toBeGreaterThan(0);
  });

  test('outlives the shell that started it, however slowly it gets a session of its own', async () => {
    const programs = join(root, 'slow');
    mkdirSync(programs);
    // the name stands for the program of the system behind it on the search path
    const slow = '#!/bin/sh\nsleep 0.5\nPATH=${PATH#*:}\nexec setsid "$@"\n';
    writeFileSync(join(programs, 'setsid'), slow, { mode: 0o755 });
    const own = new JobBench({
      config: { transport: { type: 'core.local' }, scheduler: 'core.direct' },
      root,
      knownHosts: join(root, 'known'),
      environment: { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}` },
    });
    const { last, directory } = await own.run('echo x > counter');
    expect(last).toMatchObject({ kind: 'ended', cause: 'done', facts: { exitStatus: 0 } });
    expect(read(directory, 'counter')).toBe('x\n');
    own.close();
  });

  test('is asked to end also where the note of that cannot be made', async () => {
    const answer = await bench.runtime.use({ signal, mode: 'now' }, (transport) =>
      transport.exec({
        what: 'the cancellation of a job',
        script: cancelScript(join(root, 'no', 'directory'), 'echo told'),
      }),
    );
    expect(answer).toMatchObject({ exitCode: 0, stdout: 'told\n' });
  });

  test.skipIf(findProgram('bash') === null)(
    'runs in its work directory also where the profile of its login shell goes elsewhere',
    async () => {
      const home = join(root, 'home');
      mkdirSync(home);
      writeFileSync(join(home, '.bash_profile'), 'cd /\n');
      const own = new JobBench({
        config: { transport: { type: 'core.local' }, scheduler: 'core.direct', shebang: '#!/bin/bash -l' },
        root: join(root, 'login'),
        knownHosts: join(root, 'known'),
        environment: { ...process.env, HOME: home },
      });
      onTestFinished(() => own.close());
      const { last, directory } = await own.run('pwd > where; echo said; exit 3');
      expect(last).toMatchObject({ kind: 'ended', cause: 'done', facts: { exitStatus: 3 } });
      expect(read(directory, 'where')).toBe(`${directory}\n`);
      expect(read(directory, '_scheduler-stdout.txt')).toBe('said\n');
    },
  );

  test('has a clean environment where it asks for one', async () => {
    const own = new JobBench({
      config: { transport: { type: 'core.local' }, scheduler: 'core.direct' },
      root,
      knownHosts: join(root, 'known'),
      environment: { ...process.env, SECRET_OF_MINE: 'x', LC_ALL: 'de_DE.UTF-8' },
    });
    const clean = await own.run('env > env.txt', { import_sys_environment: false });
    expect(read(clean.directory, 'env.txt')).not.toMatch(/SECRET_OF_MINE|LC_ALL/);
    const whole = await own.run('env > env.txt');
    // and never that of our own questions
    expect(read(whole.directory, 'env.txt')).toMatch(/LC_ALL=de_DE/);
    expect(read(whole.directory, 'env.txt')).not.toMatch(/TZ=UTC/);
    own.close();
  });
});

describe('an attempt whose submission was cut off', () => {
  test('before the job was started is revoked, and never runs', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'echo x >> counter');
    mkdirSync(join(directory, '.submit'));
    expect(await bench.submit(attempt, directory)).toMatchObject({ kind: 'void' });
    expect(await bench.submit(attempt, directory)).toMatchObject({ kind: 'void' });
    // a job of it that comes after all ends at the fence
    const late = await bench.runtime.use({ signal, mode: 'now' }, (transport) =>
      transport.exec({
        what: 'a late job',
        script: `cd '${directory.replaceAll("'", `'"'"'`)}' && bash ./_aiidasubmit.sh`,
      }),
    );
    expect(late.exitCode).toBe(97);
    expect(existsSync(join(directory, 'counter'))).toBe(false);
    // and an upload does not bring it back
    await bench.upload(attempt, 'echo other');
    expect(await bench.submit(attempt, directory)).toMatchObject({ kind: 'void' });
  });

  test('after the job was started is found by its fence', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'echo x >> counter; sleep 1');
    const outcome = await bench.submit(attempt, directory);
    const jobId = jobOf(outcome);
    await until('it has begun', () => existsSync(join(directory, 'counter')));
    for (const name of ['rc', 'out', 'err', 'proc'])
      rmSync(join(directory, '.submit', name), { force: true });
    expect(await bench.submit(attempt, directory)).toEqual({ kind: 'accepted', jobId, recovered: true });
    const seen = await bench.end(attempt, jobId, directory);
    expect(seen.at(-1)).toMatchObject({ kind: 'ended', cause: 'done' });
    expect(read(directory, 'counter')).toBe('x\n');
  });

  /** A bench whose root may be taken away. */
  const ownBench = (name: string, patience: Partial<Patience> = {}) => {
    const own = new JobBench({
      config: { transport: { type: 'core.local' }, scheduler: 'core.direct' },
      root: join(root, name),
      knownHosts: join(root, 'known'),
      patience,
    });
    onTestFinished(() => own.close());
    return own;
  };

  test.each([
    // every look there fails, for the owner of the machine too (ELOOP)
    ['does not answer', (path: string) => symlinkSync(path, path)],
    ['is not mounted', (path: string) => mkdirSync(path)],
  ])('and whose file system %s is neither submitted again nor given up', async (name, takeAway) => {
    const own = ownBench(name, { lookUpMs: 0 });
    const attempt = own.attempt();
    const directory = await own.upload(
      attempt,
      'echo x >> counter; while [ ! -e stop ]; do sleep 0.02; done',
    );
    const jobId = jobOf(await own.submit(attempt, directory));
    await until('it has begun', () => existsSync(join(directory, 'counter')));
    const path = join(root, name);
    renameSync(path, `${path}.away`);
    takeAway(path);
    for (let round = 0; round < 3; round++)
      await expect(own.submit(attempt, directory)).rejects.toMatchObject({ code: 'remote-missing' });
    rmSync(path, { recursive: true });
    renameSync(`${path}.away`, path);
    expect(await own.submit(attempt, directory)).toEqual({ kind: 'accepted', jobId, recovered: true });
    writeFileSync(join(directory, 'stop'), '');
    expect((await own.end(attempt, jobId, directory)).at(-1)).toMatchObject({ kind: 'ended', cause: 'done' });
    expect(read(directory, 'counter')).toBe('x\n');
  });

  test('and whose directory somebody has deleted is not submitted again, because it may have run', async () => {
    const deleted = async (own: JobBench): Promise<SubmitOutcome> => {
      const attempt = own.attempt();
      const directory = await own.upload(attempt, 'true');
      await own.submit(attempt, directory);
      // its job may still write there: then a folder that was just emptied is not empty
      rmSync(directory, { recursive: true, maxRetries: 50, retryDelay: 20 });
      return own.submit(attempt, directory);
    };
    expect(await deleted(ownBench('patient', { lookUpMs: 1e9 }))).toMatchObject({ kind: 'unconfirmed' });
    expect(await deleted(ownBench('impatient', { lookUpMs: 0 }))).toMatchObject({ kind: 'vanished' });
  });

  test('is void where its directory was deleted before anything was submitted from it', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'true');
    rmSync(directory, { recursive: true });
    expect(await bench.submit(attempt, directory)).toMatchObject({ kind: 'void' });
    // of what was not uploaded since we run nobody can say that
    expect(await bench.submit(bench.attempt(), directory)).toMatchObject({ kind: 'unconfirmed' });
  });

  test('and is revoked at the moment in which its job starts: either it runs and is adopted, or it never runs', async () => {
    for (let round = 0; round < 20; round++) {
      const attempt = bench.attempt();
      const directory = await bench.upload(attempt, 'echo x >> counter');
      mkdirSync(join(directory, '.submit'));
      const run = bench.runtime.use({ signal, mode: 'now' }, (transport) =>
        transport.exec({
          what: 'the job',
          script: `cd ${JSON.stringify(directory)} && bash ./_aiidasubmit.sh`,
        }),
      );
      const revoke = bench.runtime.use({ signal, mode: 'now' }, (transport) =>
        transport.exec({ what: 'the revocation', script: revokeScript(directory, attempt.token) }),
      );
      const [ran] = await Promise.all([run, revoke]);
      const outcome = await bench.submit(attempt, directory);
      expect([ran.exitCode === 97, outcome.kind]).toEqual([
        outcome.kind === 'void',
        ran.exitCode === 97 ? 'void' : 'accepted',
      ]);
      expect(existsSync(join(directory, 'counter'))).toBe(outcome.kind === 'accepted');
    }
  });
});

describe('files for a job', () => {
  const plan = async (extra: object) => {
    const { hash, size } = await bench.repository.putBytes(Buffer.from(bench.script('true')));
    return {
      files: [{ path: '_aiidasubmit.sh', hash: hash as ObjectHash, size, executable: false }],
      remoteCopies: [],
      remoteSymlinks: [],
      script: '_aiidasubmit.sh',
      ...extra,
    };
  };

  test('that are on the computer already are copied or linked there', async () => {
    const from = join(root, 'earlier job');
    mkdirSync(join(from, 'out'), { recursive: true });
    for (const name of ['a.wfc', 'b.wfc', 'c.txt']) writeFileSync(join(from, 'out', name), name);
    const attempt = bench.attempt();
    const { directory } = await bench.jobs.upload(
      attempt,
      await plan({
        remoteCopies: [
          { from: join(from, 'out', '*.wfc'), to: 'restart' },
          { from: join(from, 'out'), to: 'all' },
          { from: join(from, 'out', 'c.txt'), to: 'deep/er/c.txt' },
        ],
        remoteSymlinks: [{ from: join(from, 'out', 'c.txt'), to: 'link.txt' }],
      }),
      signal,
    );
    expect(read(directory, 'restart', 'b.wfc')).toBe('b.wfc');
    expect(existsSync(join(directory, 'restart', 'c.txt'))).toBe(false);
    expect(read(directory, 'all', 'c.txt')).toBe('c.txt');
    expect(read(directory, 'deep/er/c.txt')).toBe('c.txt');
    expect(read(directory, 'link.txt')).toBe('c.txt');
  });

  test('that are no longer there are an error that names them', async () => {
    const gone = join(root, 'cleaned up', '*');
    const wish = bench.jobs.upload(
      bench.attempt(),
      await plan({ remoteCopies: [{ from: gone, to: '.' }] }),
      signal,
    );
    await expect(wish).rejects.toMatchObject({ code: 'remote-missing', subject: gone });
  });

  test('that a job can do without are left out where they are not there', async () => {
    const from = join(root, 'cut off early');
    mkdirSync(from, { recursive: true });
    writeFileSync(join(from, 'input.txt'), 'input');
    const { directory } = await bench.jobs.upload(
      bench.attempt(),
      await plan({
        remoteCopies: [
          { from: join(from, 'checkpoint.dat'), to: 'checkpoint.dat', optional: true },
          { from: join(from, 'wfc*'), to: '.', optional: true },
          { from: join(from, 'input.txt'), to: 'input.txt', optional: true },
        ],
      }),
      signal,
    );
    expect(readdirSync(directory).toSorted()).toEqual(['_aiidasubmit.sh', 'input.txt']);
  });

  test('by a pattern for hidden files are those of the folder, without the notes of the former job', async () => {
    const former = await bench.run('echo 1 > .state; mkdir .cache; echo 2 > .cache/x');
    const { directory } = await bench.jobs.upload(
      bench.attempt(),
      await plan({ remoteCopies: [{ from: join(former.directory, '.*'), to: '.', optional: true }] }),
      signal,
    );
    expect(readdirSync(directory).toSorted()).toEqual(['.cache', '.state', '_aiidasubmit.sh']);
  });

  test.each([
    [{ from: '/etc/hostname', to: '../escape' }],
    [{ from: '/etc/hostname', to: '/tmp/escape' }],
    [{ from: 'relative', to: 'x' }],
  ])('cannot leave the work directory: %o', async (copy) => {
    const wish = bench.jobs.upload(bench.attempt(), await plan({ remoteCopies: [copy] }), signal);
    await expect(wish).rejects.toMatchObject({ code: 'bad-path' });
  });
});

describe('a retrieval', () => {
  test('that was cut off goes on where it was', async () => {
    const { attempt, directory } = await bench.run('for i in 1 2 3 4 5; do echo $i > file$i; done');
    const first = await bench.jobs.retrieve(attempt, directory, ['file[123]'], signal);
    const stores = bench.repository.stores;
    const second = await bench.jobs.retrieve(attempt, directory, ['file*'], signal);
    expect([first.files.length, second.files.length, bench.repository.stores - stores]).toEqual([3, 5, 2]);
  });

  test('with a pattern that is none brings the others, and says why that one brings nothing', async () => {
    const { attempt, directory } = await bench.run('echo 1 > one');
    const wish = bench.jobs.retrieve(attempt, directory, ['../x', 'one', '/etc/passwd'], signal);
    await expect(wish).resolves.toMatchObject({
      files: [{ path: 'one' }],
      skipped: [
        { path: '../x', why: 'it leaves the work directory' },
        { path: '/etc/passwd', why: 'it is not relative to the work directory' },
      ],
    });
  });

  test('of a file that is still being written ends with the file as it is, or says that it changes', async () => {
    const { attempt, directory } = await bench.run('true');
    writeFileSync(join(directory, 'growing'), 'x'.repeat(2_000_000));
    const timer = setInterval(() => writeFileSync(join(directory, 'growing'), 'y', { flag: 'a' }), 1);
    const outcome = await bench.jobs
      .retrieve(attempt, directory, ['growing'], signal)
      .catch((thrown: { code: string }) => thrown.code);
    clearInterval(timer);
    if (typeof outcome === 'string') expect(outcome).toBe('hash-mismatch');
    else
      expect(bench.repository.objects.get(outcome.files[0]?.hash as ObjectHash)?.length).toBe(
        outcome.files[0]?.size,
      );
  });
});
