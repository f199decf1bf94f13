import { NpyArray } from '#shared/npy/npy-array.ts';
import { toPlain } from '#shared/provenance/python-json.ts';
import type { Attributes } from '#renderer/model/attributes.ts';
import { readUpTo, type FilePlace, type ReadFile } from '../files/read-file.ts';

const key = 'array|';

/** The arrays of an ArrayData, by the names of its attributes `array|name`, and their shapes. */
export function arrayNames(
  attributes: Attributes,
): readonly { readonly name: string; readonly shape: string }[] {
  return Object.entries(attributes).flatMap(([attribute, shape]) =>
    attribute.startsWith(key)
      ? [{ name: attribute.slice(key.length), shape: shapeText(toPlain(shape)) }]
      : [],
  );
}

const shapeText = (shape: unknown): string =>
  Array.isArray(shape)
    ? shape.map((size) => (typeof size === 'number' ? String(size) : '?')).join(' × ')
    : '';

/** More than this is for NumPy. */
const mostBytes = 32_000_000;

/** @throws StemmaError where the file is missing, or is no array that can be shown */
export async function readArray(
  read: ReadFile,
  place: Omit<FilePlace, 'path'>,
  name: string,
  signal: AbortSignal,
): Promise<NpyArray> {
  const { bytes } = await readUpTo(read, { ...place, path: `${name}.npy` }, mostBytes, signal);
  return new NpyArray(bytes);
}
