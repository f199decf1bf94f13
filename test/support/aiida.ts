import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const scripts = join(root, 'test/peers/aiida');

/** The release that exchange is tested against. */
const release = 'aiida-core==2.9.*';

export interface AiidaVenv {
  readonly python: string;
  readonly verdi: string;
}

const venvAt = (folder: string): AiidaVenv => ({
  python: join(folder, 'bin/python'),
  verdi: join(folder, 'bin/verdi'),
});

/**
 * A real AiiDA: the one that `STEMMA_AIIDA_VENV` names, or one that is installed once into `.cache/aiida-venv`.
 * Gives the reason where it cannot be had.
 */
export async function findAiida(): Promise<AiidaVenv | string> {
  const named = process.env['STEMMA_AIIDA_VENV'];
  if (named !== undefined && named !== '') {
    return existsSync(venvAt(named).verdi) ? venvAt(named) : `no AiiDA in ${named} (STEMMA_AIIDA_VENV)`;
  }
  const folder = join(root, '.cache/aiida-venv');
  // the scripts of a venv name its path, so it is made in its place, and only a complete one has this file
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return venvAt(folder);
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(root, '.cache'), { recursive: true });
    await run('python3', ['-m', 'venv', folder]);
    await run(venvAt(folder).python, ['-m', 'pip', 'install', '--quiet', release]);
    writeFileSync(complete, '');
    return venvAt(folder);
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? (error as Error).message;
    return `AiiDA could not be installed from PyPI (${why})`;
  }
}

/** A throw-away profile of AiiDA in a folder of its own. */
export class AiidaProfile {
  readonly #venv: AiidaVenv;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(venv: AiidaVenv, folder: string) {
    this.#venv = venv;
    this.#env = {
      ...process.env,
      AIIDA_PATH: folder,
      PYTHONWARNINGS: 'ignore',
      PYTHONDONTWRITEBYTECODE: '1',
    };
  }

  /** None at all, for a script that makes its own. */
  static anywhere(venv: AiidaVenv, folder: string): AiidaProfile {
    return new AiidaProfile(venv, folder);
  }

  /** With the computer `localhost`, ready to run calculations, as `verdi presto` makes it. */
  static async withLocalhost(venv: AiidaVenv, folder: string): Promise<AiidaProfile> {
    const profile = new AiidaProfile(venv, folder);
    await profile.#verdi(
      'presto',
      '--non-interactive',
      '--profile-name',
      'test',
      '--email',
      'ada@example.org',
    );
    return profile;
  }

  /** With nothing in it but its user. */
  static async empty(venv: AiidaVenv, folder: string): Promise<AiidaProfile> {
    const profile = new AiidaProfile(venv, folder);
    const person = [
      '--email',
      'grace@example.org',
      '--first-name',
      'G',
      '--last-name',
      'H',
      '--institution',
      'I',
    ];
    const storage = ['profile', 'setup', 'core.sqlite_dos', '--non-interactive', '--profile-name', 'test'];
    await profile.#verdi(...storage, '--broker', 'none', '--set-as-default', ...person);
    return profile;
  }

  /** Runs a script of test/peers/aiida in this profile. */
  async script(name: string, ...args: readonly string[]): Promise<void> {
    await this.#run(this.#venv.python, [join(scripts, name), ...args]);
  }

  /** What `verdi archive info` prints of an archive. */
  archiveInfo(file: string): Promise<string> {
    return this.#run(this.#venv.verdi, ['archive', 'info', file]);
  }

  #verdi(...args: readonly string[]): Promise<string> {
    return this.#run(this.#venv.verdi, args);
  }

  async #run(program: string, args: readonly string[]): Promise<string> {
    try {
      const { stdout } = await run(program, [...args], { env: this.#env, maxBuffer: 1 << 26 });
      return stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`AiiDA: ${stdout.slice(-2000)}${stderr.slice(-6000)}`, { cause: error });
    }
  }
}
