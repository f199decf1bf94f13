import { describe, expect, test } from 'vitest';
import { matchingFiles, readPathPattern, workPathProblem } from '#shared/paths/path-pattern.ts';

const files = [
  'a.txt',
  'data0.txt',
  'data1.txt',
  'out/.hidden',
  'out/deep/x.dat',
  'out/y.dat',
  'a[1.txt',
  '.rc',
];
const found = (text: string, among: readonly string[] = files) => matchingFiles(readPathPattern(text), among);

describe('a path pattern', () => {
  test('means a file, however its path is written', () => {
    for (const text of ['a.txt', './a.txt', './/a.txt', 'a.txt/']) expect(found(text)).toEqual(['a.txt']);
  });

  test('means everything below a folder, hidden files too', () => {
    const below = ['out/.hidden', 'out/deep/x.dat', 'out/y.dat'];
    for (const text of ['out', 'out/', 'o*', './out/.', 'ou[s-u]']) expect(found(text)).toEqual(below);
    expect(found('out/*')).toEqual(['out/deep/x.dat', 'out/y.dat']);
    expect(found('.')).toEqual(files.filter((file) => file !== '.rc'));
  });

  test('has sets as a shell has them, and a bracket without its end is one', () => {
    expect(found('data[!0].txt')).toEqual(['data1.txt']);
    expect(found('data[^0].txt')).toEqual(['data1.txt']);
    expect(found('data[[:digit:]].txt')).toEqual(['data0.txt', 'data1.txt']);
    expect(found('a[1.txt')).toEqual(['a[1.txt']);
    expect(found('a[b/c]')).toEqual([]);
  });

  test('stands for bytes: a letter outside of ASCII is two, and one that is no UTF-8 is one', () => {
    const names = ['ü', 'caf\\xe9.dat'];
    expect([found('?', names), found('??', names), found('caf?.dat', names)]).toEqual([
      [],
      ['ü'],
      ['caf\\xe9.dat'],
    ]);
  });

  test('takes no time that grows with what could fit', () => {
    expect(found(`${'*a'.repeat(100)}b`, ['a'.repeat(5000)])).toEqual([]);
  });

  test.each([
    ['', 'it is empty'],
    ['/', 'it is not relative to the work directory'],
    ['/etc/passwd', 'it is not relative to the work directory'],
    ['../other', 'it leaves the work directory'],
    ['a/../../b', 'it leaves the work directory'],
    ['two\nlines', 'it has a line break'],
    ['a\\*', 'a pattern cannot have a backslash'],
    ['a[[:foo:]]', '“[:foo:]” in a pattern is not known here'],
  ])('is none where it cannot be retrieved, and says why: %j', (text, why) => {
    expect(readPathPattern(text)).toEqual({ kind: 'bad', why });
  });
});

test('a place in a work directory is said in one way only', () => {
  expect(['out/a', 'a b', '.'].map(workPathProblem)).toEqual([null, null, null]);
  expect(['a//b', 'a/'].map(workPathProblem)).toEqual(
    Array.from({ length: 2 }, () => 'it has an empty part, before or after a “/”'),
  );
});
