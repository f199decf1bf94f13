/** A colour as three bytes. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * OKLCH to sRGB (Björn Ottosson, “A perceptual color space for image processing”, 2020; the matrices are his), with what
 * the screen cannot show cut off.
 * @param hue in degrees
 */
export function rgbOf(lightness: number, chroma: number, hue: number): Rgb {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    byte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** The transfer function of sRGB (IEC 61966-2-1). */
function byte(linear: number): number {
  const light = Math.min(1, Math.max(0, linear));
  const coded = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(coded * 255);
}

const steps = 256;

/**
 * From dark violet over blue and green to light yellow: lightness rises evenly, so that equal steps of the numbers look
 * equal, also in grey and to who cannot tell red from green.
 */
const scale: readonly Rgb[] = Array.from({ length: steps }, (_, i) => {
  const part = i / (steps - 1);
  return rgbOf(0.24 + 0.68 * part, 0.1 + 0.05 * Math.sin(Math.PI * part), 300 - 195 * part);
});

/** What is no finite number. */
export const noNumberColour: Rgb = [150, 150, 150];

/** The colour of a value between two others; what lies beyond them has the colour of the nearer one. */
export function colourAt(value: number, least: number, greatest: number): Rgb {
  if (Number.isNaN(value)) return noNumberColour;
  const part = greatest > least ? (value - least) / (greatest - least) : 0.5;
  return scale[Math.round(Math.min(1, Math.max(0, part)) * (steps - 1))] ?? noNumberColour;
}
