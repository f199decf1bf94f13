import type { ChannelPort } from './frames.ts';

/** Two ends in one thread. Frames are cloned and arrive later, as over every other carrier. */
export function memoryPair(): readonly [ChannelPort, ChannelPort] {
  const ends = [new MemoryPort(), new MemoryPort()] as const;
  ends[0].peer = ends[1];
  ends[1].peer = ends[0];
  return ends;
}

class MemoryPort implements ChannelPort {
  peer: MemoryPort | null = null;
  #onFrame: (frame: unknown) => void = () => {};
  #onClose: () => void = () => {};
  #closed = false;

  send(frame: unknown): void {
    if (this.#closed) return;
    const copy = structuredClone(frame);
    queueMicrotask(() => this.peer?.receive(copy));
  }

  receive(frame: unknown): void {
    if (!this.#closed) this.#onFrame(frame);
  }

  onFrame(listener: (frame: unknown) => void): void {
    this.#onFrame = listener;
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    queueMicrotask(() => {
      this.#onClose();
      this.peer?.close();
    });
  }
}
