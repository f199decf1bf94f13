import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import type { Clock } from '#shared/base/clock.ts';
import { converseText, type Pipes } from '../../shell/converse.ts';
import { prepareExec, prepareLocalExec } from '../../shell/exec-command.ts';
import { transportError } from '../../transport-error.ts';
import type { ExecAnswer, ExecRequest } from '../../transport.ts';

const never = new AbortController().signal;

interface Running {
  readonly pipes: Pipes;
  readonly letGo: () => void;
  readonly kill: () => void;
}

const cannotStart = (cause: NodeJS.ErrnoException): Error =>
  cause.code === 'ENOENT'
    ? transportError('remote-tool-missing', {
        message: 'This machine has no /bin/sh, which jobs need.',
        hint: 'On Windows, run jobs on a cluster or in WSL by SSH.',
        cause,
      })
    : transportError('command-failed', {
        message: 'This machine could not start a command now: it may have too many processes or open files.',
        details: cause.message,
        cause,
      });

function start(command: string, environment: NodeJS.ProcessEnv): Promise<Running> {
  return new Promise((resolve, reject) => {
    // a process group of its own, so that all of it can be ended; and no terminal that a signal could come from
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: homedir(),
      env: environment,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const ended = new Promise<void>((end) => {
      child.once('close', () => end());
      child.once('error', () => end());
    });
    child.once('error', (cause: NodeJS.ErrnoException) => reject(cannotStart(cause)));
    const letGo = (): void => {
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    };
    child.once('spawn', () =>
      resolve({
        pipes: { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended },
        letGo,
        kill: () => {
          letGo();
          if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
          try {
            process.kill(-child.pid, 'SIGKILL');
          } catch {
            // ended in this moment
          }
        },
      }),
    );
  });
}

/** Runs a script in a frame of the same form as over SSH, so that both are read by the same code. */
export async function localExec(
  request: ExecRequest,
  environment: NodeJS.ProcessEnv,
  clock: Clock,
): Promise<ExecAnswer> {
  const signal = request.signal ?? never;
  signal.throwIfAborted();
  const prepared = prepareLocalExec(request) ?? prepareExec(request, 'text');
  const { pipes, kill, letGo } = await start(prepared.command, environment);
  try {
    const answer = await converseText(pipes, prepared, request, clock, signal);
    // what it has started in the background may go on
    letGo();
    return answer;
  } catch (thrown) {
    kill();
    throw thrown;
  }
}
