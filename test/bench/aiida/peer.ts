import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { AiidaVenv } from '../../support/aiida.ts';

const run = promisify(execFile);
const scripts = import.meta.dirname;

/**
 * AiiDA at work in a profile of its own, set up as its documentation has it for speed: SQLite, the broker that comes
 * with it (ZeroMQ), a daemon with a worker for each core and slots for every process, no wait between two questions to
 * the computer. Python and daemon are up before anything is measured.
 */
export class AiidaPeer {
  readonly #env: NodeJS.ProcessEnv;
  readonly #verdi: string;
  readonly #worker: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(verdi: string, env: NodeJS.ProcessEnv, worker: ChildProcess) {
    this.#verdi = verdi;
    this.#env = env;
    this.#worker = worker;
    if (worker.stdout === null) throw new Error('AiiDA has no standard output');
    this.#answers = createInterface(worker.stdout)[Symbol.asyncIterator]();
  }

  static async start({ python, verdi }: AiidaVenv, folder: string): Promise<AiidaPeer> {
    mkdirSync(folder, { recursive: true });
    const env = {
      ...process.env,
      AIIDA_PATH: folder,
      PATH: `${dirname(verdi)}${delimiter}${process.env['PATH'] ?? ''}`,
      PYTHONPATH: scripts,
      PYTHONWARNINGS: 'ignore',
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const profile = ['--non-interactive', '--profile-name', 'bench', '--email', 'ada@example.org'];
    await run(verdi, ['presto', '--use-zeromq', ...profile], { env });
    await run(verdi, ['config', 'set', 'daemon.worker_process_slots', '1000'], { env });
    await run(verdi, ['daemon', 'start', String(availableParallelism())], { env });
    const worker = spawn(python, [join(scripts, 'work.py')], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const peer = new AiidaPeer(verdi, env, worker);
    await peer.#answer();
    return peer;
  }

  /** Milliseconds that the work took, by the clock of the process that did it. @param request see work.py */
  async ask(request: string): Promise<{ readonly ms: number; readonly failed: number }> {
    this.#worker.stdin?.write(`${request}\n`);
    const { ms, failed = 0 } = await this.#answer();
    return { ms: ms ?? 0, failed };
  }

  /** Milliseconds of a whole `verdi` command, with the start of Python. */
  async command(...args: readonly string[]): Promise<number> {
    const start = performance.now();
    await run(this.#verdi, args, { env: this.#env, maxBuffer: 1 << 26 });
    return performance.now() - start;
  }

  async stop(): Promise<void> {
    const gone = once(this.#worker, 'exit');
    this.#worker.stdin?.end('stop\n');
    await gone;
    // the daemon is slow to let go where much is left to do; its processes must not outlive the folder
    await run(this.#verdi, ['daemon', 'stop'], { env: this.#env }).catch(async () => {
      await run(this.#verdi, ['daemon', 'stop', '--timeout', '60'], { env: this.#env });
    });
  }

  async #answer(): Promise<{ readonly ms?: number; readonly failed?: number }> {
    const line = await this.#answers.next();
    if (line.done === true) throw new Error('AiiDA ended before it had answered');
    return JSON.parse(line.value) as { ms?: number; failed?: number };
  }
}
