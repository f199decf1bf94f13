import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

const project = resolve(import.meta.dirname, '..', '..');
const command = join(project, 'out', 'main', 'stemma.js');

/** Why the built app cannot be used here; null where it can. */
export const notBuilt: string | null = existsSync(command) ? null : 'the app is not built (npm run build)';

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command `stemma` to its end. */
export function stemma(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 100_000_000 };
    execFile(process.execPath, [command, ...args], options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ status, stdout, stderr });
    });
  });
}

export interface Serving {
  readonly child: ChildProcess;
  readonly address: string;
  readonly stdout: () => string;
  /** Sends the signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts the built `stemma serve`, and ends it with the test. */
export async function serving(profile: string, ...args: readonly string[]): Promise<Serving> {
  const child = spawn(process.execPath, [command, 'serve', '--no-open', '--profile', profile, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => (stdout += `${line}\n`));
  const ended = once(child, 'exit').then(([status]) => status as number | null);
  const first = await Promise.race([once(lines, 'line').then(([line]) => line as string), ended]);
  if (typeof first !== 'string') throw new Error(`stemma serve ended with ${first}: ${stderr}`);
  const address = /^Stemma is at (http:\/\/127\.0\.0\.1:\d+\/\S+)$/.exec(first)?.[1];
  if (address === undefined) throw new Error(`stemma serve said: ${first}`);
  return {
    child,
    address,
    stdout: () => stdout,
    end(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}
