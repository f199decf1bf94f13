import { operationalError, StemmaError } from '#shared/base/errors.ts';
import { asReply, type Ask } from './messages.ts';
import type { Peer } from './peer.ts';

/** What a peer may take before it is ended. */
export interface LaneLimits {
  /** Milliseconds for one answer; the peer is ended when they are over. */
  readonly deadlineMs: number;
  /** Bytes in memory beyond which the peer is ended, where the system tells. */
  readonly memoryBytes?: number;
}

/** How the loss of a peer is told. */
export interface LaneWords {
  /** Code of the error when the peer was ended or died: `reader-stopped`. */
  readonly code: string;
  /** What it does, for the message: `The process that reads the archive`. */
  readonly what: string;
  readonly hint: string;
}

interface Pending {
  readonly id: number;
  readonly answer: PromiseWithResolvers<unknown>;
  readonly timer: NodeJS.Timeout;
}

const lookAtMemoryMs = 100;

/** One peer that answers one question after the other, within limits. */
export class Lane {
  readonly #peer: Peer;
  readonly #limits: LaneLimits;
  readonly #words: LaneWords;
  readonly #onNote: (note: unknown) => void;
  readonly #watch: NodeJS.Timeout | null;
  #pending: Pending | null = null;
  #ended: StemmaError | null = null;
  #nextId = 1;
  readonly #gone = Promise.withResolvers<void>();

  constructor(peer: Peer, limits: LaneLimits, words: LaneWords, onNote: (note: unknown) => void = () => {}) {
    this.#peer = peer;
    this.#limits = limits;
    this.#words = words;
    this.#onNote = onNote;
    peer.onMessage((message) => this.#hear(message));
    peer.onExit((why) => {
      this.#end(why);
      this.#gone.resolve();
    });
    const { memoryBytes } = limits;
    this.#watch =
      memoryBytes === undefined
        ? null
        : setInterval(() => {
            const used = this.#pending === null ? null : peer.memory();
            if (used !== null && used > memoryBytes)
              this.#stop(`it took ${Math.round(used / 1e6)} MB of memory`);
          }, lookAtMemoryMs);
    this.#watch?.unref();
  }

  get isBusy(): boolean {
    return this.#pending !== null;
  }

  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  /** @throws StemmaError of the peer, or one with the code of {@link LaneWords} */
  ask(method: string, input: unknown, deadlineMs = this.#limits.deadlineMs): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    if (this.#pending !== null) return Promise.reject(new Error('A lane takes one question at a time.'));
    const pending: Pending = {
      id: this.#nextId++,
      answer: Promise.withResolvers(),
      timer: setTimeout(
        () => this.#stop(`it gave no answer for ${Math.round(deadlineMs / 1000)} s`),
        deadlineMs,
      ),
    };
    this.#pending = pending;
    this.#peer.post({ id: pending.id, method, input } satisfies Ask);
    return pending.answer.promise;
  }

  close(): void {
    this.#stop('it was closed');
  }

  /** Settles when the peer has exited, which may be long after it was told to. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  #stop(why: string): void {
    this.#end(why);
    this.#peer.kill();
  }

  #hear(message: unknown): void {
    const reply = asReply(message);
    const pending = this.#pending;
    if (reply === null || pending === null || reply.id !== pending.id) return;
    this.#settle();
    for (const note of reply.notes) this.#onNote(note);
    if (reply.ok) pending.answer.resolve(reply.value);
    else pending.answer.reject(new StemmaError(reply.error));
  }

  #settle(): void {
    if (this.#pending !== null) clearTimeout(this.#pending.timer);
    this.#pending = null;
  }

  #end(why: string): void {
    if (this.#watch !== null) clearInterval(this.#watch);
    if (this.#ended !== null) return;
    const { code, what, hint } = this.#words;
    this.#ended = operationalError({ code, message: `${what} was stopped: ${why}.`, hint });
    const pending = this.#pending;
    this.#settle();
    pending?.answer.reject(this.#ended);
  }
}
