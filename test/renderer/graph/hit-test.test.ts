import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HitTest } from '#renderer/graph/hit-test.ts';
import { stubsOf } from '#renderer/graph/stubs.ts';
import type { Scene } from '#renderer/graph/scene.ts';
import { hub, multiplyAdd } from '../../support/graphs/examples.ts';
import { anyProvenance } from '../../support/graphs/random.ts';
import { sceneFrom } from '../../support/graphs/scenes.ts';

const everything = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

/** What is found at a part of a node, given as shares of its width and height. */
function at(scene: Scene, node: number, across: number, down: number, zoom = 1) {
  const { x, y, width, height } = scene.layout;
  const px = (x[node] ?? 0) + (width[node] ?? 0) * across;
  const py = (y[node] ?? 0) + (height[node] ?? 0) * down;
  return new HitTest(scene).at(px, py, everything, zoom);
}

const named = (scene: Scene, title: string): number =>
  scene.faces.findIndex((face) => face.title.includes(title));

describe('what is under the pointer', () => {
  test('is found for every node in its middle, whatever lies around', () => {
    fc.assert(
      fc.property(anyProvenance, (graph) => {
        const scene = sceneFrom(graph);
        const hits = new HitTest(scene);
        const { layout } = scene;
        for (let node = 0; node < scene.faces.length; node++) {
          if ((layout.frame[node] ?? 0) > 0) continue;
          const px = (layout.x[node] ?? 0) + (layout.width[node] ?? 0) / 2;
          const py = (layout.y[node] ?? 0) + 20;
          expect(hits.at(px, py, everything, 0.2)).toEqual({ kind: 'node', at: node });
        }
      }),
    );
  });

  test('is the title of a frame as its node, and the rest of the frame as its ground', () => {
    const scene = sceneFrom(multiplyAdd());
    const frame = named(scene, 'MultiplyAdd');
    const { x, y, width, height } = scene.layout;
    const hits = new HitTest(scene);
    expect(hits.at((x[frame] ?? 0) + 60, (y[frame] ?? 0) + 17, everything, 1)).toEqual({
      kind: 'node',
      at: frame,
    });
    expect(hits.at((x[frame] ?? 0) + 5, (y[frame] ?? 0) + (height[frame] ?? 0) - 5, everything, 1)).toEqual({
      kind: 'frame',
      at: frame,
    });
    const sign = hits.at((x[frame] ?? 0) + (width[frame] ?? 0) - 20, (y[frame] ?? 0) + 17, everything, 1);
    expect(sign).toEqual({ kind: 'toggle', at: frame });
  });

  test('keeps the sign of a frame in reach where its corner has left the window', () => {
    const scene = sceneFrom(multiplyAdd());
    const frame = named(scene, 'MultiplyAdd');
    const { x, y } = scene.layout;
    const right = (x[frame] ?? 0) + 500;
    const hit = new HitTest(scene).at(right - 20, (y[frame] ?? 0) + 17, { ...everything, right }, 1);
    expect(hit).toEqual({ kind: 'toggle', at: frame });
  });

  test('is a chip, the sign of a stack or a count of hidden links where those are drawn', () => {
    const scene = sceneFrom(hub());
    const stack = named(scene, '300 ×');
    expect(at(scene, stack, 0.95, 0.3)).toEqual({ kind: 'toggle', at: stack });
    expect(at(scene, stack, 0.15, 0.85)).toEqual({ kind: 'chip', at: stack, chip: 0 });
    const [stub] = stubsOf(scene, scene.layout, stack);
    const hit = new HitTest(scene).at((stub?.x ?? 0) + 4, (stub?.y ?? 0) + 8, everything, 1);
    expect(hit).toMatchObject({ kind: 'stub', at: stack, stub: { side: 'in', count: 300 } });
  });

  test('is nothing smaller than a node where parts are too small to be drawn', () => {
    const scene = sceneFrom(hub());
    const stack = named(scene, '300 ×');
    expect(at(scene, stack, 0.95, 0.3, 0.2)).toEqual({ kind: 'node', at: stack });
  });

  test('is nothing outside of everything', () => {
    const scene = sceneFrom(multiplyAdd());
    expect(new HitTest(scene).at(-5000, -5000, everything, 1)).toBe(null);
    expect(new HitTest(scene).at(1e6, 1e6, everything, 1)).toBe(null);
  });
});
