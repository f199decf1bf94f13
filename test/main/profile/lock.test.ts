import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lockProfile, ownerOf, type LockFacts } from '#main/profile/lock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Answer {
  readonly held: boolean;
  readonly pid: number;
  readonly message?: string;
}

const holder = fileURLToPath(new URL('./lock-holder.ts', import.meta.url));

async function startHolder(directory: string): Promise<{ child: ChildProcess; answer: Answer }> {
  const child = spawn(process.execPath, [holder, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, answer: JSON.parse(line) as Answer };
}

const facts = (host: string): LockFacts => ({ hostId: `id-${host}`, host, pid: 4711, now: () => 1000 });

describe('the lock of a profile', () => {
  test('names the process that holds it, in exactly these words', async () => {
    const directory = temporaryFolder();
    const { answer } = await startHolder(directory);
    expect(answer.held).toBe(true);
    expect(() => lockProfile(directory)).toThrow(
      `The profile at ${directory} is in use by another instance of Stemma (process ${answer.pid} on ${hostname()}).`,
    );
  });

  test('is held within one process too', () => {
    const directory = temporaryFolder();
    const lock = lockProfile(directory);
    expect(() => lockProfile(directory)).toThrow(/in use by another instance/);
    lock.release();
    lockProfile(directory).release();
  });

  test('is free again after its holder was killed', async () => {
    const directory = temporaryFolder();
    const { child } = await startHolder(directory);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = lockProfile(directory);
    expect(lock.owner.pid).toBe(process.pid);
    lock.release();
  });

  test('goes to exactly one of fifty that start at once, and the others name that one', async () => {
    const directory = temporaryFolder();
    const answers = (await Promise.all(Array.from({ length: 50 }, () => startHolder(directory)))).map(
      ({ answer }) => answer,
    );
    const winners = answers.filter(({ held }) => held);
    expect(winners).toHaveLength(1);
    const words = `(process ${winners[0]?.pid} on ${hostname()}).`;
    for (const { held, message } of answers) if (!held) expect(message).toContain(words);
  });

  test('leaves nothing but its two files behind, and an owner that says it was closed', () => {
    const directory = temporaryFolder();
    const lock = lockProfile(directory, facts('here'));
    lock.release();
    lock.release();
    expect(readdirSync(directory).sort()).toEqual(['lock', 'lock-owner']);
    expect(ownerOf(join(directory, 'lock-owner'))).toMatchObject({ host: 'here', pid: 4711, closed: 1000 });
    expect(readFileSync(join(directory, 'lock')).length).toBe(0);
  });

  test('is refused in a copy of a profile that another computer has open', () => {
    const directory = temporaryFolder();
    const copy = temporaryFolder();
    const lock = lockProfile(directory, facts('other'));
    cpSync(join(directory, 'lock-owner'), join(copy, 'lock-owner'));
    expect(() => lockProfile(copy, facts('here'))).toThrow(
      /was opened on another computer, other \(process 4711\)/,
    );
    lock.release();
    cpSync(join(directory, 'lock-owner'), join(copy, 'lock-owner'));
    lockProfile(copy, facts('here')).release();
  });

  test('knows when its files were taken away', () => {
    const directory = temporaryFolder();
    const lock = lockProfile(directory, facts('here'));
    expect(lock.stillOurs()).toBe(true);
    writeFileSync(join(directory, 'lock-owner'), JSON.stringify({ ...lock.owner, token: 'another' }));
    expect(lock.stillOurs()).toBe(false);
    lock.release();
    expect(ownerOf(join(directory, 'lock-owner'))?.token).toBe('another');
  });

  test('takes a damaged owner file for no owner', () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'lock-owner'), '{"host":');
    lockProfile(directory).release();
    expect(ownerOf(join(directory, 'lock-owner'))?.pid).toBe(process.pid);
  });

  test('says it in words when the file of that name is something else', () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'lock'), 'not a database '.repeat(100));
    expect(() => lockProfile(directory)).toThrow(/is not a lock of Stemma/);
  });
});
