import { Lru } from '#shared/base/lru.ts';
import { layOut } from './layout/layout.ts';
import type { LayoutJob, LayoutReply } from './layout/layout-worker.ts';
import type { Layout, LayoutGraph } from './layout/types.ts';

/** What is needed of a Web Worker, so that tests can stand in for one. */
export interface WorkerLike {
  postMessage(job: LayoutJob): void;
  addEventListener(type: 'message', listener: (event: { readonly data: LayoutReply }) => void): void;
  addEventListener(type: 'error', listener: (event: { readonly message: string }) => void): void;
  terminate(): void;
}

/** So few nodes are placed in a few milliseconds: sooner than a worker would answer. */
const atOnce = 60;
const remembered = 20;

interface Pending {
  readonly id: number;
  readonly key: string;
  readonly resolve: (layout: Layout) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Lays out graphs in a worker and remembers the last ones. A layout that nobody waits for any more is cut off by ending
 * the worker: it cannot listen while it computes.
 */
export class LayoutClient {
  readonly #start: () => WorkerLike;
  readonly #cache = new Lru<string, Layout>(remembered);
  #worker: WorkerLike | null = null;
  #pending: Pending | null = null;
  #ids = 0;

  constructor(start: () => WorkerLike) {
    this.#start = start;
  }

  /** @throws AbortError where the signal, or a later layout, ended this one */
  layOut(graph: LayoutGraph, signal: AbortSignal): Promise<Layout> {
    signal.throwIfAborted();
    this.#cancel('A later layout took its place.');
    const key = keyOf(graph);
    const known = this.#cache.get(key);
    if (known !== undefined) return Promise.resolve(known);
    if (graph.width.length <= atOnce) {
      const layout = layOut(graph);
      this.#cache.set(key, layout);
      return Promise.resolve(layout);
    }
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      this.#pending = { id, key, resolve, reject };
      signal.addEventListener('abort', () => this.#pending?.id === id && this.#cancel('Cancelled.'), {
        once: true,
      });
      this.#running().postMessage({ id, graph });
    });
  }

  close(): void {
    this.#cancel('The graph was closed.');
    this.#worker?.terminate();
    this.#worker = null;
  }

  #running(): WorkerLike {
    if (this.#worker !== null) return this.#worker;
    const worker = this.#start();
    this.#worker = worker;
    worker.addEventListener('message', ({ data }) => this.#settle(data));
    worker.addEventListener('error', ({ message }) => {
      if (this.#worker === worker) this.#worker = null;
      this.#fail(new Error(`The layout worker stopped: ${message}`));
    });
    return worker;
  }

  #settle(reply: LayoutReply): void {
    const pending = this.#pending;
    if (pending?.id !== reply.id) return;
    if ('error' in reply) {
      this.#fail(new Error(reply.error));
      return;
    }
    this.#pending = null;
    this.#cache.set(pending.key, reply.layout);
    pending.resolve(reply.layout);
  }

  #fail(error: Error): void {
    this.#pending?.reject(error);
    this.#pending = null;
  }

  #cancel(why: string): void {
    if (this.#pending === null) return;
    this.#worker?.terminate();
    this.#worker = null;
    this.#fail(new DOMException(why, 'AbortError'));
  }
}

/** The same for equal graphs: two FNV-1a hashes over all columns, of different offsets, make 64 bits. */
export function keyOf(graph: LayoutGraph): string {
  let a = 0x811c9dc5;
  let b = 0x01234567;
  for (const [name, column] of Object.entries(graph).sort(([x], [y]) => (x < y ? -1 : 1))) {
    const bytes = ArrayBuffer.isView(column)
      ? new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
      : new TextEncoder().encode(`${name}=${String(column)}`);
    for (const byte of bytes) {
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x01000193);
    }
    // Columns of one length must not be confused.
    a = Math.imul(a ^ bytes.length, 0x01000193);
  }
  return `${graph.width.length} ${graph.from.length} ${(a >>> 0).toString(16)}${(b >>> 0).toString(16)}`;
}
