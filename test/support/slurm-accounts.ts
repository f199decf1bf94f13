import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram, freePort, missingPrograms, until } from './programs.ts';

const run = promisify(execFile);

/** A private slurmdbd on a private MariaDB, as on large clusters: what sacct asks. */
export interface SlurmAccounts {
  /** Lines for slurm.conf. */
  readonly config: readonly string[];
  /** Stops slurmdbd: sacct fails, and the controller keeps what it would have told. */
  stopDaemon(): Promise<void>;
  /** @param more further lines of slurmdbd.conf, until it is stopped */
  startDaemon(more?: readonly string[]): Promise<void>;
  /** Makes a job that has ended look as if all of it had happened so many days before. */
  age(jobId: string, days: number): Promise<void>;
  stop(): Promise<void>;
}

/** Why no accounts can be kept here; null where they can. */
export const accountsUnavailable = (): string | null =>
  missingPrograms(['slurmdbd', 'mariadb', 'mariadbd', 'mariadb-install-db', 'my_print_defaults']);

export interface AccountsPlace {
  /** Of slurm.conf: slurmdbd reads its own file beside it. */
  readonly directory: string;
  /** Of munged. */
  readonly socket: string;
  readonly env: Readonly<Record<string, string>>;
}

/** @throws where MariaDB or slurmdbd does not answer, with the end of their logs */
export async function startAccounts({ directory, socket, env }: AccountsPlace): Promise<SlurmAccounts> {
  const data = join(directory, 'mariadb');
  const [databasePort, daemonPort] = [await freePort(), await freePort()];
  const password = randomBytes(12).toString('hex');
  const user = userInfo().username;
  mkdirSync(data);
  await run('mariadb-install-db', [`--datadir=${data}`, `--user=${user}`, '--skip-test-db']);
  const firstWords = join(directory, 'accounts.sql');
  // a statement a line
  writeFileSync(
    firstWords,
    [
      `CREATE USER slurm@'127.0.0.1' IDENTIFIED BY '${password}';`,
      "GRANT ALL ON slurm_accounts.* TO slurm@'127.0.0.1';",
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  const configuration = (more: readonly string[]): string =>
    [
      'AuthType=auth/munge',
      `AuthInfo=socket=${socket}`,
      'DbdHost=localhost',
      'DbdAddr=127.0.0.1',
      `DbdPort=${daemonPort}`,
      `SlurmUser=${user}`,
      'StorageType=accounting_storage/mysql',
      'StorageHost=127.0.0.1',
      `StoragePort=${databasePort}`,
      'StorageUser=slurm',
      `StoragePass=${password}`,
      'StorageLoc=slurm_accounts',
      `LogFile=${join(directory, 'slurmdbd.log')}`,
      `PidFile=${join(directory, 'slurmdbd.pid')}`,
      ...more,
      '',
    ].join('\n');

  const launch = (program: string, args: readonly string[]): ChildProcess => {
    const out = openSync(join(directory, `${program}.out`), 'a');
    try {
      const path = findProgram(program) ?? program;
      return spawn(path, args, { stdio: ['ignore', out, out], env: { ...process.env, ...env } });
    } finally {
      closeSync(out);
    }
  };
  const logs = (): string =>
    ['mariadbd.out', 'slurmdbd.out', 'slurmdbd.log']
      .map((file) => {
        try {
          return `== ${file}\n${readFileSync(join(directory, file), 'utf8').slice(-3000)}`;
        } catch {
          return `== ${file}: none`;
        }
      })
      .join('\n');

  const database = launch('mariadbd', [
    '--no-defaults',
    `--datadir=${data}`,
    `--user=${user}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    `--port=${databasePort}`,
    `--socket=${join(directory, 'mariadb.socket')}`,
    `--pid-file=${join(directory, 'mariadb.pid')}`,
    `--init-file=${firstWords}`,
    // what slurmdbd asks for
    '--innodb-buffer-pool-size=64M',
    '--innodb-lock-wait-timeout=900',
    '--innodb-flush-log-at-trx-commit=0',
  ]);
  await until('MariaDB answers', () => logs().includes('ready for connections'), 60_000, logs);

  let daemon: ChildProcess | null = null;
  const answers = async (): Promise<boolean> => {
    try {
      await run('sacctmgr', ['--noheader', 'list', 'user'], { env: { ...process.env, ...env } });
      return true;
    } catch {
      return false;
    }
  };
  return {
    config: [
      'AccountingStorageType=accounting_storage/slurmdbd',
      'AccountingStorageHost=127.0.0.1',
      `AccountingStoragePort=${daemonPort}`,
      // of munged, not a password
      `AccountingStoragePass=${socket}`,
    ],
    async startDaemon(more = []) {
      writeFileSync(join(directory, 'slurmdbd.conf'), configuration(more), { mode: 0o600 });
      daemon = launch('slurmdbd', ['-D']);
      await until('slurmdbd answers', answers, 60_000, logs);
    },
    async stopDaemon() {
      if (daemon !== null) await ended(daemon);
      daemon = null;
    },
    async age(jobId, days) {
      const times = ['time_submit', 'time_eligible', 'time_start', 'time_end'];
      const change = times.map((time) => `${time} = ${time} - ${days * 86_400}`).join(', ');
      const where = `id_job = ${Number(jobId)} AND time_end > 0`;
      const sql = `UPDATE test_job_table SET ${change} WHERE ${where}; SELECT ROW_COUNT();`;
      const to = ['--no-defaults', '--host=127.0.0.1', `--port=${databasePort}`, '--user=slurm', '--batch'];
      const { stdout } = await run('mariadb', [...to, '--skip-column-names', 'slurm_accounts', '-e', sql], {
        env: { ...process.env, MYSQL_PWD: password },
      });
      if (stdout.trim() !== '1') throw new Error(`Job ${jobId} has not ended in accounting: ${stdout}`);
    },
    async stop() {
      if (daemon !== null) await ended(daemon);
      await ended(database);
    },
  };
}

/** Asks a child to end, and makes it. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await gone;
  clearTimeout(timer);
}
