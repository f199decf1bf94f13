import { describe, expect, it } from 'vitest';
import { readAttributes, type Attributes } from '#renderer/model/attributes.ts';
import { readPyJson } from '#shared/provenance/python-json.ts';
import {
  figureText,
  shortText,
  firstSlicing,
  placeIn,
  sliceText,
  withAxis,
} from '#renderer/viewers/arrays/array-shape.ts';
import { arrayNames } from '#renderer/viewers/arrays/read-arrays.ts';
import { readCode } from '#renderer/viewers/code/read-code.ts';
import { coordinateText, readMesh, kpointLabels } from '#renderer/viewers/kpoints/read-kpoints.ts';
import { viewerOf } from '#renderer/viewers/registry.ts';
import { readValue } from '#renderer/viewers/value/read-value.ts';
import { xyParts } from '#renderer/viewers/xy/xy-lines.ts';

const attributes = (text: string): Attributes => readPyJson(text) as Attributes;

describe('the viewer of a node', () => {
  it('is the one of the nearest type that has one', () => {
    const titleOf = (type: string): string => viewerOf(type)?.title ?? 'none';
    expect(titleOf('data.core.int.Int.')).toBe('Value');
    expect(titleOf('data.core.array.ArrayData.')).toBe('Arrays');
    expect(titleOf('data.core.array.bands.BandsData.')).toBe('Bands');
    expect(titleOf('data.core.array.kpoints.KpointsData.')).toBe('k-points');
    expect(titleOf('data.core.array.trajectory.TrajectoryData.')).toBe('Trajectory');
    expect(titleOf('data.core.cif.CifData.')).toBe('Crystal');
    expect(titleOf('data.core.remote.stash.folder.RemoteStashFolderData.')).toBe('Remote folder');
    expect(titleOf('data.code.Code.')).toBe('Code');
    // as AiiDA 1 called them
    for (const type of ['int.Int', 'dict.Dict', 'str.Str', 'bool.Bool', 'float.Float', 'list.List'])
      expect(titleOf(`data.${type}.`)).toBe('Value');
    expect(titleOf('data.strange.Thing.')).toBe('none');
    expect(titleOf('')).toBe('none');
  });
});

describe('a value', () => {
  it('stands there exactly as it is stored', () => {
    const textOf = (type: string, text: string): string =>
      readValue(`data.core.${type}.`, attributes(`{"value": ${text}}`))?.text ?? 'none';
    expect(textOf('int', '123456789012345678901234567890')).toBe('123456789012345678901234567890');
    expect(textOf('float', '1.0')).toBe('1.0');
    expect(textOf('float', '3e-05')).toBe('3e-05');
    expect(textOf('bool', 'false')).toBe('false');
    expect(textOf('str', '"Γ\\n"')).toBe('Γ\n');
  });

  it('has digits in groups as a second reading where that helps', () => {
    expect(readValue('data.core.int.', attributes('{"value": 1048576}'))?.note).toBe('1\u2009048\u2009576');
    expect(readValue('data.core.int.', attributes('{"value": 12}'))?.note).toBe('');
  });

  it('is read as lines where it is a long text', () => {
    expect(readValue('data.core.str.', attributes('{"value": "a\\nb"}'))?.long).toBe(true);
    expect(readValue('data.core.str.', attributes('{"value": ""}'))).toMatchObject({ text: '', long: false });
  });

  it('of an enumeration is its member', () => {
    const shown = readValue(
      'data.core.enum.EnumData.',
      attributes('{"name": "RED", "value": 1, "identifier": "a.b:C"}'),
    );
    expect(shown).toMatchObject({ text: 'RED', note: 'value 1 · a.b:C' });
  });

  it('is none where the attribute is missing or no scalar', () => {
    expect(readValue('data.core.int.', attributes('{}'))).toBeNull();
    expect(readValue('data.core.int.', attributes('{"value": [1]}'))).toBeNull();
  });
});

