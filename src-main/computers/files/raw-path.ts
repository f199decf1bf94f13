import type { Brand } from '#shared/base/brand.ts';

/** A path as the bytes that it is on the computer, one character for each byte: file names are not text. */
export type RawPath = Brand<string, 'RawPath'>;

/** A name as the computer gave it. Never to be shown: `textFromRaw` is for that. */
export const rawPath = (bytes: Uint8Array): RawPath => Buffer.from(bytes).toString('latin1') as RawPath;

/** The bytes to send back to the computer. */
export const rawBytes = (raw: RawPath): Buffer => Buffer.from(raw, 'latin1');

/** A name of ours or of a person, which on every computer is taken as UTF-8. */
export const rawFromText = (text: string): RawPath => rawPath(Buffer.from(text, 'utf8'));

/** UTF-8 as text; each byte that is none as `\xff`, which a person can read and a store can keep. */
export function textFromRaw(raw: RawPath): string {
  const bytes = rawBytes(raw);
  const text = bytes.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(bytes)) return text;
  let out = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      out += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
      at++;
    } else {
      out += bytes.toString('utf8', at, at + length);
      at += length;
    }
  }
  return out;
}

/** Length of the well-formed UTF-8 sequence at `at`, 0 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  for (const length of [1, 2, 3, 4]) {
    if (at + length > bytes.length) return 0;
    const slice = bytes.subarray(at, at + length);
    if (Buffer.from(slice.toString('utf8'), 'utf8').equals(slice)) return length;
  }
  return 0;
}

/** Texts of paths, made unique: two names that read alike are two files. */
export function uniqueTexts(paths: readonly RawPath[]): string[] {
  const seen = new Set<string>();
  return paths.map((raw) => {
    const plain = textFromRaw(raw);
    let text = plain;
    for (let count = 2; seen.has(text); count++) text = `${plain}~${count}`;
    seen.add(text);
    return text;
  });
}
