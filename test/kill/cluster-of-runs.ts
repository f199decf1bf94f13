import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCluster, clusterConfig } from '../support/cluster-profile.ts';
import { findProgram } from '../support/programs.ts';
import { startSlurm, type Slurm } from '../support/slurm.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { startCoreProcess } from '../support/start-core-process.ts';

export interface Codes {
  /** Programs that note where they ran, then do what bash does. */
  readonly here: string;
  readonly there: string;
}

const lines = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];

/** How often each process was begun, by the directory of its attempts: `…/ab/cd/<rest of the UUID>/a1`. */
function counted(file: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines(file)) {
    const [rest = '', second = '', first = ''] = line
      .replace(/\/a\d+$/, '')
      .split('/')
      .toReversed();
    const uuid = `${first}${second}${rest}`;
    counts.set(uuid, (counts.get(uuid) ?? 0) + 1);
  }
  return counts;
}

/** A real sshd and a real Slurm for many runs, and a profile that knows them, to be copied for each. */
export class ClusterOfRuns {
  readonly #folder: string;
  readonly #slurm: Slurm;
  readonly #sshd: Sshd;
  readonly codes: Codes;

  private constructor(folder: string, slurm: Slurm, sshd: Sshd, codes: Codes) {
    this.#folder = folder;
    this.#slurm = slurm;
    this.#sshd = sshd;
    this.codes = codes;
  }

  static async start(): Promise<ClusterOfRuns> {
    const folder = mkdtempSync(join(tmpdir(), 'stemma-kill-'));
    const slurm = await startSlurm();
    const programs = join(folder, 'bin');
    mkdirSync(programs);
    const program = (name: string, ...text: string[]): string => {
      const file = join(programs, name);
      writeFileSync(file, `#!/bin/sh\n${text.join('\n')}\n`);
      chmodSync(file, 0o755);
      return file;
    };
    // what was accepted, whether its answer arrives anywhere or not
    program(
      'sbatch',
      `out=$(${findProgram('sbatch') ?? 'sbatch'} "$@"); rc=$?`,
      `[ "$rc" != 0 ] || echo "$PWD" >> ${folder}/submissions`,
      `[ -z "$out" ] || printf '%s\\n' "$out"`,
      'exit "$rc"',
    );
    const bash = program('bash.sh', `echo "$PWD" >> ${folder}/executions`, 'exec /bin/bash "$@"');
    const path = `${programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
    const sshd = await startSshd({ env: { ...slurm.env, PATH: path } });

    const core = await startCoreProcess(join(folder, 'template'));
    const cluster = await addCluster(core.client, clusterConfig(sshd, join(folder, 'work')));
    let localhost = '';
    for await (const rows of core.client.listen('computers.list', {})) {
      localhost = rows.find(({ label }) => label === 'localhost')?.uuid ?? '';
      break;
    }
    const code = async (label: string, computer: string): Promise<string> =>
      (await core.client.call('codes.create', { label, computer, executable: bash })).uuid;
    const codes = { here: await code('here', localhost), there: await code('there', cluster) };
    await core.close();
    return new ClusterOfRuns(folder, slurm, sshd, codes);
  }

  /** A profile of its own, and a file for what a process says with its last breath. */
  newProfile(run: number): { readonly profile: string; readonly report: string } {
    const profile = join(this.#folder, `run-${run}`);
    cpSync(join(this.#folder, 'template'), profile, { recursive: true });
    return { profile, report: join(this.#folder, `report-${run}`) };
  }

  dropProfile(profile: string): void {
    rmSync(profile, { recursive: true, force: true });
  }

  /** How often the program of each process ran, by its UUID. */
  executions(): ReadonlyMap<string, number> {
    return counted(join(this.#folder, 'executions'));
  }

  /** How often Slurm accepted a job of each process. */
  submissions(): ReadonlyMap<string, number> {
    return counted(join(this.#folder, 'submissions'));
  }

  /** @param keep the profiles and notes, for whoever looks into what went wrong */
  async stop(keep = false): Promise<void> {
    await this.#sshd.stop();
    await this.#slurm.stop();
    if (!keep) rmSync(this.#folder, { recursive: true, force: true });
  }
}
