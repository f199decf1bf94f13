import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { Matrix, Vector } from '#shared/structure/cell.ts';
import { readPyJson, toPlain, type PyJson } from '#shared/provenance/python-json.ts';

export type Attributes = Readonly<Record<string, PyJson>>;

/** An object of JSON; `PyFloat`, an object of ours, has a prototype and is none. */
export const isRecord = (value: PyJson | undefined): value is Attributes =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.getPrototypeOf(value) === null;

export type ReadAttributes =
  | { readonly kind: 'attributes'; readonly attributes: Attributes }
  | { readonly kind: 'error'; readonly error: ErrorInfo };

/** The attributes or extras of a node. Only an archive of a stranger can hold what is no object. */
export function readAttributes(text: string): ReadAttributes {
  try {
    const value = readPyJson(text);
    if (isRecord(value)) return { kind: 'attributes', attributes: value };
    return {
      kind: 'error',
      error: { family: 'user', code: 'no-object', message: 'The attributes are no JSON object.' },
    };
  } catch (thrown) {
    return { kind: 'error', error: errorInfo(thrown) };
  }
}

/** Empty where the attribute is missing or no text. */
export function textOf(attributes: Attributes, key: string): string {
  const value = attributes[key];
  return typeof value === 'string' ? value : '';
}

/**
 * The texts of a list, numbers among them as written; empty where it is no list. What is a list or an object in it is an
 * empty text: objects of JSON have no `toString`.
 */
export const textsOf = (value: PyJson | undefined): readonly string[] =>
  Array.isArray(value)
    ? (value as readonly PyJson[]).map((item) => {
        const plain = toPlain(item);
        return typeof plain === 'object' ? '' : String(plain);
      })
    : [];

/** A list of numbers; null where it is none, or where one is no finite number. */
export function numbersOf(value: PyJson | undefined): readonly number[] | null {
  if (!Array.isArray(value)) return null;
  const numbers = (value as readonly PyJson[]).map((item) => toPlain(item));
  return numbers.every((item): item is number => typeof item === 'number' && Number.isFinite(item))
    ? numbers
    : null;
}

/** Exactly three finite numbers, else null. */
export function vectorOf(value: PyJson | undefined): Vector | null {
  const [x, y, z, ...more] = numbersOf(value) ?? [];
  return x === undefined || y === undefined || z === undefined || more.length > 0 ? null : [x, y, z];
}

/** Three rows of three numbers: the vectors of a cell. */
export function matrixOf(value: PyJson | undefined): Matrix | null {
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [a, b, c] = (value as readonly PyJson[]).map((row) => vectorOf(row));
  return a && b && c ? [a, b, c] : null;
}
