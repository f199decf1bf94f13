import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { entryPoint, type EntryPoint } from './entry-points.ts';
import { leanHeap, youngMb } from './lean-heap.ts';
import type { End } from './messages.ts';

/** A thread or a process that we started, seen from outside. */
export interface Peer {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with what is known of why; also after `kill`. */
  onExit(listener: (why: string) => void): void;
  /** Ends it. A thread that has SQLite in it ends when what it is doing is done. */
  kill(): void;
  /** Bytes in memory, to be asked now and then; null where it is a thread or the system does not say. */
  memory(): number | null;
}

/** How a shell starts an expendable process. Electron's packaged app has no `fork`, it has utility processes. */
export type StartChild = (entry: EntryPoint) => Peer;

/**
 * How a thread is ended. One that is stopped from outside while it is inside of SQLite, or loads its library, takes the
 * whole process with it (“FATAL ERROR: Error::New napi_get_last_error_info”): it must be asked, and ends itself. Nothing
 * is lost by that, because a query cannot be interrupted from outside either.
 */
export type ThreadEnding = 'asked' | 'stopped';

/** A thread of this process: it can bring the process down, so nothing of a stranger is opened in one. */
export function startThread(entry: EntryPoint, data: unknown, ending: ThreadEnding): Peer {
  const worker = new Worker(entryPoint(entry), {
    workerData: data,
    name: entry,
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
  });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', listener),
    onExit: (listener) => {
      let why = 'it ended by itself';
      worker.on('error', (error) => {
        why = error instanceof Error ? error.message : String(error);
      });
      worker.once('exit', () => listener(why));
    },
    kill: () => {
      if (ending === 'asked') worker.postMessage({ end: true } satisfies End);
      else void worker.terminate();
    },
    memory: () => null,
  };
}

/** Heap of a child beyond which it dies instead of us (MB). What is native is watched from outside. */
const heapMb = 512;

/** A process of Node that gets nothing of ours: no environment, no open files. */
export function forkChild(memoryOf: (pid: number) => number | null): StartChild {
  return (entry) => {
    const child = fork(fileURLToPath(entryPoint(entry)), {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${heapMb}`, ...leanHeap],
      // glibc keeps an arena for each thread that ever asked for memory (mallopt(3))
      env: { ELECTRON_RUN_AS_NODE: '1', MALLOC_ARENA_MAX: '2', SystemRoot: process.env['SystemRoot'] },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return {
      post: (message) => {
        // one that has just died is reported by its exit
        if (child.connected) child.send(message as object);
      },
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => {
        let told = false;
        const tell = (why: string): void => {
          if (!told) listener(why);
          told = true;
        };
        child.once('error', (error) => tell(error.message));
        child.once('exit', (code, signal) =>
          tell(signal === null ? `it ended with status ${code}` : `it was ended by ${signal}`),
        );
      },
      kill: () => child.kill('SIGKILL'),
      memory: () => (child.pid === undefined ? null : memoryOf(child.pid)),
    };
  };
}
