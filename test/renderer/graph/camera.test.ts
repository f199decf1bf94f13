import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Camera, fit, opening, reveal, toDrawing, windowOf, zoomAbout } from '#renderer/graph/camera.ts';

const screen = { width: 800, height: 600 };
const anyCamera: fc.Arbitrary<Camera> = fc.record({
  x: fc.integer({ min: -5000, max: 5000 }),
  y: fc.integer({ min: -5000, max: 5000 }),
  zoom: fc.integer({ min: 5, max: 200 }).map((percent) => percent / 100),
});

describe('the camera', () => {
  test('zooms about the pointer: what is under it stays under it', () => {
    fc.assert(
      fc.property(
        anyCamera,
        fc.integer({ min: 2, max: 250 }),
        fc.nat(800),
        fc.nat(600),
        (camera, percent, x, y) => {
          const next = zoomAbout(camera, percent / 100, x, y);
          const [before, after] = [toDrawing(camera, x, y), toDrawing(next, x, y)];
          expect(after[0]).toBeCloseTo(before[0], 4);
          expect(after[1]).toBeCloseTo(before[1], 4);
        },
      ),
    );
  });

  test('fits an area: all of it is in the window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40_000 }), fc.integer({ min: 1, max: 9000 }), (right, bottom) => {
        const window = windowOf(fit({ left: 0, top: 0, right, bottom }, screen), screen);
        expect(window.left).toBeLessThanOrEqual(0);
        expect(window.right).toBeGreaterThanOrEqual(right);
        expect(window.top).toBeLessThanOrEqual(0);
        expect(window.bottom).toBeGreaterThanOrEqual(bottom);
      }),
    );
  });

  test('opens on all of a small drawing, and where a large one can be read', () => {
    const small = { left: 0, top: 0, right: 700, bottom: 200 };
    expect(opening(small, small, screen)).toEqual(fit(small, screen));
    const large = { left: 0, top: 0, right: 20_000, bottom: 300 };
    const root = { left: 8000, top: 100, right: 8200, bottom: 148 };
    const camera = opening(large, root, screen);
    expect(camera.zoom).toBeGreaterThanOrEqual(0.6);
    const window = windowOf(camera, screen);
    expect(window.left).toBeLessThan(root.left);
    expect(window.right).toBeGreaterThan(root.right);
  });

  test('opens at a border without dead space beyond it', () => {
    const all = { left: 0, top: 0, right: 3000, bottom: 300 };
    const last = windowOf(opening(all, { left: 2900, top: 100, right: 3000, bottom: 140 }, screen), screen);
    expect(last.right - 3000).toBeCloseTo(40 / 0.75, 6);
    const first = windowOf(opening(all, { left: 0, top: 100, right: 100, bottom: 140 }, screen), screen);
    expect(first.left).toBeCloseTo(-40 / 0.75, 6);
  });

  test('brings a node into sight, and does not move for one that is seen', () => {
    fc.assert(
      fc.property(anyCamera, fc.nat(3000), fc.nat(3000), (camera, left, top) => {
        const node = { left, top, right: left + 60, bottom: top + 30 };
        const next = reveal(camera, node, screen);
        const window = windowOf(next, screen);
        expect(window.left).toBeLessThanOrEqual(node.left);
        expect(window.top).toBeLessThanOrEqual(node.top);
        expect(window.right).toBeGreaterThanOrEqual(node.right);
        expect(window.bottom).toBeGreaterThanOrEqual(node.bottom);
        expect(reveal(next, node, screen)).toEqual(next);
      }),
    );
  });
});
