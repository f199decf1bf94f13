import '#renderer/design/base.css';
import { unfolded } from '#shared/graph/fold/folded.ts';
import { viewOf } from '#shared/graph/fold/view-of.ts';
import { CanvasView } from '#renderer/graph/canvas-view.ts';
import { layOut } from '#renderer/graph/layout/layout.ts';
import { sceneOf, sketch } from '#renderer/graph/scene.ts';
import { paletteOf } from '#renderer/graph/theme.ts';
import type { FrameFigures } from './frame-figures.ts';
import { provenance } from '../../../support/graphs/random.ts';

/** Draws a graph of so many nodes unfolded, pans and zooms it, and says how long the frames took. */
export async function measureFrames(
  nodes: number,
  zoom: number | 'all',
  frames: number,
): Promise<FrameFigures> {
  const graph = provenance({ workflows: 0, calls: 4, seed: 11, nodes });
  const drawn = sketch(viewOf(unfolded(graph)), nodes > 1500 ? 'nodes' : 'frames');
  const scene = sceneOf(drawn, layOut(drawn.graph));
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'position: fixed; inset: 0; width: 100vw; height: 100vh';
  document.body.replaceChildren(canvas);
  const style = getComputedStyle(document.documentElement);
  const palette = paletteOf((property) => style.getPropertyValue(property));
  const nothing = (): void => {};
  const view = new CanvasView(canvas, {
    palette: () => palette,
    reducedMotion: () => true,
    events: { onClick: nothing, onDoubleClick: nothing, onHover: nothing, onCamera: nothing },
  });
  view.show(scene, null);
  view.fitAll();
  if (zoom !== 'all') view.zoomBy(zoom / view.camera.zoom);
  await frame();
  await frame();
  view.frameTimes.length = 0;
  for (let k = 0; k < 7; k++) {
    view.repaint();
    await frame();
  }
  await frame();
  const full = view.frameTimes.splice(0);
  const interval: number[] = [];
  let before = await frame();
  for (let k = 0; k < frames; k++) {
    // By wheel, as a person does it: the view may then move its last picture instead of painting anew.
    canvas.dispatchEvent(
      new WheelEvent('wheel', { deltaY: k % 2 === 0 ? 4 : -4, clientX: 600, clientY: 400, cancelable: true }),
    );
    const now = await frame();
    interval.push(now - before);
    before = now;
  }
  const paint = [...view.frameTimes];
  view.destroy();
  return { interval, paint, full };
}

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
