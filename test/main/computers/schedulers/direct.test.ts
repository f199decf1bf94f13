import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { directCancel, directList, directSubmit } from '#main/computers/schedulers/direct/commands.ts';
import { direct } from '#main/computers/schedulers/direct/direct.ts';
import { transportCauses } from '#shared/process/causes.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

type Machine = (script: string) => { readonly script: string; readonly env: NodeJS.ProcessEnv };

const thisMachine: Machine = (script) => ({ script, env: process.env });

/** What the listing says of one process and its work directory. */
function stateOf(jobId: string, directory: string, machine = thisMachine, here = false): string {
  const list = directList([{ jobId, directory, token: 'token' }], here);
  const { script, env } = machine(list.script);
  const out = execFileSync('/bin/sh', ['-c', script], {
    input: Buffer.from(list.input ?? ''),
    encoding: 'utf8',
    env,
  });
  return new RegExp(`^${jobId}\\|(.*)$`, 'm').exec(out)?.[1] ?? out;
}

const folder = (): string => {
  const directory = temporaryFolder();
  mkdirSync(join(directory, '.submit'));
  return directory;
};

const submit = (directory: string, job: string, machine = thisMachine): string => {
  writeFileSync(join(directory, 'job.sh'), `#!/bin/sh\n${job}\n`);
  const { script, env } = machine(directSubmit('token', 'job.sh'));
  return execFileSync('/bin/sh', ['-c', script], { cwd: directory, encoding: 'utf8', env }).trim();
};

