import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { entryPoint } from '../../../isolate/entry-points.ts';
import type { ForeignReply, ForeignRequest } from './protocol.ts';

/** A running child process, however the shell started it. */
export interface ForeignChild {
  send(request: ForeignRequest): void;
  onReply(listener: (reply: ForeignReply) => void): void;
  /** Called once, also after `kill`. */
  onExit(listener: () => void): void;
  kill(): void;
}

export type StartForeignChild = () => ForeignChild;

/** Memory of the child beyond which it dies instead of us. */
const memoryMb = 1024;

/** Starts the child as a process of Node. Where Node's fork is switched off (a packaged app) the shell has another way. */
export const forkForeignChild: StartForeignChild = () => {
  const child = fork(fileURLToPath(entryPoint('foreign-child')), {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${memoryMb}`],
    // nothing of ours: no tokens, no agent sockets
    env: { ELECTRON_RUN_AS_NODE: '1', SystemRoot: process.env['SystemRoot'] },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return {
    send: (request) => {
      // a child that has just died is reported by its exit
      if (child.connected) child.send(request);
    },
    onReply: (listener) => child.on('message', (reply) => listener(reply as ForeignReply)),
    onExit: (listener) => {
      child.once('exit', listener);
      child.once('error', listener);
    },
    kill: () => child.kill('SIGKILL'),
  };
};
