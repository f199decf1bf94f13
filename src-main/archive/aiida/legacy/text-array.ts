import { writePyJson } from '#shared/provenance/python-json.ts';
import { NpyArray } from '#shared/npy/npy-array.ts';
import type { Member } from '../container/member.ts';
import { archiveDamaged } from '../container/archive-errors.ts';

const largest = 16 << 20;

/** The strings of a NumPy array with one axis, as a JSON list. @throws StemmaError `archive-damaged` */
export function textArray(member: Member): string {
  const damaged = (cause?: unknown): Error =>
    archiveDamaged(member.name, `“${member.name}” is not a list of symbols`, cause);
  if (member.size > largest) throw damaged();
  let array: NpyArray;
  try {
    array = new NpyArray(member.read());
  } catch (error) {
    throw damaged(error);
  }
  const isText = array.type.kind === 'text' || array.type.kind === 'bytes';
  if (!isText || array.shape.length !== 1 || !array.whole) throw damaged();
  return writePyJson(Array.from({ length: array.length }, (_, i) => array.text(i)));
}