describe('a process that was started without a scheduler', () => {
  test('is running while it runs, and gone when it has ended', async () => {
    const directory = folder();
    const jobId = submit(directory, 'while [ ! -e stop ]; do sleep 0.02; done; echo end > ended');
    expect(stateOf(jobId, directory)).toBe('running');
    writeFileSync(join(directory, 'stop'), '');
    await expect.poll(() => stateOf(jobId, directory)).toBe('gone');
    expect(readFileSync(join(directory, 'ended'), 'utf8')).toBe('end\n');
  });

  test('is gone where it had ended before the submission could note when it began', () => {
    const directory = folder();
    const { pid } = spawnSync('/bin/true');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const machine = execFileSync('uname', ['-n'], { encoding: 'utf8' }).trim();
    writeFileSync(join(directory, '.submit', 'proc'), `${pid} ${machine} ${boot} \n`);
    expect(stateOf(String(pid), directory)).toBe('gone');
  });

  test('that was started on another machine of this name is elsewhere until its own note says that it has ended', () => {
    const directory = folder();
    writeFileSync(join(directory, '.submit', 'proc'), '4711 login2 some-boot 17\n');
    expect(stateOf('4711', directory)).toBe('elsewhere');
    writeFileSync(join(directory, '.done'), 'rc=0\njob=47110\nstart=1\nend=2\nhost=login2\n');
    expect(stateOf('4711', directory)).toBe('elsewhere');
    writeFileSync(join(directory, '.done'), 'rc=0\njob=4711\nstart=1\nend=2\nhost=login2\n');
    expect(stateOf('4711', directory)).toBe('gone');
  });

  test('that runs on another machine of this name is not ended from here, and a person is told where it is', () => {
    const directory = folder();
    writeFileSync(join(directory, '.submit', 'proc'), '4711 login2 some-boot 17\n');
    const job = { jobId: '4711', directory, token: '-' };
    const ran = spawnSync('/bin/sh', ['-c', directCancel(job, false).script], { encoding: 'utf8' });
    const machine = execFileSync('uname', ['-n'], { encoding: 'utf8' }).trim();
    const { status, stdout, stderr } = ran;
    const bytes = Buffer.from(stdout);
    const answer = { exitCode: status ?? 255, stdout, bytes, stderr, noise: '', ms: 1 };
    expect(() => direct.readCancel(answer, job)).toThrow(
      `Process 4711 runs on login2, and this connection leads to ${machine}.`,
    );
    expect(transportCauses['other-login-node']).toMatchObject({ needsPerson: true, mayPass: true });
  });

  test('whose submission was cut off is not looked for on another machine than that of the submission', () => {
    const directory = folder();
    writeFileSync(join(directory, '.submit', 'begin'), 'token login2 4700 1790000000\n');
    expect(stateOf('4711', directory)).toBe('elsewhere');
    const machine = execFileSync('uname', ['-n'], { encoding: 'utf8' }).trim();
    writeFileSync(join(directory, '.submit', 'begin'), `token ${machine} 4700 1790000000\n`);
    expect(stateOf('4711', directory)).toBe('gone');
  });

  /** As it lies below the root of all work directories, which has others. */
  const deepFolder = (): { readonly root: string; readonly directory: string } => {
    const root = join(temporaryFolder(), 'root');
    const directory = join(root, 'ab', 'cd', 'ef-gh', 'a1');
    mkdirSync(join(directory, '.submit'), { recursive: true });
    return { root, directory };
  };

  test.each([
    ['its directory', (_root: string, directory: string) => directory],
    ['a folder above it', (_root: string, directory: string) => dirname(dirname(directory))],
    ['the root of all work directories', (root: string) => root],
  ])('is unseen, and not gone, while %s cannot be entered', async (_name, of) => {
    const { root, directory } = deepFolder();
    const jobId = submit(directory, 'echo > began; while [ ! -e stop ]; do sleep 0.02; done');
    await expect.poll(() => existsSync(join(directory, 'began'))).toBe(true);
    const path = of(root, directory);
    renameSync(path, `${path}.away`);
    // every look fails there, for the owner of the machine too (ELOOP)
    symlinkSync(path, path);
    expect(stateOf(jobId, directory)).toBe('unseen');
    rmSync(path);
    renameSync(`${path}.away`, path);
    expect(stateOf(jobId, directory)).toBe('running');
    writeFileSync(join(directory, 'stop'), '');
    await expect.poll(() => stateOf(jobId, directory)).toBe('gone');
  });

  test('whose directory was deleted is known by its token, and can be ended', async () => {
    const { directory } = deepFolder();
    mkdirSync(join(dirname(dirname(directory)), 'other'));
    const jobId = submit(directory, 'while :; do sleep 0.02; done');
    await expect.poll(() => stateOf(jobId, directory)).toBe('running');
    rmSync(directory, { recursive: true });
    expect(stateOf(jobId, directory)).toBe('running');
    const end = (token: string): void => {
      spawnSync('/bin/sh', ['-c', directCancel({ jobId, directory, token }, false).script]);
    };
    end('another');
    expect(stateOf(jobId, directory)).toBe('running');
    end('token');
    await expect.poll(() => stateOf(jobId, directory)).toBe('gone');
  });

  test('whose directory was deleted, and which is not found here, is no process that was ended', () => {
    const { root, directory } = deepFolder();
    mkdirSync(join(root, 'other'));
    rmSync(join(root, 'ab'), { recursive: true });
    const job = { jobId: '4711', directory, token: 'token' };
    const cancel = (here: boolean) => {
      const { script } = directCancel(job, here);
      const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
      return { exitCode: status ?? 255, stdout, bytes: Buffer.from(stdout), stderr, noise: '', ms: 1 };
    };
    expect(() => direct.readCancel(cancel(false), job)).toThrow(
      /^Process 4711 is not found on \S+, and its work directory, which told where it runs, is gone\.$/,
    );
    // no login leads to another machine than this one
    expect(cancel(true).exitCode).toBe(0);
  });

  test('is unseen where the file system of its directory is not mounted, which leaves an empty folder or none', () => {
    const { root, directory } = deepFolder();
    rmSync(root, { recursive: true });
    expect(stateOf('4711', directory)).toBe('unseen');
    mkdirSync(root);
    expect(stateOf('4711', directory)).toBe('unseen');
    mkdirSync(join(root, 'of another process'));
    expect(stateOf('4711', directory)).toBe('gone');
  });

  test('runs, and can be ended, after its machine got another name, and is strayed where it is not found there', async () => {
    const directory = folder();
    const note = join(directory, '.submit', 'proc');
    const jobId = submit(directory, 'while :; do sleep 0.02; done');
    const renamed = (): void => {
      const [pid, , ...rest] = readFileSync(note, 'utf8').split(' ');
      writeFileSync(note, [pid, 'name-of-yesterday', ...rest].join(' '));
    };
    renamed();
    for (const here of [true, false]) expect(stateOf(jobId, directory, thisMachine, here)).toBe('running');
    execFileSync('/bin/sh', ['-c', directCancel({ jobId, directory, token: '-' }, true).script]);
    await expect.poll(() => stateOf(jobId, directory, thisMachine, true)).toBe('strayed');
    expect(stateOf(jobId, directory)).toBe('elsewhere');
    writeFileSync(join(directory, '.done'), `rc=0\njob=${jobId}\nstart=1\nend=2\nhost=x\n`);
    for (const here of [true, false]) expect(stateOf(jobId, directory, thisMachine, here)).toBe('gone');
  });

  test('that was cut off from its submission is known by its directory, whatever its machine is called', async () => {
    const directory = folder();
    const jobId = submit(directory, 'while [ ! -e stop ]; do sleep 0.02; done');
    rmSync(join(directory, '.submit', 'proc'));
    writeFileSync(join(directory, '.submit', 'begin'), `token name-of-yesterday 4700 1790000000\n`);
    expect(stateOf(jobId, directory)).toBe('running');
    writeFileSync(join(directory, 'stop'), '');
    await expect.poll(() => stateOf(jobId, directory)).toBe('elsewhere');
  });

  test('is not taken for a later process with its number', async () => {
    const directory = folder();
    const later = spawn('/bin/sleep', ['60']);
    onTestFinished(() => void later.kill());
    await once(later, 'spawn');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const machine = execFileSync('uname', ['-n'], { encoding: 'utf8' }).trim();
    for (const began of ['', '17']) {
      writeFileSync(join(directory, '.submit', 'proc'), `${later.pid} ${machine} ${boot} ${began}\n`);
      expect(stateOf(String(later.pid), directory)).toBe('gone');
    }
  });
});

