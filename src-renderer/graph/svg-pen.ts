import { glyphBox } from '#renderer/design/glyphs.ts';
import type { Ink, Outline, Pen, Script } from './pen.ts';

/** Writes a drawing as the elements of an SVG file. */
export class SvgPen implements Pen {
  readonly #elements: string[] = [];
  readonly #colour: (colour: string) => string;

  /** @param colour turns a colour of the theme into one that every SVG reader knows */
  constructor(colour: (colour: string) => string) {
    this.#colour = colour;
  }

  draw(ink: Ink, outline: (path: Outline) => void): void {
    const path = new PathText();
    outline(path);
    const fill = ink.fill === undefined ? 'none' : this.#colour(ink.fill);
    const stroke =
      ink.stroke === undefined
        ? ''
        : ` stroke="${this.#colour(ink.stroke)}" stroke-width="${short(ink.width ?? 1)}"` +
          (ink.dash === undefined || ink.dash.length === 0
            ? ''
            : ` stroke-dasharray="${ink.dash.map(short).join(' ')}"`) +
          (ink.round === true ? ' stroke-linecap="round"' : '');
    this.#elements.push(`<path d="${path.text}" fill="${fill}"${stroke}${opacity(ink.alpha)}/>`);
  }

  glyph(path: string, x: number, y: number, size: number, colour: string, alpha?: number): void {
    const place = `translate(${short(x - size / 2)} ${short(y - size / 2)}) scale(${short(size / glyphBox)})`;
    const fill = this.#colour(colour);
    this.#elements.push(
      `<path transform="${place}" d="${path}" fill="${fill}" fill-rule="evenodd"${opacity(alpha)}/>`,
    );
  }

  text(words: string, x: number, y: number, script: Script): void {
    const anchor =
      script.align === undefined || script.align === 'start' ? '' : ` text-anchor="${script.align}"`;
    const halo =
      script.halo === undefined
        ? ''
        : ` stroke="${this.#colour(script.halo)}" stroke-width="${short(script.size / 3)}" paint-order="stroke"`;
    this.#elements.push(
      // Not every reader knows dominant-baseline: the baseline is put where the middle of the letters asks for it.
      `<text x="${short(x)}" y="${short(y + script.size * 0.36)}" font-size="${short(script.size)}" ` +
        `font-weight="${script.weight}" fill="${this.#colour(script.colour)}"${anchor}${halo}` +
        `${opacity(script.alpha)}>${escapeXml(words)}</text>`,
    );
  }

  /** Everything so far. */
  get elements(): readonly string[] {
    return this.#elements;
  }
}

class PathText implements Outline {
  text = '';

  moveTo(x: number, y: number): void {
    this.text += `M${short(x)} ${short(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.text += `L${short(x)} ${short(y)}`;
  }

  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.text += `C${short(x1)} ${short(y1)} ${short(x2)} ${short(y2)} ${short(x)} ${short(y)}`;
  }

  circle(x: number, y: number, radius: number): void {
    const r = short(radius);
    this.text += `M${short(x - radius)} ${short(y)}a${r} ${r} 0 1 0 ${short(2 * radius)} 0a${r} ${r} 0 1 0 ${short(-2 * radius)} 0Z`;
  }

  closePath(): void {
    this.text += 'Z';
  }
}

const short = (value: number): string => String(Math.round(value * 100) / 100);
const opacity = (alpha: number | undefined): string =>
  alpha === undefined || alpha === 1 ? '' : ` opacity="${short(alpha)}"`;

/** Text of nodes as content or as an attribute in double quotes. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // XML has no way to write these, not even escaped.
    // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd');
