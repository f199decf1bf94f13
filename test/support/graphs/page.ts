import type { Page } from 'playwright-core';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { opening } from '#renderer/graph/camera.ts';
import { around } from './around.ts';
import { sceneFrom } from './scenes.ts';

/** Where on the page a node is drawn after it was opened: by the same functions that draw it, from the size of the canvas. */
export async function spotOf(
  page: Page,
  graph: GraphPart,
  words: string,
  part: { readonly across: number; readonly down: number } = { across: 0.5, down: 0.5 },
): Promise<readonly [number, number]> {
  const box = await page.locator('.stage canvas').first().boundingBox();
  if (box === null) throw new Error('There is no canvas.');
  const root = graph.uuid[graph.root] ?? '';
  const scene = sceneFrom(around(graph, root, 4, 4, 1500), { root, up: 4, down: 4 });
  const at = scene.faces.findIndex((face) => `${face.title} ${face.note}`.startsWith(words));
  if (at === -1) throw new Error(`No node says “${words}”.`);
  const { x, y, width, height, right, bottom } = scene.layout;
  const area = (node: number) => ({
    left: x[node] ?? 0,
    top: y[node] ?? 0,
    right: (x[node] ?? 0) + (width[node] ?? 0),
    bottom: (y[node] ?? 0) + (height[node] ?? 0),
  });
  const camera = opening({ left: 0, top: 0, right, bottom }, area(scene.at.get(root) ?? 0), box);
  const spot = area(at);
  const px = spot.left + (spot.right - spot.left) * part.across;
  const py = spot.top + (spot.bottom - spot.top) * part.down;
  return [box.x + px * camera.zoom + camera.x, box.y + py * camera.zoom + camera.y];
}