/**
 * A fake `ps` that prints as BSD's does: more letters after the state, and the time in the words of whoever asks. It
 * reads /proc, which is hidden from the scripts themselves.
 */
const fakePs = `#!/bin/sh
for pid; do :; done
read -r stat < "/proc/$pid/stat" || exit 1
set -- \${stat##*) }
state=$1
shift 19
day=Mon
[ "$LC_ALL" = C ] || day=lun.
echo "$state+ $day $(date -d "@$((1790000000 + $1 / 100))" '+%b %e %H:%M:%S %Y')"
`;

/** As if by somebody with that language and time zone on a machine without /proc. */
function bsd(): (LC_ALL: string, TZ: string) => Machine {
  const programs = temporaryFolder();
  writeFileSync(join(programs, 'ps'), fakePs, { mode: 0o755 });
  return (LC_ALL, TZ) => (script) => ({
    script: script.replaceAll('/proc/', '/hidden/'),
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`, LC_ALL, TZ },
  });
}

describe.skipIf(process.platform !== 'linux')('a process on a machine without /proc (a fake of BSD)', () => {
  const asked = ['C', 'UTC'] as const;
  const byPerson = ['fr_FR.UTF-8', 'JST-9'] as const;
  const untilStopped = 'while [ ! -e stop ]; do sleep 0.02; done';

  test('is the same to the account, which submits in its own language and time zone, and to us', async () => {
    const machine = bsd();
    const directory = folder();
    const jobId = submit(directory, untilStopped, machine(...byPerson));
    expect(stateOf(jobId, directory, machine(...asked))).toBe('running');
    expect(stateOf(jobId, directory, machine(...byPerson))).toBe('running');
    writeFileSync(join(directory, 'stop'), '');
    await expect.poll(() => stateOf(jobId, directory, machine(...asked))).toBe('gone');
  });

  test('is suspended and goes on, whatever letters come after the first', async () => {
    const machine = bsd()(...asked);
    const directory = folder();
    const jobId = submit(directory, untilStopped, machine);
    process.kill(Number(jobId), 'SIGSTOP');
    await expect.poll(() => stateOf(jobId, directory, machine)).toBe('suspended');
    process.kill(Number(jobId), 'SIGCONT');
    await expect.poll(() => stateOf(jobId, directory, machine)).toBe('running');
    writeFileSync(join(directory, 'stop'), '');
    await expect.poll(() => stateOf(jobId, directory, machine)).toBe('gone');
  });

  test('has ended where it is a zombie', async () => {
    const machine = bsd()(...asked);
    const directory = folder();
    // whoever started it became a program that never asks how it ended
    const parent = spawn('/bin/sh', ['-c', `${untilStopped} & echo $!; exec sleep 60`], { cwd: directory });
    onTestFinished(() => void parent.kill());
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const jobId = line.toString().trim();
    const name = execFileSync('uname', ['-n'], { encoding: 'utf8' }).trim();
    const { env } = machine('');
    const told = execFileSync('ps', ['-p', jobId], { env, encoding: 'utf8' }).trim().split(' ').slice(1);
    writeFileSync(join(directory, '.submit', 'proc'), `${jobId} ${name} - ${told.join(' ')}\n`);
    expect(stateOf(jobId, directory, machine)).toBe('running');
    writeFileSync(join(directory, 'stop'), '');
    await expect.poll(() => stateOf(jobId, directory, machine)).toBe('gone');
    expect(readFileSync(`/proc/${jobId}/stat`, 'utf8')).toContain(') Z ');
  });
});
