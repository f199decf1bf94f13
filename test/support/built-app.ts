import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { builtCommand, startServing, type ServeOptions, type Serving } from './start-serving.ts';

/** Why the built app cannot be used here; null where it can. */
export const notBuilt: string | null = existsSync(builtCommand)
  ? null
  : 'the app is not built (npm run build)';

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command `stemma` to its end. */
export function stemma(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 100_000_000 };
    execFile(process.execPath, [builtCommand, ...args], options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ status, stdout, stderr });
    });
  });
}

/** Starts the built `stemma serve`, and ends it with the test. */
export async function serving(profile: string, options?: ServeOptions): Promise<Serving> {
  const served = await startServing(profile, options);
  onTestFinished(() => void served.child.kill('SIGKILL'));
  return served;
}
