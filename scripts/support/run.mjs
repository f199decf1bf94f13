import { spawn } from 'node:child_process';
import { localEnvironment, root } from './project.mjs';

/** What a person reads goes to stderr: stdout belongs to results. @param {string} words */
export const say = (words) => process.stderr.write(`${words}\n`);

/** Ends the script with one plain sentence, not with a stack. */
export class Stop extends Error {}

/** Runs the script's work, and says in words why it ended. @param {() => Promise<number | void>} work */
export async function main(work) {
  endWithNpm();
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    say(error instanceof Stop ? error.message : String(error?.stack ?? error));
    process.exitCode = 1;
  }
}

/** npm ends only the shell between itself and us, and would leave us running: a new parent tells that it is gone. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Signals that end us go on to the child, so that nothing is left behind. Gives back what undoes it. */
function handSignalsOn(child) {
  const handOn = (signal) => child.kill(signal);
  for (const signal of endings) process.on(signal, handOn);
  return () => {
    for (const signal of endings) process.off(signal, handOn);
  };
}

/**
 * Runs a command with its output shown.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions, cwd?: string }} [options]
 * @returns {Promise<number>} the exit status; 128 + n for a signal
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd ?? root,
      env: options.env ?? localEnvironment(),
      stdio: options.stdio ?? 'inherit',
      shell: command.endsWith('.cmd'),
    });
    const done = handSignalsOn(child);
    child.once('error', (error) => {
      done();
      reject(new Stop(`${command} could not be started: ${error.message}`));
    });
    child.once('exit', (status, signal) => {
      done();
      resolve(status ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 129));
    });
  });
}

/**
 * Runs a command whose output matters only when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, timeoutMs?: number }} [options]
 * @returns {Promise<{ status: number, output: string }>}
 */
export function runQuietly(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd ?? root,
      env: options.env ?? localEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const keep = (chunk) => (output += chunk);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const bound =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const done = handSignalsOn(child);
    const end = (status) => {
      clearTimeout(bound);
      done();
      resolve({ status, output });
    };
    child.once('error', (error) => {
      output += error.message;
      end(127);
    });
    child.once('close', (status, signal) => {
      // Ended from outside: so are we, by the same signal.
      if (endings.includes(signal)) {
        done();
        process.kill(process.pid, signal);
      }
      end(status ?? 1);
    });
  });
}

/** @param {number} since from `performance.now()` */
export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
