import type { Readable, Writable } from 'node:stream';
import type { Clock } from '#shared/base/clock.ts';
import type { ExecAnswer, ExecRequest, StreamAnswer } from '../transport.ts';
import { defaultMaxOutput, type PreparedExec } from './exec-command.ts';
import { errorTextEnded, readErrorText, readTextFrame, StreamUnframer, textFrameEnded } from './frame.ts';
import { frameFailed, outputTooLarge, silent } from './remote-errors.ts';

/** A running command: a child process here or a session of SSH. */
export interface Pipes {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves once nothing more comes; never rejects. */
  readonly ended: Promise<void>;
}

const defaultSilenceMs = 60_000;
const maxErrorText = 256_000;
/** What login scripts may print beside an answer. */
const maxNoise = 8_000_000;
/** A server that disregards the flow control of SSH must not fill the memory. */
const maxBacklog = 32_000_000;

const finished = Symbol('finished');

type Settings = Pick<ExecRequest, 'what' | 'input' | 'maxOutput' | 'silenceMs'>;

class Conversation {
  readonly #over = new AbortController();
  readonly #silenceMs: number;
  readonly #clock: Clock;
  readonly #what: string;
  readonly #errorText: Buffer[] = [];
  #errorBytes = 0;
  #cancelTimer = (): void => {};
  /** Rejects when the signal aborts or the silence is too long. */
  readonly broken: Promise<never>;

