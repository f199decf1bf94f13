import { describe, expect, test } from 'vitest';
import { keyOf, LayoutClient, type WorkerLike } from '#renderer/graph/layout-client.ts';
import { layOut } from '#renderer/graph/layout/layout.ts';
import type { LayoutJob, LayoutReply } from '#renderer/graph/layout/layout-worker.ts';
import type { LayoutGraph } from '#renderer/graph/layout/types.ts';
import { unfolded } from '#shared/graph/fold/folded.ts';
import { viewOf } from '#shared/graph/fold/view-of.ts';
import { sketch } from '#renderer/graph/scene.ts';
import { provenance } from '../../support/graphs/random.ts';
import { sceneFrom } from '../../support/graphs/scenes.ts';

type OnReply = (event: { readonly data: LayoutReply }) => void;
type OnError = (event: { readonly message: string }) => void;

/** A fake worker: answers when it is told to. */
class FakeWorker implements WorkerLike {
  readonly jobs: LayoutJob[] = [];
  ended = false;
  #reply: OnReply | null = null;
  #error: OnError | null = null;

  postMessage(job: LayoutJob): void {
    this.jobs.push(job);
  }

  addEventListener(type: string, listener: unknown): void {
    if (type === 'message') this.#reply = listener as OnReply;
    else this.#error = listener as OnError;
  }

  terminate(): void {
    this.ended = true;
  }

  answer(): void {
    const job = this.jobs.at(-1);
    if (job !== undefined) this.#reply?.({ data: { id: job.id, layout: layOut(job.graph) } });
  }

  refuse(error: string): void {
    this.#reply?.({ data: { id: this.jobs.at(-1)?.id ?? 0, error } });
  }

  crash(message: string): void {
    this.#error?.({ message });
  }
}

function client(): { readonly client: LayoutClient; readonly workers: FakeWorker[] } {
  const workers: FakeWorker[] = [];
  const made = new LayoutClient(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  });
  return { client: made, workers };
}

const large = (seed: number): LayoutGraph =>
  sketch(viewOf(unfolded(provenance({ workflows: 8, calls: 4, seed }))), 'frames').graph;
const never = new AbortController().signal;

describe('the layout client', () => {
  test('places a small graph at once, without a worker', async () => {
    const { client: layouts, workers } = client();
    const { graph } = sceneFrom(provenance({ workflows: 1, calls: 1, seed: 1 }));
    await expect(layouts.layOut(graph, never)).resolves.toEqual(layOut(graph));
    expect(workers).toHaveLength(0);
  });

  test('remembers what it placed', async () => {
    const { client: layouts, workers } = client();
    const first = layouts.layOut(large(5), never);
    workers[0]?.answer();
    const layout = await first;
    expect(await layouts.layOut(large(5), never)).toBe(layout);
    expect(workers[0]?.jobs).toHaveLength(1);
  });

  test('ends the worker of a layout that nobody waits for any more, and starts another', async () => {
    const { client: layouts, workers } = client();
    const abort = new AbortController();
    const first = layouts.layOut(large(5), abort.signal);
    abort.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect(workers[0]?.ended).toBe(true);
    const second = layouts.layOut(large(6), never);
    workers[1]?.answer();
    await expect(second).resolves.toMatchObject({ algorithm: 'framed' });
  });

  test('gives a later layout the place of an earlier one', async () => {
    const { client: layouts, workers } = client();
    const first = layouts.layOut(large(5), never);
    const second = layouts.layOut(large(6), never);
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    workers.at(-1)?.answer();
    await expect(second).resolves.toBeDefined();
  });

  test('tells what went wrong in the worker, and works again afterwards', async () => {
    const { client: layouts, workers } = client();
    const first = layouts.layOut(large(5), never);
    workers[0]?.refuse('out of memory');
    await expect(first).rejects.toThrow('out of memory');
    const second = layouts.layOut(large(5), never);
    workers[0]?.crash('gone');
    await expect(second).rejects.toThrow('gone');
    const third = layouts.layOut(large(5), never);
    workers[1]?.answer();
    await expect(third).resolves.toBeDefined();
  });

  test('tells graphs apart by every column', () => {
    const graph = large(5);
    const keys = new Set([keyOf(graph)]);
    for (const [name, column] of Object.entries(graph)) {
      if (!ArrayBuffer.isView(column)) continue;
      const changed = structuredClone(column) as Uint8Array;
      changed[0] = (changed[0] ?? 0) + 1;
      keys.add(keyOf({ ...graph, [name]: changed }));
    }
    keys.add(keyOf({ ...graph, workflows: 'nodes' }));
    // Seeds of a first drawing are not numbers, and one more than that is the same.
    expect(keys.size).toBe(Object.keys(graph).length - 1);
  });
});
