import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberOf, readLinePattern } from '#shared/pattern/line-pattern.ts';
import type { LinePatternText } from '#shared/pattern/line-pattern-text.ts';

const read = (kind: LinePatternText['kind'], text: string, line: string) => {
  const pattern = readLinePattern({ kind, text });
  if (!pattern.ok) throw new Error(pattern.error.message);
  return pattern.value.read(line);
};

describe('words and the number after them', () => {
  it.each([
    ['total energy', '!    total   energy              =     -22.83741 Ry', -22.83741],
    ['accuracy', '     estimated scf accuracy    <       0.00018873 Ry', 0.00018873],
    ['iteration #', '     iteration #  41     ecut=    30.00 Ry', 41],
    ['Step', 'Step', null],
    ['energy', 'energy: 1.25D-03', 0.00125],
    ['energy', 'energy = NaN', NaN],
    ['energy', 'energy = ************ Ry', NaN],
    ['norm', 'norm=Infinity', Infinity],
    ['H2 energy', 'H2 energy of CO2 is 3', 3],
    ['Energy', 'energy 5', null],
    ['a b', 'a a b 7', 7],
    ['t =', 't =.5', 0.5],
  ])('%s in %s', (words, line, value) => {
    expect(read('words', words, line)?.value ?? null).toEqual(value);
  });

  it('says where the number stands', () => {
    expect(read('words', 'E =', 'E = -1.5 eV')).toMatchObject({ start: 4, end: 8 });
  });
});

describe('an expression', () => {
  it.each([
    ['E=(?<value>\\S+)', 'E=-1.5', -1.5],
    ['(\\w+)=(?<value>.+)', 'E=1e3', 1000],
    ['step +(\\d+)', 'step   12', 12],
    ['\\d+\\.\\d+', 'at 3.25 s', 3.25],
    ['(?<what>\\d+)', 'n 7', 7],
    ['E=(\\w+)', 'E=high', null],
  ])('%s on %s', (text, line, value) => {
    expect(read('expression', text, line)?.value ?? null).toEqual(value);
  });

  it('gives the other axis by its group x', () => {
    expect(read('expression', 'step (?<x>\\d+): (?<value>\\S+)', 'step 12: 0.5')).toMatchObject({
      x: 12,
      value: 0.5,
    });
  });

  it('looks only at the beginning of a line without end', () => {
    expect(read('expression', 'E=(\\d+)', `${'x'.repeat(5000)}E=5`)).toBeNull();
  });
});

describe('a number', () => {
  it('is read back as it is printed', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(numberOf(String(value))).toBe(value === 0 ? Number(String(value)) : value);
      }),
    );
  });
});
