import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePort, missingPrograms, until } from './programs.ts';

export interface SshdOptions {
  readonly hostKey?: 'ed25519' | 'rsa' | 'ecdsa';
  /** Set in every session; `HOME` too. */
  readonly env?: Readonly<Record<string, string>>;
  /** Run every command by this shell instead of the account's: `/bin/tcsh`. */
  readonly shell?: string;
  /** Further lines of `sshd_config`, which come first and so win. */
  readonly config?: readonly string[];
  readonly port?: number;
}

/** A real sshd on the loopback interface, for the account that runs the tests. */
export interface Sshd {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  /** Home of the sessions: empty at first. */
  readonly home: string;
  /** Path of a private key that may log in, and of one that may not. */
  readonly key: string;
  readonly strangerKey: string;
  /** `ssh-ed25519 AAAA…` of the host key now in use. */
  hostKeyLine(): string;
  /** As `ssh-keygen -l` prints it: `SHA256:…`. */
  fingerprint(): string;
  /** What sshd wrote (LogLevel DEBUG1). */
  log(): string;
  /** Gives the host another key and starts sshd again on the same port. */
  changeHostKey(): Promise<void>;
  /** Processes of sessions and logins that are there now. */
  sessions(): number;
  /** Kills every session at once, as a crash of the server does; the listener goes on. */
  killSessions(): void;
  /** Stops the sessions' processes in their tracks (SIGSTOP): a link that is half open. */
  freezeSessions(): void;
  thawSessions(): void;
  stop(): Promise<void>;
}

/** Why no sshd can be started here; null where it can. */
export function sshdUnavailable(): string | null {
  if (process.platform !== 'linux') return 'the tests start sshd on Linux only';
  return missingPrograms(['sshd', 'ssh-keygen']);
}

/** A pair of keys, in `path` and `path`.pub. */
export function makeKey(path: string, type = 'ed25519', passphrase = ''): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', path]);
}

/** Children of `pid`, and theirs, that are sshd processes. */
function sessionsOf(pid: number): number[] {
  const found: number[] = [];
  const tasks = `/proc/${pid}/task/${pid}/children`;
  const children = existsSync(tasks) ? readFileSync(tasks, 'utf8').trim().split(/\s+/) : [];
  for (const text of children) {
    const child = Number(text);
    if (!(child > 0)) continue;
    try {
      if (readFileSync(`/proc/${child}/comm`, 'utf8').startsWith('sshd'))
        found.push(child, ...sessionsOf(child));
    } catch {
      // gone meanwhile
    }
  }
  return found;
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const sshd = findProgram('sshd');
  if (sshd === null) throw new Error('sshd is not installed');
  const directory = mkdtempSync(join(tmpdir(), 'stemma-sshd-'));
  chmodSync(directory, 0o755);
  const home = join(directory, 'home');
  mkdirSync(home);
  const hostKey = join(directory, 'host-key');
  makeKey(hostKey, options.hostKey ?? 'ed25519');
  makeKey(join(directory, 'key'), 'ed25519');
  makeKey(join(directory, 'stranger'), 'ed25519');
  const root = process.getuid?.() === 0;
  // sshd wants its empty folder only where it can drop privileges
  if (root) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = options.port ?? (await freePort());
  const logFile = join(directory, 'log');
  const env = { HOME: home, ...options.env };
  const config = join(directory, 'config');
  const lines = [
    ...(options.config ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    `PidFile ${join(directory, 'pid')}`,
    `AuthorizedKeysFile ${join(directory, 'key.pub')}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication yes',
    'PrintMotd no',
    'LogLevel DEBUG1',
    'Subsystem sftp internal-sftp',
    `SetEnv ${Object.entries(env)
      .map(([name, value]) => `"${name}=${value}"`)
      .join(' ')}`,
    ...(options.shell === undefined ? [] : [`ForceCommand ${options.shell} -c "$SSH_ORIGINAL_COMMAND"`]),
  ];
  // since 9.8 an address whose logins fail, as here by intent, is turned away for a while; before it knows no such word
  const isNew = execFileSync(sshd, ['-T', '-f', '/dev/null', '-h', hostKey], { encoding: 'utf8' });
  if (/^persourcepenalties/m.test(isNew)) lines.push('PerSourcePenalties no');
  writeFileSync(config, `${lines.join('\n')}\n`);

  let child: ChildProcess;
  const start = async (): Promise<void> => {
    writeFileSync(logFile, '', { flag: 'a' });
    const before = readFileSync(logFile, 'utf8').length;
    const said = (): string => readFileSync(logFile, 'utf8').slice(before);
    child = spawn(sshd, ['-D', '-f', config, '-E', logFile], { stdio: 'ignore' });
    await until(
      'sshd listens',
      () => {
        if (child.exitCode !== null) throw new Error(`sshd ended with ${child.exitCode}\n${said()}`);
        return said().includes(`Server listening on 127.0.0.1 port ${port}.`);
      },
      undefined,
      said,
    );
  };
  const end = async (): Promise<void> => {
    for (const pid of sessionsOf(child.pid ?? -1)) signal(pid, 'SIGKILL');
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  };
  await start();

  return {
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    home,
    key: join(directory, 'key'),
    strangerKey: join(directory, 'stranger'),
    hostKeyLine: () => readFileSync(`${hostKey}.pub`, 'utf8').split(' ').slice(0, 2).join(' '),
    fingerprint: () =>
      execFileSync('ssh-keygen', ['-lf', `${hostKey}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '',
    log: () => readFileSync(logFile, 'utf8'),
    async changeHostKey() {
      await end();
      rmSync(hostKey);
      rmSync(`${hostKey}.pub`);
      makeKey(hostKey, options.hostKey ?? 'ed25519');
      await start();
    },
    sessions: () => sessionsOf(child.pid ?? -1).length,
    killSessions: () => sessionsOf(child.pid ?? -1).forEach((pid) => signal(pid, 'SIGKILL')),
    freezeSessions: () => sessionsOf(child.pid ?? -1).forEach((pid) => signal(pid, 'SIGSTOP')),
    thawSessions: () => sessionsOf(child.pid ?? -1).forEach((pid) => signal(pid, 'SIGCONT')),
    async stop() {
      await end();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}
