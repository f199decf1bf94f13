import type { Weight } from './text-metrics.ts';

/** The outline under construction: the part of a canvas context that an SVG path can follow. */
export interface Outline {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  /** A full circle. */
  circle(x: number, y: number, radius: number): void;
  closePath(): void;
}

export interface Ink {
  readonly fill?: string;
  readonly stroke?: string;
  /** Of the stroke; pixels at zoom 1. */
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly round?: boolean;
  readonly alpha?: number;
}

export interface Script {
  /** Of the type; pixels at zoom 1. */
  readonly size: number;
  readonly weight: Weight;
  readonly colour: string;
  readonly align?: 'start' | 'middle' | 'end';
  /** A ring of this colour behind the letters, so that a line below does not run through them. */
  readonly halo?: string;
  readonly alpha?: number;
}

/** What draws: a canvas, or the text of an SVG file. Both make the same picture from the same calls. */
export interface Pen {
  /** Draws one outline with one ink. */
  draw(ink: Ink, outline: (path: Outline) => void): void;
  /** A glyph of design/glyphs.ts with its centre at (x, y). */
  glyph(path: string, x: number, y: number, size: number, colour: string, alpha?: number): void;
  /** One line of text with its middle height at y. */
  text(words: string, x: number, y: number, script: Script): void;
}

/** A rectangle with round corners; the radius is cut to half of the shorter side. */
export function roundRect(path: Outline, x: number, y: number, w: number, h: number, radius: number): void {
  const r = Math.min(radius, w / 2, h / 2);
  // The distance of control points by which a cubic curve comes closest to a quarter of a circle.
  const k = r * 0.44772;
  path.moveTo(x + r, y);
  path.lineTo(x + w - r, y);
  path.bezierCurveTo(x + w - k, y, x + w, y + k, x + w, y + r);
  path.lineTo(x + w, y + h - r);
  path.bezierCurveTo(x + w, y + h - k, x + w - k, y + h, x + w - r, y + h);
  path.lineTo(x + r, y + h);
  path.bezierCurveTo(x + k, y + h, x, y + h - k, x, y + h - r);
  path.lineTo(x, y + r);
  path.bezierCurveTo(x, y + k, x + k, y, x + r, y);
  path.closePath();
}

/** A box whose left and right sides are points: a hexagon that shows the way of the flow. */
export function pointedBox(path: Outline, x: number, y: number, w: number, h: number, point: number): void {
  path.moveTo(x + point, y);
  path.lineTo(x + w - point, y);
  path.lineTo(x + w, y + h / 2);
  path.lineTo(x + w - point, y + h);
  path.lineTo(x + point, y + h);
  path.lineTo(x, y + h / 2);
  path.closePath();
}