describe('arrays', () => {
  it('are named by the attributes, with their shapes', () => {
    expect(arrayNames(attributes('{"array|bands": [87, 8], "units": "eV", "array|": [3]}'))).toEqual([
      { name: 'bands', shape: '87 × 8' },
      { name: '', shape: '3' },
    ]);
  });

  it('of any number of dimensions are looked at plane by plane', () => {
    expect(firstSlicing([])).toEqual({ rowAxis: 0, columnAxis: null, at: [] });
    expect(firstSlicing([5])).toEqual({ rowAxis: 0, columnAxis: null, at: [0] });
    const slicing = { ...firstSlicing([2, 3, 4, 5]), at: [1, 2, 0, 0] };
    expect(sliceText([2, 3, 4, 5], slicing)).toBe('[1, 2, :, :]');
    expect(placeIn([2, 3, 4, 5], slicing)(3, 4)).toBe(119);
    const other = withAxis(slicing, 'rowAxis', 0);
    expect(sliceText([2, 3, 4, 5], other)).toBe('[:, 2, 0, :]');
    expect(placeIn([2, 3, 4, 5], other)(1, 1)).toBe(60 + 40 + 1);
    expect(withAxis(slicing, 'rowAxis', 3)).toMatchObject({ rowAxis: 3, columnAxis: 2 });
  });

  it('have figures in a few digits', () => {
    expect([1 / 3, -1e-9, 123456789, NaN, 0].map(figureText)).toEqual([
      '0.3333333',
      '−1.0000e-9',
      '1.2346e+8',
      '–',
      '0',
    ]);
  });

  it('are shortened in a table only where they are long fractions', () => {
    expect(shortText('0.00000503045560711', 0.00000503045560711)).toBe('5.0304556e-6');
    expect(shortText('0.9925124862104469-1.2214321395950e-05j', 1)).toBe('0.9925124862-1.2214321e-5j');
    expect(shortText('0.1234567890123456', 0.1234567890123456)).toBe('0.123456789');
    for (const text of [
      '4611686018427387905',
      '12345678901234567890',
      'a long text of letters',
      '0.25',
      '(1+0.5j)',
    ])
      expect(shortText(text, Number(text))).toBe(text);
  });

  it('of k-points have six decimals, and no rest of a division', () => {
    expect([1 / 3, -6.979e-17, -0.5].map(coordinateText)).toEqual(['0.333333', '0.000000', '−0.500000']);
  });
});

describe('k-points', () => {
  it('are a mesh, or points with labels', () => {
    expect(readMesh(attributes('{"mesh": [8, 8, 8]}'))).toEqual({ mesh: [8, 8, 8], offset: [0, 0, 0] });
    expect(readMesh(attributes('{"array|kpoints": [2, 3]}'))).toBeNull();
    expect(kpointLabels(attributes('{"labels": ["L", "X"], "label_numbers": [0, 25]}'))).toEqual([
      [0, 'L'],
      [25, 'X'],
    ]);
    expect(kpointLabels(attributes('{"labels": "L"}'))).toEqual([]);
  });
});

describe('a code', () => {
  it('says where its executable is, whichever AiiDA wrote it', () => {
    const named = (text: string, name: string): string | undefined =>
      readCode(attributes(text)).pairs.find((pair) => pair.name === name)?.value;
    expect(named('{"filepath_executable": "/opt/pw.x", "with_mpi": true}', 'Executable')).toBe('/opt/pw.x');
    expect(named('{"remote_exec_path": "/usr/bin/bash"}', 'Executable')).toBe('/usr/bin/bash');
    expect(named('{}', 'With MPI')).toBe('as the calculation says');
    expect(readCode(attributes('{"prepend_text": "  ", "append_text": "exit"}')).texts).toEqual([
      { title: 'After the command', text: 'exit' },
    ]);
  });
});

describe('a plot', () => {
  it('has titles with units', () => {
    const parts = xyParts(
      attributes('{"x_name": "volume", "x_units": "angstrom^3", "y_names": ["energy"], "y_units": ["eV"]}'),
    );
    expect(parts).toMatchObject({
      xTitle: 'volume (Å³)',
      yTitle: 'energy (eV)',
      arrays: ['x_array', 'y_array_0'],
    });
  });
});

describe('attributes of a stranger', () => {
  it('do not pretend to be more than JSON', () => {
    const read = readAttributes('{"__proto__": {"value": 1}}');
    expect(read.kind === 'attributes' && read.attributes['value']).toBe(undefined);
  });
});
