import type { ExecAnswer, ExecRequest, StreamAnswer } from '../transport.ts';

/** What is needed of a transport that has nothing but commands. */
export interface CommandRunner {
  exec(request: ExecRequest): Promise<ExecAnswer>;
  stream(request: ExecRequest, receive: (bytes: Uint8Array) => Promise<void> | void): Promise<StreamAnswer>;
}
