import { select } from 'd3-selection';
import { type D3ZoomEvent, zoom, type ZoomBehavior, zoomIdentity } from 'd3-zoom';
import {
  type Area,
  type Camera,
  fit,
  opening,
  reveal,
  sameCamera,
  type Screen,
  toDrawing,
  windowOf,
  zoomAbout,
  zoomLimits,
} from './camera.ts';
import { CanvasPen } from './canvas-pen.ts';
import { detailAt } from './detail.ts';
import { type Hit, HitTest } from './hit-test.ts';
import { paint } from './paint/paint.ts';
import { type Boxes, type Emphasis, noEmphasis } from './paint/picture.ts';
import type { Scene } from './scene.ts';
import type { Palette } from './theme.ts';
import { Transition, transitionMs } from './transition.ts';

/** What a person does on the canvas. */
export interface CanvasEvents {
  readonly onClick: (hit: Hit | null, event: MouseEvent) => void;
  readonly onDoubleClick: (hit: Hit) => void;
  readonly onHover: (hit: Hit | null, x: number, y: number) => void;
  readonly onCamera: (camera: Camera, screen: Screen) => void;
}

export interface CanvasOptions {
  readonly palette: () => Palette;
  readonly reducedMotion: () => boolean;
  readonly events: CanvasEvents;
}

/** A frame that takes longer than this is not painted anew while the camera moves: its picture is moved instead. */
const slowFrameMs = 24;

/** The drawing on a canvas: the only owner of its frames, its camera and its pointer. */
export class CanvasView {
  readonly #canvas: HTMLCanvasElement;
  readonly #options: CanvasOptions;
  readonly #zoom: ZoomBehavior<HTMLCanvasElement, unknown>;
  readonly #observer: ResizeObserver;
  #screen: Screen = { width: 1, height: 1 };
  #camera: Camera = { x: 0, y: 0, zoom: 1 };
  #scene: Scene | null = null;
  #hits: HitTest | null = null;
  #emphasis: Emphasis = noEmphasis;
  #boxes: Boxes | null = null;
  #motion: { readonly run: (t: number) => void; readonly start: number } | null = null;
  #frame = 0;
  #gesture = false;
  #lastMs = 0;
  /** The last full picture and its camera, for frames that are too slow. */
  #still: { readonly image: HTMLCanvasElement; readonly camera: Camera } | null = null;
  #hoverKey = '';
  /** Milliseconds that each of the last frames took: for the benchmark and the diagnostics. */
  readonly frameTimes: number[] = [];

