import { describe, expect, it } from 'vitest';
import { readPyJson } from '#shared/provenance/python-json.ts';
import { searchJson } from '#renderer/model/json-search.ts';
import { jsonChildren, type JsonItem } from '#renderer/model/json-tree.ts';

const roots = (text: string): readonly JsonItem[] =>
  jsonChildren({ path: '$', name: '', value: readPyJson(text), slice: null }) ?? [];

describe('searching in a JSON document', () => {
  const document = roots('{"cell": {"a": 5.43, "b": [1, 2]}, "symbols": ["Si", "Ge"], "Cellular": true}');

  it('finds keys and values, large or small, and opens the way to each', () => {
    const found = searchJson(document, 'si');
    expect([...found.kept]).toEqual(['$.symbols[0]', '$.symbols']);
    expect([...found.opened]).toEqual(['$.symbols']);
    expect(found.count).toBe(1);
    expect(searchJson(document, 'CELL').count).toBe(2);
    expect(searchJson(document, '5.43').kept).toContain('$.cell');
  });

  it('does not find its own words such as “2 items”', () => {
    expect(searchJson(document, 'items').count).toBe(0);
  });

  it('opens slices of long lists on the way', () => {
    const list = roots(JSON.stringify(Array.from({ length: 250 }, (_, i) => `value ${i}`)));
    const found = searchJson(list, 'value 249');
    expect([...found.opened]).toEqual(['$[200…249]']);
    expect([...found.kept]).toEqual(['$[249]', '$[200…249]']);
  });

  it('stops at a bound and says so', () => {
    const found = searchJson(roots(JSON.stringify(Array.from({ length: 5000 }, () => 'x'))), 'x');
    expect(found.cut).toBe(true);
    expect(found.count).toBe(2000);
  });

  it('goes through a document of 150 levels', () => {
    const deep = roots(`${'{"a":'.repeat(150)}"needle"${'}'.repeat(150)}`);
    expect(searchJson(deep, 'needle').opened.size).toBe(149);
  });
});
