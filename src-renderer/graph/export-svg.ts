import { fullDetail } from './detail.ts';
import { paint } from './paint/paint.ts';
import { type Emphasis, noEmphasis } from './paint/picture.ts';
import type { Scene } from './scene.ts';
import { escapeXml, SvgPen } from './svg-pen.ts';
import type { Palette } from './theme.ts';

export interface SvgOptions {
  /** What a screen reader says instead of the picture. */
  readonly title: string;
  readonly emphasis?: Emphasis;
  /** Turns a colour into one that every reader of SVG knows; the default leaves it. */
  readonly colour?: (colour: string) => string;
  /** Without it the drawing stands on a transparent ground. */
  readonly ground?: boolean;
}

const margin = 28;

/** The whole drawing as an SVG file, in full detail whatever the zoom on the screen. */
export function exportSvg(scene: Scene, palette: Palette, options: SvgOptions): string {
  const colour = options.colour ?? ((value: string): string => value);
  const pen = new SvgPen(colour);
  const { right, bottom } = scene.layout;
  const window = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  paint(pen, {
    scene,
    boxes: scene.layout,
    palette,
    emphasis: options.emphasis ?? noEmphasis,
    detail: fullDetail,
    window,
  });
  const [w, h] = [Math.ceil(right + 2 * margin), Math.ceil(bottom + 2 * margin)];
  const ground =
    options.ground === false ? [] : [`<rect width="100%" height="100%" fill="${colour(palette.ground)}"/>`];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" ` +
      `font-family="${escapeXml(palette.sans)}" role="img">`,
    `<title>${escapeXml(options.title)}</title>`,
    ...ground,
    `<g transform="translate(${margin} ${margin})">`,
    ...pen.elements,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
