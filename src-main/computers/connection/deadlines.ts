import { hasCause } from '../transport-error.ts';
import type { ExecAnswer, ExecRequest, Transport } from '../transport.ts';

/** Whoever is slower than this is gone. */
const mostMs = 20 * 60_000;
/** What is usual on busy login nodes; a request may allow for more. */
const leastMs = 60_000;
/** Four times what nearly all answers took. */
const factor = 4;
const share = 0.95;
const remembered = 50;

/**
 * How long a computer may be silent before a command counts as lost, learned from how long it has taken for the same
 * question. A silence that was too short counts as an answer that took so long: a login node that is slower than it ever
 * was gets more time with each try.
 */
export class Deadlines {
  readonly #taken = new Map<string, number[]>();

  /** Milliseconds. @param wished what the request itself allows for */
  of(what: string, wished: number = leastMs): number {
    const sorted = (this.#taken.get(what) ?? []).toSorted((a, b) => a - b);
    const usual = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return Math.max(wished, Math.min(mostMs, usual * factor));
  }

  took(what: string, ms: number): void {
    this.#taken.set(what, [...(this.#taken.get(what) ?? []), ms].slice(-remembered));
  }
}

/** The same computer, with the patience that it has been found to need. */
export class PatientTransport implements Transport {
  readonly #inner: Transport;
  readonly #deadlines: Deadlines;
  readonly upload: Transport['upload'];
  readonly manifest: Transport['manifest'];
  readonly fetch: Transport['fetch'];

  constructor(inner: Transport, deadlines: Deadlines) {
    this.#inner = inner;
    this.#deadlines = deadlines;
    // these are told apart from silence by their bytes
    this.upload = (request) => inner.upload(request);
    this.manifest = (directory, patterns, signal) => inner.manifest(directory, patterns, signal);
    this.fetch = (directory, files, receive, signal) => inner.fetch(directory, files, receive, signal);
  }

  get type(): Transport['type'] {
    return this.#inner.type;
  }

  get closed(): Promise<Error> {
    return this.#inner.closed;
  }

  async exec(request: ExecRequest): Promise<ExecAnswer> {
    const silenceMs = this.#deadlines.of(request.what, request.silenceMs);
    try {
      const answer = await this.#inner.exec({ ...request, silenceMs });
      this.#deadlines.took(request.what, answer.ms);
      return answer;
    } catch (thrown) {
      if (hasCause(thrown, 'timeout')) this.#deadlines.took(request.what, silenceMs);
      throw thrown;
    }
  }

  async signOfLife(): Promise<void> {
    if (this.#inner.signOfLife !== undefined) return await this.#inner.signOfLife();
    await this.#inner.exec({ what: 'a sign of life', script: ':' });
  }

  close(): void {
    this.#inner.close();
  }
}
