import type { NpyArray } from '#shared/npy/npy-array.ts';
import { textOf, textsOf, type Attributes } from '#renderer/model/attributes.ts';
import type { PlotLine } from '../plot/plot-lines.ts';

/** What the attributes of an XyData say of its arrays (aiida-core 2.9, `orm/nodes/data/array/xy.py`). */
export interface XyParts {
  readonly arrays: readonly string[];
  readonly xName: string;
  readonly yNames: readonly string[];
  readonly yUnits: readonly string[];
  /** `volume (Å³)` */
  readonly xTitle: string;
  readonly yTitle: string;
}

/** Units as people write them: `angstrom^3` is Å³. */
function unitText(unit: string): string {
  return unit
    .replace(/\bangstroms?\b/gi, 'Å')
    .replaceAll(/\^?\b([23])\b/g, (_, digit: string) => (digit === '2' ? '²' : '³'))
    .replaceAll('^', '');
}

const titled = (name: string, unit: string): string => (unit === '' ? name : `${name} (${unitText(unit)})`);

/** Names, units and arrays that have to be read; axes are titled by the first names. */
export function xyParts(attributes: Attributes): XyParts {
  const yNames = textsOf(attributes['y_names']);
  const units = textsOf(attributes['y_units']);
  const xName = textOf(attributes, 'x_name');
  const unitsOfY = [...new Set(units)];
  return {
    arrays: ['x_array', ...yNames.map((_, i) => `y_array_${i}`)],
    xName,
    yNames,
    yUnits: units,
    xTitle: titled(xName, textOf(attributes, 'x_units')),
    yTitle: titled(yNames.slice(0, 4).join(', '), unitsOfY.join(', ')),
  };
}

const numbers = (array: NpyArray): Float64Array =>
  Float64Array.from({ length: array.length }, (_, i) => array.number(i));

/** What does not fit the x array, such as a list of another length, is drawn as far as it goes. */
export function xyLines(
  arrays: Readonly<Record<string, NpyArray>>,
  { yNames, yUnits }: Pick<XyParts, 'yNames' | 'yUnits'>,
): readonly PlotLine[] {
  const { x_array: x, ...rest } = arrays;
  if (x === undefined) return [];
  const along = numbers(x);
  return Object.values(rest).map((array, i) => ({
    name: titled(yNames[i] ?? `y ${i + 1}`, yUnits[i] ?? ''),
    x: along,
    y: numbers(array),
    series: i,
  }));
}
