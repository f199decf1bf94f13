import { describe, expect, test } from 'vitest';
import { structureFormula } from '#shared/provenance/formula.ts';
import { shortened, summaryOf } from '#shared/provenance/summary.ts';

const summary = (
  nodeType: string,
  attributes: unknown,
  more: { files?: number; label?: string; computer?: string } = {},
) =>
  summaryOf({
    nodeType,
    attributes: typeof attributes === 'string' ? attributes : JSON.stringify(attributes),
    files: 0,
    label: '',
    computer: '',
    ...more,
  });

const silicon = {
  kinds: [{ name: 'Si', symbols: ['Si'], weights: [1], mass: 28.085 }],
  sites: [
    { kind_name: 'Si', position: [0, 0, 0] },
    { kind_name: 'Si', position: [1.3, 1.3, 1.3] },
  ],
};

describe('a node in short', () => {
  test.each([
    ['data.core.int.Int.', '{"value": 5}', '5'],
    ['data.core.int.Int.', '{"value": -12345678901234567890123}', '-12345678901234567890123'],
    ['data.core.float.Float.', '{"value": 1.0}', '1.0'],
    ['data.core.float.Float.', '{"value": 1e-07}', '1e-07'],
    ['data.core.bool.Bool.', '{"value": false}', 'false'],
    ['data.core.str.Str.', '{"value": "two\\nlines"}', '"two lines"'],
    ['data.core.list.List.', '{"list": [1, 2, 3]}', '3 items'],
    ['data.core.dict.Dict.', '{"a": 1}', '1 key'],
    ['data.core.dict.Dict.', '{}', '0 keys'],
    ['data.core.enum.EnumData.', '{"name": "RED", "value": 1}', 'RED'],
    ['data.core.structure.StructureData.', JSON.stringify(silicon), 'Si2'],
    ['data.core.singlefile.SinglefileData.', '{"filename": "log.txt"}', 'log.txt'],
    ['data.core.cif.CifData.', '{"filename": "si.cif"}', 'si.cif'],
    ['data.core.remote.RemoteData.', '{"remote_path": "/scratch/a"}', '/scratch/a'],
    ['data.core.array.ArrayData.', '{"array|x": [3, 4], "array|y": [5]}', 'x 3×4, y 5'],
    [
      'data.core.array.ArrayData.',
      '{"array|a": [1], "array|b": [1], "array|c": [1], "array|d": [1]}',
      'a 1, b 1, c 1, …',
    ],
    ['data.core.array.kpoints.KpointsData.', '{"mesh": [4, 4, 1], "offset": [0, 0, 0]}', 'mesh 4×4×1'],
    ['data.core.array.kpoints.KpointsData.', '{"array|kpoints": [40, 3]}', '40 k-points'],
    [
      'data.core.array.bands.BandsData.',
      '{"array|kpoints": [40, 3], "array|bands": [2, 40, 8]}',
      '8 bands at 40 k-points',
    ],
    ['data.core.array.trajectory.TrajectoryData.', '{"array|positions": [25, 4, 3]}', '25 steps, 4 atoms'],
    ['data.core.upf.UpfData.', '{"element": "Si", "filename": "Si.upf"}', 'Si'],
    ['data.pseudo.upf.UpfData.', '{"element": "Si", "filename": "Si.upf"}', 'Si'],
    ['data.fleur.fleurinp.FleurinpData.', '{}', ''],
  ])('%s with %s is “%s”', (type, attributes, text) => expect(summary(type, attributes)).toBe(text));

  test('a folder counts its files, an unknown type too when it has some', () => {
    expect(summary('data.core.folder.FolderData.', {}, { files: 12 })).toBe('12 files');
    expect(summary('data.core.folder.FolderData.', {})).toBe('0 files');
    expect(summary('data.some.thing.Thing.', {}, { files: 1 })).toBe('1 file');
  });

  test('a code says where it runs', () => {
    expect(summary('data.core.code.installed.InstalledCode.', {}, { label: 'pw', computer: 'daint' })).toBe(
      'pw@daint',
    );
    expect(summary('data.core.code.portable.PortableCode.', {}, { label: 'pw' })).toBe('pw');
  });

  test('a process says why it failed, and nothing when it did not', () => {
    const type = 'process.calculation.calcjob.CalcJobNode.';
    const finished = { process_state: 'finished' };
    expect(summary(type, { ...finished, exit_status: 0, exit_message: 'fine' })).toBe('');
    expect(summary(type, { ...finished, exit_status: 400, exit_message: 'Out of time.' })).toBe(
      'Out of time.',
    );
    expect(summary(type, { ...finished, exit_status: 400 })).toBe('exit status 400');
    expect(
      summary(type, { process_state: 'excepted', exception: 'Traceback\n  File\nValueError: bad\n' }),
    ).toBe('ValueError: bad');
    expect(summary(type, { process_state: 'killed', process_status: 'Killed by Ada' })).toBe('Killed by Ada');
    expect(summary(type, { process_state: 'running' })).toBe('');
  });

  test('is empty for what is too long to look at, and does not mind nonsense', () => {
    expect(
      summaryOf({ nodeType: 'data.core.dict.Dict.', attributes: null, files: 0, label: '', computer: '' }),
    ).toBe('');
    for (const text of [
      '',
      'null',
      '[]',
      '{',
      '{"kinds": 1, "sites": [null]}',
      '{"kinds": [null], "sites": [3]}',
    ]) {
      expect(typeof summary('data.core.structure.StructureData.', text)).toBe('string');
    }
  });
});

describe('a text shortened', () => {
  test('is one line of at most so many characters, and cuts none in two', () => {
    expect(shortened('a\t\nb   c')).toBe('a b c');
    expect(shortened('abcdef', 4)).toBe('abc…');
    expect(shortened('😀😀😀😀😀', 3)).toBe('😀😀…');
  });
});

describe('a formula', () => {
  const formula = (
    sites: readonly string[],
    kinds: readonly { name: string; symbols?: string[]; weights?: number[] }[] = [],
  ) =>
    structureFormula(
      kinds.map(({ name, symbols = [name], weights = [1] }) => ({ name, symbols, weights })),
      sites.map((kind_name) => ({ kind_name })),
    );

  test('is in Hill’s order', () => {
    expect(formula(['O', 'H', 'H', 'C', 'C', 'H'])).toBe('C2H3O');
    expect(formula(['Ti', 'O', 'Ba', 'O', 'O'])).toBe('BaO3Ti');
    expect(formula(['H', 'Cl'])).toBe('ClH');
  });

  test('joins kinds of the same element', () => {
    expect(
      formula(
        ['Fe1', 'Fe2', 'O'],
        [{ name: 'Fe1', symbols: ['Fe'] }, { name: 'Fe2', symbols: ['Fe'] }, { name: 'O' }],
      ),
    ).toBe('Fe2O');
  });

  test('shows alloys and vacancies as AiiDA does', () => {
    const kinds = [{ name: 'A', symbols: ['Ba', 'Ca'], weights: [0.8, 0.1] }];
    expect(formula(['A', 'A'], kinds)).toBe('{Ba0.80Ca0.10X0.10}2');
  });
});
