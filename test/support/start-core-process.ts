import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Patience } from '#main/computers/patience.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import type { ChannelPort } from '#shared/channel/frames.ts';
import type { Contract } from '#shared/contract/contract.ts';

export interface CoreProcess {
  readonly client: Client<Contract>;
  /** As a power cut for the process: SIGKILL, and nothing is closed. */
  kill(): Promise<void>;
  /** In good order. */
  close(): Promise<void>;
}

/** Opens a profile in a process of its own. @param patience beside the usual one */
export async function startCoreProcess(
  profile: string,
  env: Readonly<Record<string, string>> = {},
  patience: Partial<Patience> = {},
): Promise<CoreProcess> {
  const child: ChildProcess = fork(
    new URL('./core-process.ts', import.meta.url),
    [profile, JSON.stringify(patience)],
    {
      serialization: 'advanced',
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const ended = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`The core ended with code ${code} before it was ready`)));
  });
  const port: ChannelPort = {
    send: (frame) => {
      if (child.connected) child.send(frame);
    },
    onFrame: (listener) => child.on('message', listener),
    onClose: (listener) => child.once('disconnect', listener),
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
  return {
    client: connectClient<Contract>(port),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async close() {
      port.close();
      await ended;
    },
  };
}
