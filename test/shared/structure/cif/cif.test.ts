import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellFigures } from '#shared/structure/cell.ts';
import { cifBlocks, type CifBlock } from '#shared/structure/cif/blocks.ts';
import { cifNumber } from '#shared/structure/cif/cif-number.ts';
import { groupOf, hasAtoms, readCifCrystal, type CifCrystal } from '#shared/structure/cif/read-crystal.ts';
import { applied, readOperation } from '#shared/structure/cif/symmetry.ts';
import { crystalFigures } from '#shared/structure/crystal.ts';

const lines = (...all: readonly string[]): string => all.join('\n');
const only = (text: string): CifBlock => {
  const [block] = cifBlocks(text);
  if (block === undefined) throw new Error('no block');
  return block;
};
const read = (text: string): CifCrystal => readCifCrystal(only(text));
const texts = (block: CifBlock, name: string): readonly (string | null)[] | undefined =>
  block.items.get(name)?.map(({ text }) => text);

const cubic = (a: string): string =>
  lines(
    'data_test',
    ...['a', 'b', 'c'].map((name) => `_cell_length_${name} ${a}`),
    ...['alpha', 'beta', 'gamma'].map((name) => `_cell_angle_${name} 90`),
  );
const atoms = (...rows: readonly string[]): string =>
  lines(
    'loop_',
    '_atom_site_label',
    '_atom_site_fract_x',
    '_atom_site_fract_y',
    '_atom_site_fract_z',
    '_atom_site_occupancy',
    ...rows,
  );

