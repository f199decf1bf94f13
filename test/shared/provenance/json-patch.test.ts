import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patchJsonObject } from '#shared/provenance/json-patch.ts';
import { float, writePyJson, type PyJson } from '#shared/provenance/python-json.ts';

describe('patching the text of a JSON object', () => {
  test('keeps every character of what is not touched, and the order of keys', () => {
    const text = '{"b": 1.0, "10": [1, 2.50, 1e400],  "a":12345678901234567890, "2": {"x": "}, \\"y\\": {"}}';
    expect(patchJsonObject(text, { state: 'done', a: undefined })).toBe(
      '{"b": 1.0, "10": [1, 2.50, 1e400], "2": {"x": "}, \\"y\\": {"}, "state": "done"}',
    );
  });

  test('puts a changed value where the old one stood', () => {
    expect(patchJsonObject('{"a": 1, "b": 2, "c": 3}', { b: float(2) })).toBe('{"a": 1, "b": 2.0, "c": 3}');
  });

  test('takes away, adds to nothing, and does nothing', () => {
    expect(patchJsonObject('{"a": 1}', { a: undefined })).toBe('{}');
    expect(patchJsonObject('{}', { a: 1 })).toBe('{"a": 1}');
    expect(patchJsonObject('  { }  ', { a: undefined })).toBe('{}');
    expect(patchJsonObject('{"a": 1}', {})).toBe('{"a": 1}');
  });

  test('finds keys however they are escaped, and one that stands there twice', () => {
    expect(patchJsonObject(String.raw`{"\u0061": 1, "a": 2}`, { a: 3 })).toBe('{"a": 3}');
  });

  test('sets a key that is called __proto__', () => {
    const patch = Object.fromEntries([['__proto__', 1]]);
    expect(patchJsonObject('{"a": 1}', patch)).toBe('{"a": 1, "__proto__": 1}');
  });

  test.each(['', '[]', '1', '{"a"}', '{"a": 1', '{"a": }', '{a: 1}', '{"a": [1}', '{"a": "x}'])(
    'refuses %j',
    (text) => expect(() => patchJsonObject(text, { b: 1 })).toThrow(/Not a valid JSON object/),
  );

  test('gives what a plain object gives', () => {
    const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<PyJson>;
    const key = fc.oneof(fc.constantFrom('a', 'b', 'c', '1', '__proto__x'), fc.string());
    const object = fc.dictionary(key, value);
    fc.assert(
      fc.property(object, fc.dictionary(key, fc.option(value, { nil: undefined })), (before, patch) => {
        const patched = JSON.parse(patchJsonObject(writePyJson(before), patch)) as object;
        const expected = Object.entries({ ...before, ...patch }).filter(([, one]) => one !== undefined);
        expect(patched).toEqual(JSON.parse(writePyJson(Object.fromEntries(expected) as PyJson)));
      }),
    );
  });
});
