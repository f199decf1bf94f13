import { glyphBox } from '#renderer/design/glyphs.ts';
import type { Ink, Outline, Pen, Script } from './pen.ts';

/** Draws on a canvas whose transformation maps the drawing's pixels to the screen's. */
export class CanvasPen implements Pen {
  readonly #context: CanvasRenderingContext2D;
  readonly #outline: Outline;
  readonly #sans: string;
  readonly #glyphs = new Map<string, Path2D>();
  /** Setting a font is slow in every browser, so it is set only when it changes. */
  #font = '';

  constructor(context: CanvasRenderingContext2D, sans: string) {
    this.#context = context;
    this.#sans = sans;
    this.#outline = {
      moveTo: (x, y) => context.moveTo(x, y),
      lineTo: (x, y) => context.lineTo(x, y),
      bezierCurveTo: (x1, y1, x2, y2, x, y) => context.bezierCurveTo(x1, y1, x2, y2, x, y),
      circle: (x, y, radius) => {
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 2 * Math.PI);
      },
      closePath: () => context.closePath(),
    };
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
  }

  draw(ink: Ink, outline: (path: Outline) => void): void {
    const context = this.#context;
    context.beginPath();
    outline(this.#outline);
    context.globalAlpha = ink.alpha ?? 1;
    if (ink.fill !== undefined) {
      context.fillStyle = ink.fill;
      context.fill();
    }
    if (ink.stroke === undefined) return;
    context.strokeStyle = ink.stroke;
    context.lineWidth = ink.width ?? 1;
    context.lineCap = ink.round === true ? 'round' : 'butt';
    context.setLineDash([...(ink.dash ?? [])]);
    context.stroke();
  }

  glyph(path: string, x: number, y: number, size: number, colour: string, alpha = 1): void {
    const context = this.#context;
    let shape = this.#glyphs.get(path);
    if (shape === undefined) {
      shape = new Path2D(path);
      this.#glyphs.set(path, shape);
    }
    const scale = size / glyphBox;
    context.save();
    context.translate(x - size / 2, y - size / 2);
    context.scale(scale, scale);
    context.globalAlpha = alpha;
    context.fillStyle = colour;
    context.fill(shape, 'evenodd');
    context.restore();
  }

  text(words: string, x: number, y: number, script: Script): void {
    const context = this.#context;
    const font = `${script.weight} ${script.size}px ${this.#sans}`;
    if (font !== this.#font) {
      context.font = font;
      this.#font = font;
    }
    context.textAlign = script.align === 'middle' ? 'center' : (script.align ?? 'start');
    context.globalAlpha = script.alpha ?? 1;
    if (script.halo !== undefined) {
      context.strokeStyle = script.halo;
      context.lineWidth = script.size / 3;
      context.setLineDash([]);
      context.strokeText(words, x, y);
    }
    context.fillStyle = script.colour;
    context.fillText(words, x, y);
  }
}