  constructor(canvas: HTMLCanvasElement, options: CanvasOptions) {
    this.#canvas = canvas;
    this.#options = options;
    this.#zoom = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([zoomLimits.least, zoomLimits.most])
      .on('start', () => this.#startGesture())
      .on('zoom', (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => this.#onZoom(event))
      .on('end', () => this.#endGesture());
    select(canvas).call(this.#zoom).on('dblclick.zoom', null);
    canvas.addEventListener('click', this.#onClick);
    canvas.addEventListener('dblclick', this.#onDoubleClick);
    canvas.addEventListener('pointermove', this.#onMove);
    canvas.addEventListener('pointerleave', this.#onLeave);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(canvas);
    this.#resize();
  }

  get camera(): Camera {
    return this.#camera;
  }

  get screen(): Screen {
    return this.#screen;
  }

  /**
   * Shows another drawing.
   *
   * @param anchor the node that stays where it is on the screen; without one, the drawing opens at its root
   * @param camera where to open instead
   */
  show(scene: Scene, anchor: string | null, camera?: Camera): void {
    const before = this.#scene;
    this.#scene = scene;
    this.#hits = new HitTest(scene);
    this.#still = null;
    this.#hoverKey = '';
    const shift = before === null || anchor === null ? null : anchorShift(before, scene, anchor);
    if (before === null || shift === null) {
      this.#boxes = scene.layout;
      this.#motion = null;
      this.#moveTo(camera ?? this.#opening(scene), false);
      return;
    }
    const { zoom: k } = this.#camera;
    this.#setCamera({ zoom: k, x: this.#camera.x - shift[0] * k, y: this.#camera.y - shift[1] * k });
    const transition = new Transition(before, scene, shift);
    this.#animate((t) => (this.#boxes = transition.at(t)));
  }

  setEmphasis(emphasis: Emphasis): void {
    this.#emphasis = emphasis;
    this.repaint();
  }

  fitAll(): void {
    if (this.#scene === null) return;
    const { right, bottom } = this.#scene.layout;
    this.#moveTo(fit({ left: 0, top: 0, right, bottom }, this.#screen), true);
  }

  fitNode(at: number): void {
    const area = this.#areaOf(at);
    if (area !== null) this.#moveTo(fit(area, this.#screen, 1.25, 120), true);
  }

  fitArea(area: Area): void {
    this.#moveTo(fit(area, this.#screen), true);
  }

  /** Brings a node into sight with as little movement as possible. */
  reveal(at: number): void {
    const area = this.#areaOf(at);
    if (area === null || this.#scene === null) return;
    // Of a frame its title is what must be seen.
    const framed = (this.#scene.layout.frame[at] as number) > 0;
    const target = framed
      ? { ...area, bottom: area.top + 34, right: Math.min(area.right, area.left + 240) }
      : area;
    const next = reveal(this.#camera, target, this.#screen);
    if (next.x !== this.#camera.x || next.y !== this.#camera.y) this.#moveTo(next, true);
  }

  zoomBy(factor: number): void {
    const { width, height } = this.#screen;
    this.#moveTo(zoomAbout(this.#camera, this.#camera.zoom * factor, width / 2, height / 2), true);
  }

  /** Puts a point of the drawing into the middle of the screen: for the minimap. */
  centre(x: number, y: number): void {
    const { zoom: k } = this.#camera;
    this.#moveTo({ zoom: k, x: this.#screen.width / 2 - x * k, y: this.#screen.height / 2 - y * k }, false);
  }

  panBy(dx: number, dy: number): void {
    this.#moveTo({ ...this.#camera, x: this.#camera.x + dx, y: this.#camera.y + dy }, true);
  }

  /** The colours changed. */
  repaint(): void {
    this.#still = null;
    this.#request();
  }

  /** Where on the screen a node is. */
  screenBox(at: number): DOMRect | null {
    const area = this.#areaOf(at);
    if (area === null) return null;
    const { x, y, zoom: k } = this.#camera;
    return new DOMRect(
      area.left * k + x,
      area.top * k + y,
      (area.right - area.left) * k,
      (area.bottom - area.top) * k,
    );
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
    select(this.#canvas).on('.zoom', null);
    this.#canvas.removeEventListener('click', this.#onClick);
    this.#canvas.removeEventListener('dblclick', this.#onDoubleClick);
    this.#canvas.removeEventListener('pointermove', this.#onMove);
    this.#canvas.removeEventListener('pointerleave', this.#onLeave);
  }

  #opening(scene: Scene): Camera {
    const { right, bottom } = scene.layout;
    const root = this.#areaOf(this.#emphasis.root) ?? { left: 0, top: 0, right, bottom };
    return opening({ left: 0, top: 0, right, bottom }, root, this.#screen);
  }

  #areaOf(at: number): Area | null {
    const layout = this.#scene?.layout;
    if (layout === undefined || layout.x[at] === undefined) return null;
    const [left, top] = [layout.x[at] as number, layout.y[at] as number];
    return {
      left,
      top,
      right: left + (layout.width[at] as number),
      bottom: top + (layout.height[at] as number),
    };
  }

  #moveTo(target: Camera, smooth: boolean): void {
    if (!smooth) {
      this.#motion = null;
      this.#setCamera(target);
      return;
    }
    const start = this.#camera;
    const boxes = this.#boxes;
    this.#animate((t) => {
      const part = 1 - (1 - t) ** 3;
      // The zoom changes by equal factors in equal times, which the eye takes for even.
      const k = start.zoom * (target.zoom / start.zoom) ** part;
      const ratio = target.zoom === start.zoom ? part : (k - start.zoom) / (target.zoom - start.zoom);
      this.#boxes = t >= 1 && this.#scene !== null ? this.#scene.layout : boxes;
      this.#setCamera({
        zoom: k,
        x: start.x + (target.x - start.x) * ratio,
        y: start.y + (target.y - start.y) * ratio,
      });
    });
  }

  #animate(run: (t: number) => void): void {
    if (this.#options.reducedMotion()) {
      this.#motion = null;
      run(1);
    } else {
      this.#motion = { run, start: performance.now() };
    }
    this.#request();
  }

  /** All changes of the camera go through d3-zoom, so that the next gesture begins where the last movement ended. */
  #setCamera({ x, y, zoom: k }: Camera): void {
    select(this.#canvas).call(this.#zoom.transform, zoomIdentity.translate(x, y).scale(k));
  }

  #onZoom({ transform, sourceEvent }: D3ZoomEvent<HTMLCanvasElement, unknown>): void {
    // A hand on the drawing ends the flight of the camera.
    if (sourceEvent !== null && sourceEvent !== undefined) this.#endMotion();
    this.#camera = { x: transform.x, y: transform.y, zoom: transform.k };
    this.#options.events.onCamera(this.#camera, this.#screen);
    this.#request();
  }

  #endMotion(): void {
    this.#motion = null;
    if (this.#scene !== null) this.#boxes = this.#scene.layout;
  }

  #startGesture(): void {
    this.#gesture = true;
    if (this.#lastMs <= slowFrameMs || this.#still !== null || this.#canvas.width === 0) return;
    const image = document.createElement('canvas');
    image.width = this.#canvas.width;
    image.height = this.#canvas.height;
    image.getContext('2d')?.drawImage(this.#canvas, 0, 0);
    this.#still = { image, camera: this.#camera };
  }

  #endGesture(): void {
    this.#gesture = false;
    this.#still = null;
    this.#request();
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || height === 0) return;
    const before = this.#screen;
    // nobody has moved it since it opened: it opens anew in the room that there is now
    const asOpened = this.#scene !== null && sameCamera(this.#camera, this.#opening(this.#scene));
    this.#screen = { width, height };
    const ratio = window.devicePixelRatio;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#still = null;
    if (this.#scene !== null && (before.width === 1 || asOpened)) {
      this.#moveTo(this.#opening(this.#scene), false);
    } else this.#options.events.onCamera(this.#camera, this.#screen);
    // At once, because setting the size has emptied the canvas.
    this.#draw();
  }

  #request(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = 0;
      const motion = this.#motion;
      if (motion !== null) {
        const t = Math.min(1, Math.max(0, (now - motion.start) / transitionMs));
        if (t >= 1) this.#motion = null;
        motion.run(t);
        if (t < 1) this.#request();
      }
      this.#draw();
    });
  }

  #draw(): void {
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (context === null) return;
    const began = performance.now();
    const palette = this.#options.palette();
    const ratio = this.#canvas.width / this.#screen.width;
    const { x, y, zoom: k } = this.#camera;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (this.#scene === null || this.#boxes === null) return;
    if (this.#gesture && this.#still !== null) {
      const { image, camera } = this.#still;
      const scale = k / camera.zoom;
      context.setTransform(
        scale,
        0,
        0,
        scale,
        (x - camera.x * scale) * ratio,
        (y - camera.y * scale) * ratio,
      );
      context.drawImage(image, 0, 0);
    } else {
      context.setTransform(k * ratio, 0, 0, k * ratio, x * ratio, y * ratio);
      paint(new CanvasPen(context, palette.sans), {
        scene: this.#scene,
        boxes: this.#boxes,
        palette,
        emphasis: this.#emphasis,
        detail: detailAt(k, this.#scene.faces.length),
        window: windowOf(this.#camera, this.#screen),
      });
      this.#lastMs = performance.now() - began;
    }
    this.frameTimes.push(performance.now() - began);
    if (this.frameTimes.length > 240) this.frameTimes.shift();
  }

  #hitAt(event: MouseEvent): Hit | null {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const [x, y] = toDrawing(this.#camera, event.clientX - left, event.clientY - top);
    return this.#hits?.at(x, y, windowOf(this.#camera, this.#screen), this.#camera.zoom) ?? null;
  }

  readonly #onClick = (event: MouseEvent): void => {
    // The second click of a double click asks for nothing new.
    if (event.detail < 2) this.#options.events.onClick(this.#hitAt(event), event);
  };

  readonly #onDoubleClick = (event: MouseEvent): void => {
    const hit = this.#hitAt(event);
    if (hit !== null) this.#options.events.onDoubleClick(hit);
  };

  readonly #onMove = (event: PointerEvent): void => {
    if (this.#gesture || event.buttons !== 0) return;
    const hit = this.#hitAt(event);
    const key = hit === null ? '' : `${hit.kind} ${hit.at} ${hit.kind === 'chip' ? hit.chip : ''}`;
    if (key === this.#hoverKey) return;
    this.#hoverKey = key;
    this.#canvas.style.cursor = hit === null ? 'grab' : 'pointer';
    this.#options.events.onHover(hit, event.clientX, event.clientY);
  };

  readonly #onLeave = (): void => {
    this.#hoverKey = '';
    this.#options.events.onHover(null, 0, 0);
  };
}

/** How far the node moved from one drawing to the next; null where it is not in both. */
function anchorShift(from: Scene, to: Scene, uuid: string): readonly [number, number] | null {
  const before = from.at.get(uuid);
  const after = to.at.get(uuid);
  if (before === undefined || after === undefined) return null;
  // A frame and a node of one workflow are met at the upper left corner.
  return [
    (to.layout.x[after] as number) - (from.layout.x[before] as number),
    (to.layout.y[after] as number) - (from.layout.y[before] as number),
  ];
}
