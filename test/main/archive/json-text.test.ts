import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJsonObject, sameJson, withoutMembers } from '#main/archive/aiida/import/json-text.ts';

const object = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Record<string, unknown>>;

/** Text with spaces and line ends wherever JSON allows them. */
const spaced = (text: string): string =>
  text.replaceAll(/("(?:[^"\\]|\\.)*")|([{}[\],:])/g, (_all, quoted: string, mark: string) =>
    quoted !== undefined ? quoted : ` ${mark}\n`,
  );

describe('taking members out of the text of an object', () => {
  test('takes out these and no others, however the text is laid out', () => {
    fc.assert(
      fc.property(object, fc.func(fc.boolean()), fc.boolean(), (value, isDropped, lay) => {
        const text = lay ? spaced(JSON.stringify(value)) : JSON.stringify(value);
        const kept = Object.fromEntries(
          Object.entries(JSON.parse(text) as object).filter(([key]) => !isDropped(key)),
        );
        expect(JSON.parse(withoutMembers(text, isDropped))).toEqual(kept);
      }),
    );
  });

  test('keeps every character of what stays', () => {
    const text = '{"a": 1.0, "_aiida_hash": {"x": ["}", "\\"]"]}, "b": 123456789012345678901, "c": 1e-07}';
    expect(withoutMembers(text, (key) => key.startsWith('_aiida_'))).toBe(
      '{"a": 1.0, "b": 123456789012345678901, "c": 1e-07}',
    );
    expect(withoutMembers(text, () => false)).toBe(text);
    expect(withoutMembers('{"only": {}}', () => true)).toBe('{}');
  });

  test('understands escaped keys', () => {
    expect(withoutMembers('{"\\u005faiida_x": 1, "y": 2}', (key) => key === '_aiida_x')).toBe('{"y": 2}');
  });
});

describe('two texts are the same', () => {
  test('when only the order of keys, the layout and the form of numbers differ', () => {
    fc.assert(
      fc.property(object, (value) => {
        const turned = Object.fromEntries(Object.entries(value).toReversed());
        expect(sameJson(spaced(JSON.stringify(value)), JSON.stringify(turned))).toBe(true);
      }),
    );
    expect(sameJson('{"a": 1e2, "b": 1.0}', '{"b": 1, "a": 100}')).toBe(true);
    expect(sameJson('[18446744073709551616]', '[1.8446744073709552e19]')).toBe(true);
  });

  test('and not when a value differs', () => {
    for (const [a, b] of [
      ['{"a": 1}', '{"a": 2}'],
      ['{"a": 1}', '{"a": true}'],
      ['{"a": 0}', '{"a": false}'],
      ['{"a": 0}', '{"a": ""}'],
      ['{"a": null}', '{}'],
      ['{"a": null}', '{"b": null}'],
      ['[]', '{}'],
      ['[1, 2]', '[2, 1]'],
      ['{"a": 9007199254740993}', '{"a": 9007199254740992}'],
      ['{"a": NaN}', '{"a": 1}'],
    ] as const) {
      expect({ a, b, same: sameJson(a, b) }).toEqual({ a, b, same: false });
      expect({ a, b, same: sameJson(b, a) }).toEqual({ a, b, same: false });
    }
  });
});

describe('the text of attributes', () => {
  test('has to be an object of bounded depth', () => {
    const deep = (levels: number): string => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(readJsonObject('{"a": [1, {"b": "]]]]"}]}')).toMatchObject({ ok: true });
    expect(readJsonObject(deep(199))).toMatchObject({ ok: true });
    expect(readJsonObject(deep(200))).toEqual({ ok: false, why: 'has more than 200 levels' });
    expect(readJsonObject(deep(1_000_000))).toEqual({ ok: false, why: 'has more than 200 levels' });
    expect(readJsonObject(`{"a": "${'['.repeat(500)}"}`)).toMatchObject({ ok: true });
    for (const text of ['', '{', '{"a": NaN}', 'nonsense']) {
      expect(readJsonObject(text)).toEqual({ ok: false, why: 'is not JSON' });
    }
    for (const text of ['[]', 'null', '1', '"x"']) {
      expect(readJsonObject(text)).toEqual({ ok: false, why: 'is not an object' });
    }
  });
});
