import { fileURLToPath } from 'node:url';
import { entryPoint, type EntryPoint } from '../../isolate/entry-points.ts';
import type { StartChild } from '../../isolate/peer.ts';

/** The members of Electron's `UtilityProcess`. */
export interface UtilityChild {
  readonly pid: number | undefined;
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  on(event: 'spawn', listener: () => void): unknown;
}

export interface UtilityParts {
  /** Electron's `utilityProcess.fork`. */
  readonly fork: (
    module: string,
    args: string[],
    options: { env: Record<string, string>; execArgv: string[]; stdio: 'ignore'; serviceName: string },
  ) => UtilityChild;
  /** `SIGKILL`: a process that is stuck in a query of SQLite hears no gentler word. */
  readonly kill: (pid: number) => void;
  /** Resident bytes of a process. */
  readonly memoryOf: (pid: number) => number | null;
}

const heapMb = 1024;

/**
 * Expendable processes in the packaged app, where the fuses have switched off Node's own `fork`. As there they get
 * nothing of ours: no environment, no open files.
 */
export function utilityChildren(parts: UtilityParts): StartChild {
  return (entry) => {
    const child = start(parts, entry);
    return {
      post: (message) => child.postMessage(message),
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => child.on('exit', (code) => listener(`it ended with status ${code}`)),
      kill: () => end(parts, child),
      memory: () => (child.pid === undefined ? null : parts.memoryOf(child.pid)),
    };
  };
}

const start = ({ fork }: UtilityParts, entry: EntryPoint): UtilityChild =>
  fork(fileURLToPath(entryPoint(entry)), [], {
    env: {},
    execArgv: [`--max-old-space-size=${heapMb}`],
    stdio: 'ignore',
    serviceName: `Stemma ${entry}`,
  });

function end({ kill }: UtilityParts, child: UtilityChild): void {
  // Without a number it has ended, or is only about to start.
  if (child.pid !== undefined) kill(child.pid);
  else child.on('spawn', () => child.pid !== undefined && kill(child.pid));
}
