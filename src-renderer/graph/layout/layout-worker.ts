import { layOut } from './layout.ts';
import type { Layout, LayoutGraph } from './types.ts';

export interface LayoutJob {
  readonly id: number;
  readonly graph: LayoutGraph;
}

export type LayoutReply =
  { readonly id: number; readonly layout: Layout } | { readonly id: number; readonly error: string };

/** The columns go back without being copied. */
const buffers = (layout: Layout): ArrayBuffer[] =>
  Object.values(layout).flatMap((value: unknown) =>
    ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : [],
  );

self.addEventListener('message', ({ data }: MessageEvent<LayoutJob>) => {
  try {
    const layout = layOut(data.graph);
    const reply: LayoutReply = { id: data.id, layout };
    self.postMessage(reply, { transfer: buffers(layout) });
  } catch (thrown) {
    const reply: LayoutReply = {
      id: data.id,
      error: thrown instanceof Error ? thrown.message : String(thrown),
    };
    self.postMessage(reply);
  }
});
