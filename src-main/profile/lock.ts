import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { operationalError, userError, type StemmaError } from '#shared/base/errors.ts';
import { profilePaths } from './folder.ts';
import { hostId } from './host-id.ts';

/** Who has a profile open, as `lock-owner` says it. */
const lockOwner = z.object({
  hostId: z.string(),
  host: z.string(),
  pid: z.number().int(),
  /** Milliseconds since 1970-01-01 UTC. */
  since: z.number(),
  /** Changes with each opening: a writer that finds another one here has lost the profile. */
  token: z.string(),
  /** When it was closed in good order; null while it is open, and after a crash. */
  closed: z.number().nullable(),
});
export type LockOwner = z.infer<typeof lockOwner>;

export interface ProfileLock {
  readonly owner: LockOwner;
  /** Whether this opening still owns the profile; false when somebody replaced the lock's files under us. */
  stillOurs(): boolean;
  release(): void;
}

export interface LockFacts {
  readonly hostId: string;
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const here = (): LockFacts => ({ hostId: hostId(), host: hostname(), pid: process.pid, now: Date.now });

/**
 * Takes a profile for this process. The lock itself is SQLite's lock on the file `lock`, held by an exclusive
 * transaction that never ends: the operating system frees it however the process dies. `lock-owner` beside it is for
 * people. Why so: docs/decisions/profile-lock.md.
 *
 * @throws StemmaError `profile-in-use` (here), `profile-open-elsewhere` (another computer opened it and did not close it)
 */
export function lockProfile(directory: string, facts: LockFacts = here()): ProfileLock {
  const paths = profilePaths(directory);
  const handle = hold(paths.lock, paths.directory, () => ownerOf(paths.lockOwner));
  const before = ownerOf(paths.lockOwner);
  if (before !== null && before.closed === null && before.hostId !== facts.hostId) {
    handle.close();
    throw userError({
      code: 'profile-open-elsewhere',
      message: `The profile at ${paths.directory} was opened on another computer, ${before.host} (process ${before.pid}), and not closed there.`,
      hint: `If Stemma no longer runs there, remove the file ${paths.lockOwner} and try again; a folder that is synchronised between computers must be open on one of them only.`,
    });
  }
  const owner: LockOwner = {
    hostId: facts.hostId,
    host: facts.host,
    pid: facts.pid,
    since: facts.now(),
    token: randomUUID(),
    closed: null,
  };
  try {
    writeOwner(paths.lockOwner, owner);
  } catch (error) {
    handle.close();
    throw notWritable(paths.directory, error);
  }
  let held = true;
  holding.add(handle);
  return {
    owner,
    stillOurs: () => held && ownerOf(paths.lockOwner)?.token === owner.token,
    release() {
      if (!held) return;
      held = false;
      try {
        if (ownerOf(paths.lockOwner)?.token === owner.token) {
          writeOwner(paths.lockOwner, { ...owner, closed: facts.now() });
        }
      } finally {
        holding.delete(handle);
        handle.close();
      }
    },
  };
}

/** SQLite lets go of a file when its handle is collected as garbage: what is held must be reachable until it is released. */
const holding = new Set<Database.Database>();

function hold(file: string, directory: string, owner: () => LockOwner | null): Database.Database {
  let database: Database.Database;
  try {
    database = new Database(file, { timeout: 0 });
  } catch (error) {
    throw notWritable(directory, error);
  }
  try {
    // A rollback journal in memory: the file is never written, only locked. In WAL mode `exclusive` would let others in.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error)) throw inUse(directory, liveOwner(owner));
    if ((error as { code?: string }).code === 'SQLITE_NOTADB') {
      throw userError({
        code: 'profile-lock-damaged',
        message: `The file ${file} is not a lock of Stemma.`,
        hint: 'Remove it while no Stemma has this profile open, and try again.',
      });
    }
    throw notWritable(directory, error);
  }
}

const isBusy = (error: unknown): boolean =>
  ['SQLITE_BUSY', 'SQLITE_LOCKED'].some(
    (code) => (error as { code?: string }).code?.startsWith(code) === true,
  );

/** Between the lock and the owner's name lie some milliseconds, in which the name is missing or the former one's. */
function liveOwner(owner: () => LockOwner | null): LockOwner | null {
  for (let tries = 0; tries < 25; tries++) {
    const found = owner();
    if (found !== null && found.closed === null && (found.host !== hostname() || isAlive(found.pid)))
      return found;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
  return owner();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(directory: string, owner: LockOwner | null): StemmaError {
  const who = owner === null ? 'process unknown' : `process ${owner.pid} on ${owner.host}`;
  return userError({
    code: 'profile-in-use',
    message: `The profile at ${directory} is in use by another instance of Stemma (${who}).`,
  });
}

const notWritable = (directory: string, error: unknown): StemmaError =>
  operationalError(
    {
      code: 'profile-not-writable',
      message: `The profile at ${directory} cannot be locked: ${(error as Error).message}.`,
      hint: 'Check the permissions and the free space there, or choose another folder.',
    },
    error,
  );

/** Who holds, or held, the profile; null where nobody ever did or the file is damaged (the lock itself decides). */
export function ownerOf(file: string): LockOwner | null {
  try {
    return lockOwner.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function writeOwner(file: string, owner: LockOwner): void {
  const draft = `${file}.${owner.token}`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(owner)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
}
