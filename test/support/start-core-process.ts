import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Patience } from '#main/computers/patience.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import type { ChannelPort } from '#shared/channel/frames.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { FaultPlan } from './faults/control.ts';

export interface CoreProcess {
  readonly client: Client<Contract>;
  /** As a power cut for the process: SIGKILL, and nothing is closed. */
  kill(): Promise<void>;
  /** In good order. */
  close(): Promise<void>;
  /** Once it has ended, however that came. */
  readonly ended: Promise<void>;
}

export interface CoreProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly patience?: Partial<Patience>;
  /** A call that is the last thing the process does, counted from its first line; where it says so. */
  readonly fault?: { readonly plan: FaultPlan; readonly report: string };
  /** Hears of the process before it is ready, so that it can be killed while it starts. */
  readonly onStart?: (child: ChildProcess) => void;
}

/**
 * Opens a profile in a process of its own.
 * @throws where it ends before it is ready
 */
export async function startCoreProcess(
  profile: string,
  { env = {}, patience = {}, fault, onStart }: CoreProcessOptions = {},
): Promise<CoreProcess> {
  const faults = new URL('./faults/install.ts', import.meta.url).href;
  const child: ChildProcess = fork(
    new URL('./core-process.ts', import.meta.url),
    [profile, JSON.stringify(patience)],
    {
      serialization: 'advanced',
      execArgv: fault === undefined ? [] : ['--import', faults],
      env: {
        ...process.env,
        ...env,
        ...(fault !== undefined && {
          STEMMA_FAULT: JSON.stringify(fault.plan),
          STEMMA_FAULT_REPORT: fault.report,
        }),
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const ended = once(child, 'exit').then(() => {});
  onStart?.(child);
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code, signal) =>
      reject(new Error(`The core ended with ${code ?? signal} before it was ready`)),
    );
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
    ended,
  };
}
