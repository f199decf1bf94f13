/** How a file is best shown. */
export type FileLook = 'json' | 'text' | 'cif' | 'image' | 'array' | 'binary';

/** Pictures that the window can draw. An SVG is shown as a picture, in which scripts do not run. */
const images: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
};

/** Null where the name is none of a picture. */
export const imageType = (name: string): string | null =>
  images[name.toLowerCase().split('.').at(-1) ?? ''] ?? null;

const looked = 8192;

/** Bytes with a NUL, or with many that are no UTF-8, are no text (git and grep decide so, too). */
export function isBinary(bytes: Uint8Array): boolean {
  const part = bytes.subarray(0, looked);
  if (part.includes(0)) return true;
  const text = new TextDecoder('utf-8').decode(part, { stream: true });
  let bad = 0;
  for (const character of text) if (character === '\ufffd') bad++;
  return bad > text.length / 10;
}

/** @param bytes the beginning of the file */
export function lookOf(name: string, bytes: Uint8Array): FileLook {
  if (imageType(name) !== null) return 'image';
  if (/\.npy$/i.test(name) && bytes[0] === 0x93) return 'array';
  if (isBinary(bytes)) return 'binary';
  if (/\.m?cif$/i.test(name)) return 'cif';
  return /\.(json|ipynb|geojson)$/i.test(name) ? 'json' : 'text';
}
