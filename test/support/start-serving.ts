import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** The built command `stemma`. */
export const builtCommand = resolve(import.meta.dirname, '../../out/main/stemma.js');

export interface Serving {
  readonly child: ChildProcess;
  readonly address: string;
  readonly stdout: () => string;
  /** Sends the signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ServeOptions {
  readonly args?: readonly string[];
  /** Set beside the environment of the tests; `HOME` moves `~/.ssh`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts the built `stemma serve` and waits for its address; ending it is the caller's part. */
export async function startServing(profile: string, options: ServeOptions = {}): Promise<Serving> {
  const args = ['serve', '--no-open', '--profile', profile, ...(options.args ?? [])];
  const child = spawn(process.execPath, [builtCommand, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => (stdout += `${line}\n`));
  const ended = once(child, 'exit').then(([status]) => status as number | null);
  const first = await Promise.race([once(lines, 'line').then(([line]) => line as string), ended]);
  if (typeof first !== 'string') throw new Error(`stemma serve ended with ${first}: ${stderr}`);
  const address = /^Stemma is at (http:\/\/127\.0\.0\.1:\d+\/\S+)$/.exec(first)?.[1];
  if (address === undefined) {
    child.kill('SIGKILL');
    throw new Error(`stemma serve said: ${first}`);
  }
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
