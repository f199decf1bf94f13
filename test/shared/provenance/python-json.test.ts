import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  float,
  floatRepr,
  PyFloat,
  readPyJson,
  toPlain,
  writePyJson,
  type PyJson,
} from '#shared/provenance/python-json.ts';
import { skipReason } from '../../support/skips.ts';

const noPython = skipReason(
  'JSON as the real Python writes it',
  spawnSync('python3', ['-c', 'import json']).status === 0 ? null : 'python3 is not installed',
);

/** Texts that SQLite and Python can both hold: no lone surrogates. */
const text = fc.string({ unit: 'grapheme' }).filter((one) => one.isWellFormed());
/** Keys that are no array indexes: objects of JavaScript put those first, whatever order they came in. */
const key = text.filter((one) => !/^\d+$/.test(one));
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

const { value: anyJson } = fc.letrec<{ value: PyJson }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger().map((one) => one + 0),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n }),
    finite.map((one) => new PyFloat(one)),
    text,
    fc.array(tie('value')),
    fc.array(fc.tuple(key, tie('value'))).map((pairs) => {
      const made = Object.create(null) as Record<string, PyJson>;
      for (const [name, one] of pairs) made[name] = one;
      return made;
    }),
  ),
}));

describe('writing and reading', () => {
  test('gives the same value, floats and large integers as such', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(readPyJson(writePyJson(value))).toEqual(value);
      }),
    );
  });

  test('gives the same text', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const written = writePyJson(value);
        expect(writePyJson(readPyJson(written))).toBe(written);
      }),
    );
  });

  test('tells 1 from 1.0 and keeps integers of any length', () => {
    const json = '{"a": 1, "b": 1.0, "c": 123456789012345678901234567890, "d": -0.0, "e": 1e-07}';
    expect(writePyJson(readPyJson(json))).toBe(json);
  });

  test('reads what JSON.parse reads, and refuses what it refuses', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (json) => {
        let expected: unknown;
        try {
          expected = JSON.parse(json);
        } catch {
          expect(() => readPyJson(json)).toThrow(/Not valid JSON/);
          return;
        }
        expect(JSON.stringify(toPlain(readPyJson(json)))).toBe(JSON.stringify(expected));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    'NaN',
    '[Infinity]',
    '{"a": -Infinity}',
    '01',
    '1.',
    '.5',
    '"\n"',
    '{"a" 1}',
    '[1,]',
    '{}x',
    '',
  ])('refuses %j, with the place', (json) => expect(() => readPyJson(json)).toThrow(/character \d/));

  test('keeps a key that is called __proto__ a key', () => {
    const value = readPyJson('{"__proto__": {"polluted": true}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('refuses more than 200 levels instead of overflowing the stack', () => {
    expect(() => readPyJson('['.repeat(100_000))).toThrow(/200 levels/);
  });

  test('refuses NaN and infinite floats', () => {
    expect(() => writePyJson(new PyFloat(Number.NaN))).toThrow(/NaN/);
    expect(() => writePyJson({ a: [float(Infinity)] })).toThrow(/infinite/);
  });
});

describe.skipIf(noPython !== null)('the real Python', () => {
  const program = `
import json, sys
for line in sys.stdin:
    print(json.dumps(json.loads(line)))
`;
  /** One line of JSON each, through `json.loads` and `json.dumps`. */
  const python = (lines: readonly string[]): readonly string[] =>
    execFileSync('python3', ['-c', program], { input: `${lines.join('\n')}\n`, maxBuffer: 1e9 })
      .toString()
      .trimEnd()
      .split('\n');

  test('writes every value as we write it', () => {
    const written = fc.sample(anyJson, 3000).map((value) => writePyJson(value));
    expect(python(written)).toEqual(written);
  });

  test('writes every float as we write it', () => {
    const edges = [
      0, -0, 1, 0.1, 1e15, 1e16, 123456789012345680, 1e22, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308,
    ];
    const written = [...edges, ...fc.sample(finite, 5000)].map((one) => floatRepr(one));
    expect(python(written)).toEqual(written);
  });
});
