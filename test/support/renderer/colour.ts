/** Lightness 0-1, chroma, hue in degrees. */
export type Oklch = readonly [lightness: number, chroma: number, hue: number];
type Triple = readonly [number, number, number];

export function parseOklch(text: string): Oklch {
  const [l, c, h] = text
    .replaceAll(/[^\d.\s]/g, ' ')
    .trim()
    .split(/\s+/)
    .map(Number);
  if (l === undefined || c === undefined || h === undefined) throw new Error(`No colour: ${text}`);
  return [l, c, h];
}

/** Linear sRGB, cut to the gamut (Björn Ottosson, "A perceptual color space for image processing", 2020). */
function linear([lightness, chroma, hue]: Oklch): Triple {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return cut([
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]);
}

const inside = (value: number): number => Math.min(1, Math.max(0, value));
const cut = ([r, g, b]: Triple): Triple => [inside(r), inside(g), inside(b)];

function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

export type Sight = (colour: Triple) => Triple;

export const plain: Sight = (colour) => colour;

/** Machado, Oliveira and Fernandes 2009, severity 1.0, on linear sRGB. */
export const deuteranopia: Sight = ([r, g, b]) =>
  cut([
    0.367322 * r + 0.860646 * g - 0.227968 * b,
    0.280085 * r + 0.672501 * g + 0.047413 * b,
    -0.01182 * r + 0.04294 * g + 0.968881 * b,
  ]);

/** Euclidean distance in OKLab as somebody with that sight sees it. */
export function distance(a: Oklch, b: Oklch, sight: Sight): number {
  const [x, y] = [a, b].map((colour) => oklab(sight(linear(colour)))) as [Triple, Triple];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

const luminance = ([r, g, b]: Triple): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** WCAG 2.2, 1.4.3. */
export function contrast(a: Oklch, b: Oklch): number {
  const [x, y] = [luminance(linear(a)), luminance(linear(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}