  constructor(pipes: Pipes, request: Settings, clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#what = request.what;
    this.#silenceMs = request.silenceMs ?? defaultSilenceMs;
    const onAbort = (): void => this.#over.abort(signal.reason);
    this.broken = new Promise((_, reject) => {
      this.#over.signal.addEventListener('abort', () => {
        if (this.#over.signal.reason !== finished) reject(this.#over.signal.reason);
      });
    });
    // it is raced against, but not by everybody and not for ever
    this.broken.catch(() => {});
    signal.addEventListener('abort', onAbort, { once: true, signal: this.#over.signal });
    if (signal.aborted) onAbort();
    void pipes.ended.then(() => this.finish());
    pipes.stderr.on('data', (chunk: Buffer) => {
      this.heard();
      if (this.#errorBytes < maxErrorText) this.#errorText.push(chunk);
      this.#errorBytes += chunk.length;
    });
    for (const stream of [pipes.stdin, pipes.stdout, pipes.stderr]) stream.on('error', () => {});
    this.heard();
  }

  heard(): void {
    if (this.isOver) return;
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(this.#silenceMs, () =>
      this.#over.abort(silent(this.#what, this.#silenceMs)),
    );
  }

  /** Whether what still comes matters to nobody any more. */
  get isOver(): boolean {
    return this.#over.signal.aborted;
  }

  /** We are the ones who are slow: no silence of the computer. */
  hold(): void {
    this.#cancelTimer();
  }

  /** Also where there is more than anybody reads. */
  errorTextEnded(nonce: string): boolean {
    return this.#errorBytes > maxErrorText || errorTextEnded(tailOf(this.#errorText).toString(), nonce);
  }

  stderr(nonce: string): string {
    return readErrorText(Buffer.concat(this.#errorText), nonce);
  }

  finish(): void {
    this.#cancelTimer();
    if (!this.#over.signal.aborted) this.#over.abort(finished);
  }

  /** Writes until everything is written or nobody reads any more. */
  async send(pipes: Pipes, first: Buffer, input: Settings['input']): Promise<void> {
    const write = async (chunk: Uint8Array): Promise<boolean> => {
      if (this.#over.signal.aborted || !pipes.stdin.writable) return false;
      if (pipes.stdin.write(chunk)) return true;
      await drained(pipes.stdin, this.#over.signal);
      this.heard();
      return !this.#over.signal.aborted;
    };
    if (first.length > 0 && !(await write(first))) return;
    if (input instanceof Uint8Array) {
      if (input.length > 0) await write(input);
    } else if (input !== undefined) {
      for await (const chunk of input) if (!(await write(chunk))) return;
    }
    pipes.stdin.end();
  }
}

const drained = (stream: Writable, over: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const settle = (): void => {
      stream.off('drain', settle);
      over.removeEventListener('abort', settle);
      resolve();
    };
    stream.once('drain', settle);
    over.addEventListener('abort', settle, { once: true });
  });

/** Sends script and input, and collects a framed text. */
export async function converseText(
  pipes: Pipes,
  prepared: PreparedExec,
  request: Settings,
  clock: Clock,
  signal: AbortSignal,
): Promise<ExecAnswer> {
  const started = clock.monotonic();
  const limit = request.maxOutput ?? defaultMaxOutput;
  const talk = new Conversation(pipes, request, clock, signal);
  const chunks: Buffer[] = [];
  let size = 0;
  const complete = new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (!textFrameEnded(tailOf(chunks), prepared.nonce)) return;
      if (prepared.summed || talk.errorTextEnded(prepared.nonce)) resolve();
    };
    pipes.stderr.on('data', look);
    pipes.stdout.on('data', (chunk: Buffer) => {
      // a server that goes on after the end of the session must not fill the memory
      if (talk.isOver) return;
      talk.heard();
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit + maxNoise) reject(outputTooLarge(request.what, limit));
      else look();
    });
  });
  // once the whole answer is here, what could not be sent does not matter
  const sending = talk.send(pipes, prepared.script, request.input);
  const sendingFailed = sending.then(() => complete);
  try {
    await Promise.race([complete, pipes.ended, talk.broken, sendingFailed]);
  } finally {
    talk.finish();
    sending.catch(() => {});
    sendingFailed.catch(() => {});
    complete.catch(() => {});
  }
  const stderr = talk.stderr(prepared.nonce);
  const answer = readTextFrame(Buffer.concat(chunks), prepared.nonce, prepared.summed);
  if ('kind' in answer) {
    throw answer.kind === 'too-long'
      ? outputTooLarge(request.what, limit)
      : frameFailed(request.what, answer, stderr);
  }
  const { exitCode, bytes, noise } = answer;
  if (bytes.length > limit) throw outputTooLarge(request.what, limit);
  const stdout = new TextDecoder().decode(bytes);
  return { exitCode, bytes, stdout, stderr, noise, ms: clock.monotonic() - started };
}

/** The last bytes that have come, over the borders of chunks. */
function tailOf(chunks: readonly Buffer[]): Buffer {
  const last = chunks.at(-1) ?? Buffer.alloc(0);
  if (last.length >= 200 || chunks.length < 2) return last.subarray(-400);
  return Buffer.concat(chunks.slice(-20)).subarray(-400);
}

/** Sends script and input, and passes a framed stream of any size on as it comes. */
export async function converseStream(
  pipes: Pipes,
  prepared: PreparedExec,
  request: Settings,
  receive: (bytes: Uint8Array) => Promise<void> | void,
  clock: Clock,
  signal: AbortSignal,
): Promise<StreamAnswer> {
  const talk = new Conversation(pipes, request, clock, signal);
  const unframer = new StreamUnframer(prepared.nonce);
  const sending = talk.send(pipes, prepared.script, request.input);
  sending.catch(() => {});
  try {
    await new Promise<void>((resolve, reject) => {
      talk.broken.catch(reject);
      pipes.stdout.once('end', resolve);
      void pipes.ended.then(resolve);
      pipes.stdout.on('data', (chunk: Buffer) => {
        if (talk.isOver) return;
        talk.heard();
        const content = unframer.push(chunk);
        if (content.length === 0) return;
        const taken = take(content, receive, reject);
        if (taken === undefined) return;
        pipes.stdout.pause();
        talk.hold();
        taken.then(() => {
          // what the receiver took is not the computer's silence
          talk.heard();
          if (pipes.stdout.readableLength > maxBacklog) reject(outputTooLarge(request.what, maxBacklog));
          else pipes.stdout.resume();
        }, reject);
      });
    });
    const end = unframer.end();
    if ('kind' in end) throw frameFailed(request.what, end, talk.stderr(prepared.nonce));
    if (end.content.length > 0) await receive(end.content);
    return { exitCode: end.exitCode, stderr: talk.stderr(prepared.nonce) };
  } finally {
    talk.finish();
  }
}

/** Hands content over. What the receiver throws must not end in the stream, where nobody would catch it. */
function take(
  content: Uint8Array,
  receive: (bytes: Uint8Array) => Promise<void> | void,
  failed: (thrown: unknown) => void,
): Promise<void> | undefined {
  try {
    return receive(content) ?? undefined;
  } catch (thrown) {
    failed(thrown);
    return undefined;
  }
}
