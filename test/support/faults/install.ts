/**
 * Loaded before everything else (`node --import`), in every thread: files, SQLite and child processes as they are,
 * but each of their calls can be made to fail once, or be the last thing that the process does. The product knows
 * nothing of it.
 */
import childProcess, { type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { PassThrough } from 'node:stream';
import Database from 'better-sqlite3';
import { arm, meet, type FaultyCall } from './control.ts';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Holder = Record<string, Method>;

const writeLine = fs.writeSync;
const spawn = childProcess.spawn;

/** Where a process that kills itself says at which call. */
const report = process.env['STEMMA_FAULT_REPORT'];

function die(call: FaultyCall, when: string): never {
  if (report !== undefined) writeLine(fs.openSync(report, 'a'), `${when} ${call}\n`);
  process.kill(process.pid, 'SIGKILL');
  // the signal ends all threads, this one perhaps a moment later
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}

const fileErrors = [
  ['EIO', 'i/o error'],
  ['ENOSPC', 'no space left on device'],
  ['EACCES', 'permission denied'],
] as const;

function fileError(call: string, which: number): Error {
  const [code, words] = fileErrors[which % fileErrors.length] ?? fileErrors[0];
  return Object.assign(new Error(`${code}: ${words}, ${call}`), { code, syscall: call });
}

const sqlErrors = [
  ['SQLITE_FULL', 'database or disk is full'],
  ['SQLITE_IOERR', 'disk I/O error'],
  ['SQLITE_BUSY', 'database is locked'],
] as const;

function sqlError(call: FaultyCall, which: number): Error {
  const [code, words] =
    sqlErrors[(call === 'SQL read' ? 1 + (which % 2) : which) % sqlErrors.length] ?? sqlErrors[0];
  return new Database.SqliteError(words, code);
}

/** Takes the place of a method: throws (or rejects, where the method would), dies, or does what it did. */
function replace(
  holder: object,
  name: string,
  callOf: (self: unknown) => FaultyCall,
  errorOf: (call: FaultyCall, which: number) => Error,
  isAsync: boolean,
): void {
  const original = (holder as Holder)[name];
  if (original === undefined) throw new Error(`There is no ${name}`);
  const replaced: Method = function (...args) {
    const call = callOf(this);
    const fate = meet(call);
    if (fate === null) return original.apply(this, args);
    if (fate.action === 'kill before') die(call, 'before');
    if (fate.action === 'fail') {
      const error = errorOf(call, fate.error);
      if (isAsync) return Promise.reject(error);
      throw error;
    }
    const result = original.apply(this, args);
    if (!(result instanceof Promise)) return die(call, 'after');
    return result.then(() => die(call, 'after'));
  };
  (holder as Holder)[name] = replaced;
}

const fileCalls: readonly (readonly [name: string, call: FaultyCall])[] = [
  ['write', 'write'],
  ['writeFile', 'write'],
  ['appendFile', 'write'],
  ['fsync', 'fsync'],
  ['fdatasync', 'fsync'],
  ['rename', 'rename'],
  ['open', 'open'],
  ['mkdir', 'make directory'],
  ['unlink', 'remove'],
  ['rm', 'remove'],
  ['readFile', 'read file'],
];
const handleCalls: readonly (readonly [name: string, call: FaultyCall])[] = [
  ['write', 'write'],
  ['writeFile', 'write'],
  ['appendFile', 'write'],
  ['sync', 'fsync'],
  ['datasync', 'fsync'],
  ['read', 'read file'],
  ['readFile', 'read file'],
];

async function files(): Promise<void> {
  const handle = await fsPromises.open(process.execPath, 'r');
  const handles = Object.getPrototypeOf(handle) as object;
  await handle.close();
  for (const [name, call] of handleCalls) replace(handles, name, () => call, fileError, true);
  for (const [name, call] of fileCalls) {
    if (`${name}Sync` in fs) replace(fs, `${name}Sync`, () => call, fileError, false);
    if (name in fsPromises) replace(fsPromises, name, () => call, fileError, true);
  }
  syncBuiltinESMExports();
}

function databases(): void {
  const db = new Database(':memory:');
  const statements = Object.getPrototypeOf(db.prepare('SELECT 1')) as object;
  db.close();
  const callOf = (statement: unknown): FaultyCall => {
    const { source, readonly } = statement as { readonly source: string; readonly readonly: boolean };
    if (/^\s*commit/i.test(source)) return 'SQL commit';
    return readonly ? 'SQL read' : 'SQL write';
  };
  for (const name of ['run', 'get', 'all', 'iterate']) replace(statements, name, callOf, sqlError, false);
}

/** A command that cannot start; one that is done, and whose answer is lost; one that is killed at once. */
function faultyChild(which: number, start: () => ChildProcess): ChildProcess {
  const child = start();
  if (which % 3 === 0) {
    const emit = child.emit.bind(child) as (event: string | symbol, ...args: unknown[]) => boolean;
    const error = Object.assign(new Error('spawn EAGAIN'), { code: 'EAGAIN', syscall: 'spawn' });
    child.emit = (event: string | symbol, ...args: unknown[]): boolean =>
      event === 'spawn' || event === 'error' ? emit('error', error) : emit(event, ...args);
    child.kill('SIGKILL');
  } else if (which % 3 === 1) {
    child.stdout?.resume();
    const nothing = new PassThrough();
    child.once('close', () => nothing.end());
    child.stdout = nothing;
  } else
    setTimeout(
      () => child.pid !== undefined && child.exitCode === null && process.kill(-child.pid, 'SIGKILL'),
      5,
    );
  return child;
}

function commands(): void {
  const replaced = ((...args: Parameters<typeof spawn>) => {
    const fate = meet('exec');
    if (fate === null) return spawn(...args);
    if (fate.action === 'kill before') die('exec', 'before');
    if (fate.action === 'fail') return faultyChild(fate.error, () => spawn(...args));
    const child = spawn(...args);
    // the command is on its way, and may get anywhere before nobody listens any more
    child.once('spawn', () => setTimeout(() => die('exec', 'after'), 3));
    return child;
  }) as typeof spawn;
  childProcess.spawn = replaced;
  syncBuiltinESMExports();
}

await files();
databases();
commands();

const plan = process.env['STEMMA_FAULT'];
if (plan !== undefined && plan !== '') arm(JSON.parse(plan) as Parameters<typeof arm>[0]);
