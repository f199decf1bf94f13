import { floatRepr, PyFloat, type PyJson } from '#shared/provenance/python-json.ts';

/** A value of a JSON document as a row of a tree. */
export interface JsonItem {
  /** The way from the root: `$.steps[3]`. Its identity, and what is copied. */
  readonly path: string;
  /** A key, an index, or a range of indices. */
  readonly name: string;
  readonly value: PyJson;
  /** For a slice of a long list: the part that it stands for. */
  readonly slice: readonly [from: number, to: number] | null;
}

/** Longer lists are cut into slices, so that a list of a million numbers opens at once. */
const sliceLength = 100;

export type JsonKind = 'object' | 'list' | 'string' | 'number' | 'word';

const isList = (value: PyJson): value is readonly PyJson[] => Array.isArray(value);

/** What decides its colour; `true`, `false` and `null` are words. */
export function kindOfJson(value: PyJson): JsonKind {
  if (value === null || typeof value === 'boolean') return 'word';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat) return 'number';
  return isList(value) ? 'list' : 'object';
}

const step = (path: string, key: string): string =>
  /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

function elements(list: readonly PyJson[], path: string, from: number, to: number): readonly JsonItem[] {
  return list.slice(from, to).map((value, i) => ({
    path: `${path}[${from + i}]`,
    name: String(from + i),
    value,
    slice: null,
  }));
}

/** What is inside; null for a value that has no inside. */
export function jsonChildren(item: JsonItem): readonly JsonItem[] | null {
  const { value, path, slice } = item;
  const kind = kindOfJson(value);
  if (kind === 'object') {
    const entries = Object.entries(value as Readonly<Record<string, PyJson>>);
    if (entries.length === 0) return null;
    return entries.map(([name, inner]) => ({ path: step(path, name), name, value: inner, slice: null }));
  }
  if (!isList(value) || value.length === 0) return null;
  if (slice !== null) return elements(value, path.replace(/\[\d+…\d+\]$/, ''), slice[0], slice[1]);
  if (value.length <= sliceLength) return elements(value, path, 0, value.length);
  const slices: JsonItem[] = [];
  for (let from = 0; from < value.length; from += sliceLength) {
    const to = Math.min(value.length, from + sliceLength);
    slices.push({
      path: `${path}[${from}…${to - 1}]`,
      name: `${from} … ${to - 1}`,
      value,
      slice: [from, to],
    });
  }
  return slices;
}

const longestPreview = 120;

/** A value in one line: scalars as they stand in the file, a short reading of what has an inside. */
export function previewOf({ value, slice }: JsonItem): string {
  if (slice !== null) return '';
  if (isList(value))
    return value.length === 0 ? '[]' : value.length === 1 ? '1 item' : `${value.length} items`;
  if (typeof value === 'string') {
    const text = JSON.stringify(value);
    return text.length > longestPreview ? `${text.slice(0, longestPreview)}…` : text;
  }
  if (value instanceof PyFloat) return floatRepr(value.value);
  if (typeof value === 'object' && value !== null) {
    const count = Object.keys(value).length;
    return count === 0 ? '{}' : count === 1 ? '1 key' : `${count} keys`;
  }
  return String(value);
}
