import type { NpyArray } from '#shared/npy/npy-array.ts';
import { toPlain, type PyJson } from '#shared/provenance/python-json.ts';
import type { Vector } from '#shared/structure/cell.ts';
import { numbersOf, type Attributes } from '#renderer/model/attributes.ts';

/** The labels of a KpointsData: the index of a k-point and its name (aiida-core 2.9, `array/kpoints.py`). */
export function kpointLabels(attributes: Attributes): readonly (readonly [index: number, name: string])[] {
  const { labels, label_numbers: places } = attributes;
  if (!Array.isArray(labels) || !Array.isArray(places)) return [];
  return (labels as readonly PyJson[]).flatMap((label, i) => {
    const index = toPlain((places as readonly PyJson[])[i] ?? null);
    return typeof index === 'number' ? [[index, String(label)] as const] : [];
  });
}

/** A Monkhorst-Pack mesh as AiiDA's `KpointsData` keeps it. */
export interface Mesh {
  readonly mesh: readonly number[];
  /** In parts of a step of the mesh: 0.5 is a half. */
  readonly offset: readonly number[];
}

/** Null where the points are listed one by one. */
export function readMesh(attributes: Attributes): Mesh | null {
  const mesh = numbersOf(attributes['mesh']);
  return mesh === null ? null : { mesh, offset: numbersOf(attributes['offset']) ?? [0, 0, 0] };
}

/**
 * A coordinate of a k-point, with six decimals: what is beyond them came from a division. The array has all of them.
 */
export function coordinateText(value: number): string {
  const text = value.toFixed(6);
  return text === '-0.000000' ? '0.000000' : text.replace('-', '−');
}

/** Rows of three; a flat list in one or two dimensions is filled up with zeros. */
export function vectorsOf(array: NpyArray): readonly Vector[] {
  const width = array.shape[1] ?? 1;
  return Array.from({ length: array.shape[0] ?? 0 }, (_, i) => {
    const at = (axis: number): number => (axis < width ? array.number(i * width + axis) : 0);
    return [at(0), at(1), at(2)];
  });
}