describe('the words of a CIF', () => {
  it('are names, values with and without quotes, texts of many lines, and comments', () => {
    const block = only(
      lines(
        '# a comment',
        'DATA_Silicon _plain a#b # not here',
        `_Quoted 'a dog's life' _double "it's" _empty ''`,
        '_text',
        ';first',
        ' ; second',
        ';',
        '_unknown ? _none . _asked "?"',
        'LOOP_ _p _q 1 2',
        '3 4',
      ),
    );
    expect(block.name).toBe('Silicon');
    expect(texts(block, '_plain')).toEqual(['a#b']);
    expect(texts(block, '_quoted')).toEqual(["a dog's life"]);
    expect(texts(block, '_double')).toEqual(["it's"]);
    expect(texts(block, '_empty')).toEqual(['']);
    expect(texts(block, '_text')).toEqual(['first\n ; second']);
    expect(['_unknown', '_none', '_asked'].map((name) => texts(block, name)?.[0])).toEqual([null, null, '?']);
    expect(texts(block, '_p')).toEqual(['1', '3']);
    expect(block.items.get('_q')?.map(({ line }) => line)).toEqual([9, 10]);
  });

  it.each([
    ['nothing', '', 'Line 1: there is no data block'],
    ['a value before a block', '_a 1', 'Line 1: _a stands before'],
    ['a name without a value', 'data_x\n_a\n_b 1', 'Line 2: _a has no value'],
    ['a quote that does not end', "data_x\n\n_a 'b\n_c 1", 'Line 3: a text that begins with'],
    ['a text that does not end', 'data_x\n_a\n;b\nc', 'Line 3: a text that begins with “;”'],
    ['a loop with a value too many', 'data_x\nloop_ _a _b\n1 2 3', 'Line 2: a loop of 2 names has 3 values'],
    ['a loop without values', 'data_x\nloop_ _a\ndata_y', 'Line 2: a loop has no values'],
    ['a name twice', 'data_x\n_a 1\n_A 2', 'Line 3: _a is there twice'],
    ['a block twice', 'data_x\ndata_X', 'Line 2: the data block X is there twice'],
    ['a value of nothing', 'data_x\r\n_a 1\r\n2', 'Line 3: the value “2” belongs to no name'],
    ['a reserved word', 'data_x\nsave_frame', 'Line 2: “save_frame” is reserved'],
    ['a bracket without quotes', 'data_x\n_a [1]', 'Line 2: a value cannot begin with “[”'],
  ])('say the line of %s', (_, text, message) => {
    expect(() => cifBlocks(text)).toThrow(message);
  });

  it('come back as they were written, whatever they are', () => {
    const value = fc.string({ unit: 'grapheme-ascii' }).map((text) => text.replaceAll(/[^ -~]/g, ''));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 12 }), (values) => {
        const rows = values.map((text) => `\n;${text}\n;`);
        expect(texts(only(`data_x\nloop_\n_v${rows.join('')}\n`), '_v')).toEqual(values);
      }),
    );
  });

  it('of any text are read, or refused with a line, and never anything else', () => {
    const pieces = fc.constantFrom(
      'data_a',
      'loop_',
      '_x',
      "'",
      '"',
      '\n;',
      ' ',
      '\n',
      '1.5',
      '#',
      '?',
      'é',
      '[',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        try {
          cifBlocks(parts.join(''));
        } catch (thrown) {
          expect(String(thrown)).toMatch(/Line \d+: /);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('numbers and operations', () => {
  it('have uncertainties, signs and exponents', () => {
    const number = (text: string | null): number | null => cifNumber({ text, line: 7 });
    expect(['5.4310(2)', '-.5', '+1E-2', '3.', '12(3)'].map(number)).toEqual([5.431, -0.5, 0.01, 3, 12]);
    expect(number(null)).toBeNull();
    for (const bad of ['1.2.3', 'x', '1(a)', '--1', '']) expect(() => number(bad)).toThrow('Line 7');
  });

  it('bring a place to its image', () => {
    const to = (text: string): readonly number[] => applied(readOperation(text, 1), [0.1, 0.2, 0.3]);
    const near = (...parts: readonly number[]): readonly number[] =>
      parts.map((part) => expect.closeTo(part, 12) as number);
    expect(to('x,y,z')).toEqual(near(0.1, 0.2, 0.3));
    expect(to('-Y, X-Y, Z+1/3')).toEqual(near(-0.2, -0.1, 0.3 + 1 / 3));
    expect(to('1/2+x, 0.25-z, y')).toEqual(near(0.6, -0.05, 0.2));
    expect(to('2/3*x+1/3*y,y,z')).toEqual(near(0.2 / 3 + 0.2 / 3, 0.2, 0.3));
    for (const bad of ['x,y', 'x,y,z,x', 'x,y,q', 'x,,z', '/2,y,z', 'x+,y,z', 'x,y,1/0']) {
      expect(() => readOperation(bad, 4), bad).toThrow('Line 4');
    }
  });
});

describe('a crystal of a CIF', () => {
  it('has all images of its atoms, each once, also where digits were rounded', () => {
    const hexagonal = lines(
      'data_hcp',
      '_cell_length_a 3.2094(1)',
      '_cell_length_b 3.2094',
      '_cell_length_c 5.2108',
      '_cell_angle_alpha 90',
      '_cell_angle_beta 90',
      '_cell_angle_gamma 120',
      'loop_ _symmetry_equiv_pos_as_xyz',
      ...['x,y,z', '-y,x-y,z', '-x+y,-x,z', '-x,-y,z+1/2', 'y,-x+y,z+1/2', 'x-y,x,z+1/2'].map(
        (op) => `'${op}'`,
      ),
      atoms('Mg1 0.3333 0.6667 0.25 1.0'),
    );
    const { crystal, operations, notes } = read(hexagonal);
    expect(operations).toBe(6);
    expect(notes).toEqual([]);
    expect(crystal.sites).toHaveLength(2);
    const figures = crystalFigures(crystal);
    expect(figures.formula).toBe('Mg2');
    expect(figures.angles[2]).toBeCloseTo(120, 10);
    // magnesium: 1.738 g/cm³
    expect(figures.density).toBeCloseTo(1.737, 2);
  });

  it('has shared places with their occupancies, and what is unknown is left out', () => {
    const { crystal, notes } = read(
      lines(
        cubic('4'),
        atoms('Ba1 0 0 0 0.75(1)', 'Sr1 0 0 0 0.25', 'O1 0.5 .5 0 .', 'H1 ? ? ? 1', 'D2 0.5 0 0 1'),
      ),
    );
    expect(crystal.kinds.map(({ name }) => name)).toEqual(['Ba0.75Sr0.25', 'O', 'D']);
    expect(crystal.sites).toHaveLength(3);
    expect(notes).toEqual(['1 atoms without a place are left out.']);
  });

  it('reads elements from their symbols, else from the labels', () => {
    const { crystal } = read(
      lines(
        cubic('9'),
        'loop_ _atom_site_label _atom_site_type_symbol _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z',
        'A1 Na1+ 0 0 0',
        'Cl2 ? 0.2 0 0',
        'OW . 0.4 0 0',
        'Q1 ? 0.6 0 0',
        'CA2 FE 0.8 0 0',
      ),
    );
    expect(crystal.kinds.map(({ name }) => name)).toEqual(['Na', 'Cl', 'O', 'X', 'Fe']);
  });

  it('says when a space group has no operations', () => {
    const group = (name: string): readonly string[] =>
      read(lines(cubic('4'), `_symmetry_space_group_name_H-M '${name}'`, atoms('Po1 0 0 0 1'))).notes;
    expect(group('F m -3 m')[0]).toContain('The file names the space group F m -3 m');
    expect(group('P 1')).toEqual([]);
    expect(groupOf(only('data_x\n_space_group_IT_number 225'))).toBe('225');
  });

  it('says the line of what is missing or wrong', () => {
    expect(() => read(atoms('A 0 0 0 1').replace(/^/, 'data_x\n'))).toThrow('_cell_length_a is missing');
    expect(() => read(lines(cubic('4'), atoms('Po1 0 0 zero 1')))).toThrow('Line 14: “zero” is no number');
    expect(() => read(lines(cubic('4'), atoms('Po1 0 0 0 1.5')))).toThrow('Line 14: an occupancy of 1.5');
    expect(() => read(lines(cubic('-4'), atoms('Po1 0 0 0 1')))).toThrow('Line 2: no cell has');
    expect(() => read(lines(cubic('4'), atoms('Po1 ? 0 0 1')))).toThrow('no atom has a place');
    expect(() => read(cubic('4'))).toThrow('names no places of atoms');
    expect(hasAtoms(only(cubic('4')))).toBe(false);
  });

  it('may give its places in Å', () => {
    const { crystal } = read(
      lines(
        cubic('4'),
        'loop_ _atom_site_label _atom_site_Cartn_x _atom_site_Cartn_y _atom_site_Cartn_z',
        'Po1 1 2 3',
      ),
    );
    expect(crystal.sites[0]?.position).toEqual([1, 2, 3].map((part) => expect.closeTo(part, 10) as number));
    expect(cellFigures(crystal.cell).volume).toBeCloseTo(64, 10);
  });
});
