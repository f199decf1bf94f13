import { describe, expect, it } from 'vitest';
import { readPyJson } from '#shared/provenance/python-json.ts';
import { jsonChildren, kindOfJson, previewOf, type JsonItem } from '#renderer/model/json-tree.ts';

const root = (text: string): JsonItem => ({ path: '$', name: '', value: readPyJson(text), slice: null });
const inside = (text: string): readonly JsonItem[] => jsonChildren(root(text)) ?? [];

describe('a JSON document as a tree', () => {
  it('shows numbers as they stand in the file', () => {
    const previews = inside('[1, 1.0, 3e-05, 12345678901234567890, true, null]').map(previewOf);
    expect(previews).toEqual(['1', '1.0', '3e-05', '12345678901234567890', 'true', 'null']);
  });

  it('gives each value a path that says where it is', () => {
    const [a] = inside('{"a": {"b c": [1, 2]}}');
    const [bc] = jsonChildren(a as JsonItem) ?? [];
    const [, second] = jsonChildren(bc as JsonItem) ?? [];
    expect(second?.path).toBe('$.a["b c"][1]');
  });

  it('cuts long lists into slices and finds every element in them once', () => {
    const slices = inside(JSON.stringify(Array.from({ length: 250 }, (_, i) => i)));
    expect(slices.map(({ name }) => name)).toEqual(['0 … 99', '100 … 199', '200 … 249']);
    const all = slices.flatMap((slice) => jsonChildren(slice) ?? []);
    expect(all.map(previewOf)).toEqual(Array.from({ length: 250 }, (_, i) => String(i)));
    expect(all[249]?.path).toBe('$[249]');
  });

  it('reads what has an inside in a few words', () => {
    expect(inside('{"o": {"x": 1}, "l": [], "s": "a\\"b"}').map(previewOf)).toEqual([
      '1 key',
      '[]',
      String.raw`"a\"b"`,
    ]);
  });

  it('says that a scalar and what is empty have no inside', () => {
    for (const text of ['5', '[]', '{}']) expect(jsonChildren(root(text))).toBeNull();
    expect(kindOfJson(readPyJson('5.0'))).toBe('number');
  });
});
