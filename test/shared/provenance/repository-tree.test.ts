import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import {
  filesOf,
  readRepositoryTree,
  treeOf,
  writeRepositoryTree,
} from '#shared/provenance/repository-tree.ts';

const hash = fc
  .array(fc.integer({ min: 0, max: 15 }), { minLength: 64, maxLength: 64 })
  .map((digits) => digits.map((digit) => digit.toString(16)).join('') as ObjectHash);
const name = fc
  .string({ minLength: 1, maxLength: 8 })
  .filter((one) => !/[/\0]/.test(one) && one !== '.' && one !== '..');
/** Files of which none is the folder of another: every folder's name ends with `+`, no file's does. */
const files = fc.uniqueArray(
  fc.tuple(
    fc
      .tuple(
        fc.array(
          name.map((one) => `${one}+`),
          { maxLength: 3 },
        ),
        name.filter((one) => !one.endsWith('+')),
      )
      .map(([folders, file]) => [...folders, file].join('/')),
    hash,
  ),
  { selector: ([path]) => path },
);

describe('the file tree of a node', () => {
  test('lists the files that it was made of', () => {
    fc.assert(
      fc.property(files, (list) => {
        expect(new Map(filesOf(treeOf(list)))).toEqual(new Map(list));
      }),
    );
  });

  test('is the same after writing and reading, as JSON text', () => {
    fc.assert(
      fc.property(files, (list) => {
        const json = writeRepositoryTree(treeOf(list));
        expect(writeRepositoryTree(readRepositoryTree(JSON.parse(JSON.stringify(json))))).toEqual(json);
      }),
    );
  });

  test('has AiiDA’s form', () => {
    const [a, b] = ['a', 'b'].map((digit) => digit.repeat(64) as ObjectHash) as [ObjectHash, ObjectHash];
    const tree = treeOf([
      ['.aiida/calcinfo.json', b],
      ['aiida.in', a],
    ]);
    expect(JSON.stringify(writeRepositoryTree(tree))).toBe(
      JSON.stringify({ o: { '.aiida': { o: { 'calcinfo.json': { k: b } } }, 'aiida.in': { k: a } } }),
    );
    expect(writeRepositoryTree(treeOf([]))).toEqual({});
  });

  test('keeps empty folders, and files that are called __proto__', () => {
    const json = JSON.parse(`{"o": {"empty": {}, "__proto__": {"k": "${'c'.repeat(64)}"}}}`) as unknown;
    const tree = readRepositoryTree(json);
    expect([...filesOf(tree)].map(([path]) => path)).toEqual(['__proto__']);
    expect(JSON.stringify(writeRepositoryTree(tree))).toContain('"empty":{}');
  });

  test.each([
    ['{"k": "xyz"}', /hash|root/],
    [`{"k": "${'a'.repeat(64)}"}`, /root is a file/],
    ['[]', /not an object/],
    ['{"o": []}', /children are not/],
    ['{"o": {"a/b": {}}}', /no file name/],
    ['{"o": {"..": {}}}', /no file name/],
    ['{"o": {"": {}}}', /no file name/],
    [`${'{"o": {"a": '.repeat(200)}{}${'}}'.repeat(200)}`, /100 levels/],
  ])('refuses %s', (text, message) => {
    expect(() => readRepositoryTree(JSON.parse(text))).toThrow(message);
  });

  test.each([[['a', 'a/b']], [['a/b', 'a']], [['']], [['a/']], [['../a']], [['a//b']]])(
    'refuses files at %j',
    (paths) => {
      const object = 'a'.repeat(64) as ObjectHash;
      expect(() => treeOf(paths.map((path) => [path, object] as const))).toThrow(/malformed/);
    },
  );
});
