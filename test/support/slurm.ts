import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  closeSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram, freePort, missingPrograms, until } from './programs.ts';
import { startAccounts, type SlurmAccounts } from './slurm-accounts.ts';

const run = promisify(execFile);

/** A private Slurm: one munged, one controller, one node with many CPUs. No accounts, as on many small clusters. */
export interface Slurm {
  /** What its commands need to find it: `SLURM_CONF`. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs one of Slurm's commands; gives its standard output. */
  command(name: string, ...args: readonly string[]): Promise<string>;
  stopController(): Promise<void>;
  startController(): Promise<void>;
  /** What a stopped controller has not yet told accounting is gone. */
  loseNews(): void;
  /** Null where none are kept. */
  readonly accounts: SlurmAccounts | null;
  stop(): Promise<void>;
}

export interface SlurmOptions {
  /** Further lines of slurm.conf. */
  readonly config?: readonly string[];
  /** Whether accounts are kept; see `accountsUnavailable`. */
  readonly accounts?: boolean;
}

/** Why no Slurm can be started here; null where it can. */
export function slurmUnavailable(): string | null {
  if (process.platform !== 'linux') return 'Slurm runs on Linux only';
  const missing = missingPrograms(['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scontrol']);
  if (missing !== null) return missing;
  return process.getuid?.() === 0 ? null : 'slurmd runs jobs only where it is started as root';
}

export async function startSlurm(options: SlurmOptions = {}): Promise<Slurm> {
  const directory = mkdtempSync(join(tmpdir(), 'stemma-slurm-'));
  chmodSync(directory, 0o755);
  for (const name of ['state', 'spool']) mkdirSync(join(directory, name));
  const socket = join(directory, 'munge.socket');
  const key = join(directory, 'munge.key');
  writeFileSync(key, randomBytes(128), { mode: 0o600 });
  const [controllerPort, nodePort] = [await freePort(), await freePort()];
  const name = hostname().split('.')[0] ?? 'localhost';
  const conf = join(directory, 'slurm.conf');
  const env = { SLURM_CONF: conf };
  const accounts = options.accounts === true ? await startAccounts({ directory, socket, env }) : null;
  writeFileSync(
    conf,
    [
      'ClusterName=test',
      `SlurmctldHost=${name}(127.0.0.1)`,
      `SlurmUser=${userInfo().username}`,
      `SlurmctldPort=${controllerPort}`,
      `SlurmdPort=${nodePort}`,
      'AuthType=auth/munge',
      // a job that is put back into the queue begins again once its old credential has expired
      `AuthInfo=socket=${socket},cred_expire=5`,
      'CredType=cred/munge',
      `StateSaveLocation=${join(directory, 'state')}`,
      `SlurmdSpoolDir=${join(directory, 'spool')}`,
      `SlurmctldPidFile=${join(directory, 'slurmctld.pid')}`,
      `SlurmdPidFile=${join(directory, 'slurmd.pid')}`,
      `SlurmctldLogFile=${join(directory, 'slurmctld.log')}`,
      `SlurmdLogFile=${join(directory, 'slurmd.log')}`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'MpiDefault=none',
      'SwitchType=switch/none',
      'SlurmdParameters=config_overrides',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_CPU',
      'SchedulerParameters=sched_interval=1,sched_min_interval=0,batch_sched_delay=0',
      'EnforcePartLimits=ALL',
      'ReturnToService=2',
      'MinJobAge=10',
      'KillWait=2',
      'InactiveLimit=0',
      ...(accounts?.config ?? []),
      ...(options.config ?? []),
      `NodeName=${name} NodeAddr=127.0.0.1 CPUs=64 RealMemory=64000 State=UNKNOWN`,
      `PartitionName=debug Nodes=${name} Default=YES MaxTime=60 State=UP`,
      `PartitionName=short Nodes=${name} MaxTime=1 State=UP`,
      '',
    ].join('\n'),
  );

  const running = new Map<string, ChildProcess>();
  const launch = (program: string, args: readonly string[]): void => {
    const path = findProgram(program);
    if (path === null) throw new Error(`${program} is not installed`);
    const out = openSync(join(directory, `${program}.out`), 'a');
    running.set(program, spawn(path, args, { stdio: ['ignore', out, out], env: { ...process.env, ...env } }));
    closeSync(out);
  };
  const end = async (program: string): Promise<void> => {
    const child = running.get(program);
    running.delete(program);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(timer);
  };
  const logs = (): string =>
    ['munged.out', 'slurmctld.out', 'slurmctld.log', 'slurmd.out', 'slurmd.log']
      .map((file) => {
        try {
          return `== ${file}\n${readFileSync(join(directory, file), 'utf8').slice(-4000)}`;
        } catch {
          return `== ${file}: none`;
        }
      })
      .join('\n');
  const command = async (name: string, ...args: readonly string[]): Promise<string> =>
    (await run(name, args, { env: { ...process.env, ...env } })).stdout;
  const nodeState = async (): Promise<string> => {
    try {
      return (await command('sinfo', '-h', '-o', '%t')).trim();
    } catch {
      return '';
    }
  };
  const startController = async (): Promise<void> => {
    launch('slurmctld', ['-D']);
    await until('the controller answers', async () => (await nodeState()) !== '', 60_000, logs);
  };

  launch('munged', [
    '--foreground',
    '--force',
    `--socket=${socket}`,
    `--key-file=${key}`,
    `--pid-file=${join(directory, 'munged.pid')}`,
    `--log-file=${join(directory, 'munged.log')}`,
    `--seed-file=${join(directory, 'munged.seed')}`,
  ]);
  await until('munged answers', async () => {
    try {
      await run('munge', ['-n', '-S', socket]);
      return true;
    } catch {
      return false;
    }
  });
  await accounts?.startDaemon();
  await startController();
  launch('slurmd', ['-D']);
  await until('the node is idle', async () => (await nodeState()).startsWith('idle'), 60_000, logs);

  return {
    env,
    command,
    accounts,
    stopController: () => end('slurmctld'),
    startController,
    loseNews: () => rmSync(join(directory, 'state', 'dbd.messages'), { force: true }),
    async stop() {
      // jobs first: slurmstepd outlives its daemons
      await command('scancel', '-f', '-u', userInfo().username).catch(() => '');
      await until(
        'no job is left',
        async () => {
          const left = await command('squeue', '-h').catch(() => '');
          return left.trim() === '';
        },
        30_000,
        logs,
      ).catch(() => {});
      await end('slurmd');
      await end('slurmctld');
      await accounts?.stop();
      await end('munged');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
