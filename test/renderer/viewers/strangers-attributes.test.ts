import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NpyArray } from '#shared/npy/npy-array.ts';
import { StemmaError } from '#shared/base/errors.ts';
import { readAttributes, type Attributes } from '#renderer/model/attributes.ts';
import { readStructure } from '#renderer/model/structure.ts';
import { arrayNames } from '#renderer/viewers/arrays/read-arrays.ts';
import { bandGap } from '#renderer/viewers/bands/band-gap.ts';
import { bandLines } from '#renderer/viewers/bands/band-lines.ts';
import { readBands } from '#renderer/viewers/bands/read-bands.ts';
import { readCode } from '#renderer/viewers/code/read-code.ts';
import { readMesh } from '#renderer/viewers/kpoints/read-kpoints.ts';
import { readOrbitals } from '#renderer/viewers/projection/read-projection.ts';
import { readRemote, stashedFiles } from '#renderer/viewers/remote/read-remote.ts';
import { readTrajectoryHead } from '#renderer/viewers/trajectory/trajectory.ts';
import { readValue } from '#renderer/viewers/value/read-value.ts';
import { xyParts } from '#renderer/viewers/xy/xy-lines.ts';
import { npyOf } from '../../support/npy.ts';

/** Names that the readers look for. */
const names = [
  'cell',
  'pbc',
  'pbc1',
  'pbc2',
  'pbc3',
  'kinds',
  'sites',
  'name',
  'symbols',
  'weights',
  'mass',
  'position',
  'kind_name',
  'mesh',
  'offset',
  'labels',
  'label_numbers',
  'units',
  'array_labels',
  'fermi_energy',
  'efermi',
  'orbital_dicts',
  'angular_momentum',
  'radial_nodes',
  'spin',
  'value',
  'list',
  'identifier',
  'members',
  'remote_path',
  'is_local',
  'remote_exec',
  'filepath_executable',
  'input_plugin',
  'with_mpi',
  'symbols',
  'source_list',
  'x_name',
  'x_units',
  'y_names',
  'y_units',
  'units|positions',
  'array|positions',
  'units|times',
  'positions',
  'steps',
  '__proto__',
  'toString',
  '',
];

/** JSON as a person who means harm writes it, under the names that are looked for. */
const json = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, false, '', 'Si', '__proto__', 0, 1, -1, 3, 1e300, 1.5, 2 ** 53),
    fc.string({ maxLength: 6 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.constantFrom<unknown>([{}], [[{}]], [{ symbols: [{}], weights: [{}], mass: {} }]),
    fc.array(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 }), {
      minLength: 3,
      maxLength: 3,
    }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 8, noNullPrototype: true }),
})).object;

const nodeTypes = [
  'data.core.int.Int.',
  'data.core.dict.Dict.',
  'data.core.list.List.',
  'data.core.enum.EnumData.',
  'x',
];

const sound = new NpyArray(npyOf([2, 3], [1, 2, 3, 4, 5, 6]));
const kpoints = new NpyArray(npyOf([2, 3], [0, 0, 0, 0.5, 0, 0]));

const readers: Readonly<Record<string, (attributes: Attributes) => unknown>> = {
  structure: readStructure,
  mesh: readMesh,
  code: readCode,
  remote: (attributes) => [...readRemote(attributes)],
  orbitals: readOrbitals,
  trajectory: readTrajectoryHead,
  arrays: arrayNames,
  stash: stashedFiles,
  xy: xyParts,
  value: (attributes) => nodeTypes.map((type) => readValue(type, attributes)),
  bands(attributes) {
    const bands = readBands(attributes, { bands: sound, kpoints, occupations: sound });
    if (bands === null) return null;
    return [bandLines(bands, [0]), bandGap(bands, { kind: 'occupations' })];
  },
};

describe('attributes that a stranger wrote', () => {
  for (const [name, read] of Object.entries(readers)) {
    it(`are shown or refused in words by the reader of a ${name}, whatever they hold`, () => {
      fc.assert(
        fc.property(json, (value) => {
          const text = JSON.stringify(value);
          const found = readAttributes(text);
          if (found.kind === 'error') return;
          try {
            read(found.attributes);
          } catch (error) {
            expect({ text, error: (error as Error).stack, ours: error instanceof StemmaError }).toMatchObject(
              {
                ours: true,
              },
            );
          }
        }),
        { numRuns: 300 },
      );
    });
  }
});
