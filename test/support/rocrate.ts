import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

/** `rocrate` is there for its file of the JSON-LD context of RO-Crate 1.1, `prov` to read PROV-JSON. */
const packages = ['roc-validator==0.13.*', 'prov==3.2.*'];
const contextPackage = 'rocrate==0.13.0';

/**
 * The Python of a venv with rocrate-validator: the one that `STEMMA_ROCRATE_VALIDATOR` names (a folder), or one that is
 * installed once into `.cache/rocrate-venv`. Gives the reason where it cannot be had.
 */
export async function findRocrateValidator(): Promise<{ readonly python: string } | string> {
  const pythonIn = (folder: string): string => join(folder, 'bin/python');
  const named = process.env['STEMMA_ROCRATE_VALIDATOR'];
  if (named !== undefined && named !== '') {
    const isThere = existsSync(join(named, 'bin/rocrate-validator'));
    return isThere
      ? { python: pythonIn(named) }
      : `no rocrate-validator in ${named} (STEMMA_ROCRATE_VALIDATOR)`;
  }
  const folder = join(root, '.cache/rocrate-venv');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return { python: pythonIn(folder) };
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(root, '.cache'), { recursive: true });
    await run('python3', ['-m', 'venv', folder]);
    await run(pythonIn(folder), ['-m', 'pip', 'install', '--quiet', ...packages]);
    await run(pythonIn(folder), ['-m', 'pip', 'install', '--quiet', '--no-deps', contextPackage]);
    writeFileSync(complete, '');
    return { python: pythonIn(folder) };
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? (error as Error).message;
    return `rocrate-validator could not be installed from PyPI (${why})`;
  }
}

export interface Validated {
  readonly crate: string;
  readonly profile: string;
  readonly passed: boolean;
  readonly issues: readonly {
    readonly severity: string;
    readonly check: string;
    readonly message: string;
    readonly entity: string;
  }[];
}

/** Validates crates, each against a profile, at a severity. @param crates `profile=path` */
export async function validateCrates(
  python: string,
  report: string,
  severity: 'REQUIRED' | 'RECOMMENDED',
  crates: readonly string[],
): Promise<readonly Validated[]> {
  const script = join(root, 'test/peers/rocrate/validate.py');
  await run(python, [script, report, severity, ...crates], { maxBuffer: 1 << 26 });
  return JSON.parse(readFileSync(report, 'utf8')) as readonly Validated[];
}

/** What `prov` finds in a PROV-JSON document: how many records of each class. */
export async function countProv(python: string, file: string): Promise<Readonly<Record<string, number>>> {
  const script = join(root, 'test/peers/rocrate/read_prov.py');
  const { stdout } = await run(python, [script, file], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Readonly<Record<string, number>>;
}
