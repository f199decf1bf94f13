import type { z } from 'zod';
import { errorInfo, errorLine, userError } from '#shared/base/errors.ts';
import { isOwnAddress } from './app-scheme.ts';

/** The frame that an IPC message came from, as Electron's `WebFrameMain` tells it. */
export interface SenderFrame {
  readonly url: string;
  readonly parent: unknown;
}

export interface IpcEvent<Contents> {
  readonly senderFrame: SenderFrame | null;
  readonly sender: Contents;
}

/** The members of Electron's `ipcMain` that take messages. */
export interface IpcReceiver<Contents> {
  handle(name: string, listener: (event: IpcEvent<Contents>, input: unknown) => Promise<unknown>): void;
  on(name: string, listener: (event: IpcEvent<Contents>) => void): unknown;
}

export interface GuardedIpc<Contents> {
  /** Answers `invoke`. Errors cross as one line, because Electron carries nothing else. */
  handle<Schema extends z.ZodType>(
    name: string,
    input: Schema,
    answer: (input: z.output<Schema>, contents: Contents) => Promise<unknown>,
  ): void;
  on(name: string, listen: (contents: Contents) => void): void;
}

/** Takes messages from the main frame of our own page only; anything else is refused and logged. */
export function guardIpc<Contents>(
  receiver: IpcReceiver<Contents>,
  onRefused: (name: string, from: string) => void,
): GuardedIpc<Contents> {
  const isOurs = (name: string, { senderFrame }: IpcEvent<Contents>): boolean => {
    // Null: the frame is gone since. A frame inside the page is none of ours.
    const ours = senderFrame !== null && senderFrame.parent === null && isOwnAddress(senderFrame.url);
    if (!ours) onRefused(name, senderFrame?.url ?? 'a frame that is gone');
    return ours;
  };
  return {
    handle(name, schema, answer) {
      receiver.handle(name, async (event, raw) => {
        if (!isOurs(name, event)) throw refused(name);
        const input = schema.safeParse(raw);
        if (!input.success) throw refused(name);
        try {
          return await answer(input.data, event.sender);
        } catch (error) {
          throw new Error(errorLine(errorInfo(error)), { cause: error });
        }
      });
    },
    on(name, listen) {
      receiver.on(name, (event) => {
        if (isOurs(name, event)) listen(event.sender);
      });
    },
  };
}

const refused = (name: string): Error =>
  userError({ code: 'refused', message: `The message “${name}” was refused.` });
