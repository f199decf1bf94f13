import { floatText } from './hash/make-hash.ts';
import { PyFloat, writePyJson, type PyJson } from './python-json.ts';

/** One place where two values differ; null where one of them has nothing there. */
export interface JsonDifference {
  /** `kinds[0].mass`; empty for the whole. */
  readonly path: string;
  readonly here: string | null;
  readonly there: string | null;
}

type Members = { readonly [key: string]: PyJson };

const longestText = 80;

const textOf = (value: PyJson | undefined): string | null => {
  if (value === undefined) return null;
  const text = writePyJson(value);
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
};

const membersOf = (value: PyJson | undefined): Members | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof PyFloat)
    ? (value as Members)
    : null;

/** As AiiDA's hash sees it: floats by 14 digits, an integer is no float. */
function sameLeaf(a: PyJson | undefined, b: PyJson | undefined): boolean {
  const [x, y] = [a, b].map((value) =>
    typeof value === 'number' && !Number.isInteger(value) ? new PyFloat(value) : value,
  );
  if (x instanceof PyFloat && y instanceof PyFloat) return floatText(x.value) === floatText(y.value);
  if (x === undefined || y === undefined || x instanceof PyFloat || y instanceof PyFloat) return x === y;
  return typeof x === typeof y || typeof x === 'bigint' || typeof y === 'bigint'
    ? writePyJson(x) === writePyJson(y)
    : false;
}

/** Where two values differ, in the order of the first one, at most `most` places. */
export function jsonDifferences(here: PyJson, there: PyJson, most: number): readonly JsonDifference[] {
  const found: JsonDifference[] = [];
  const compare = (a: PyJson | undefined, b: PyJson | undefined, path: string): void => {
    if (found.length >= most) return;
    const [left, right] = [membersOf(a), membersOf(b)];
    if (left !== null && right !== null) {
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
        const member = Object.hasOwn(left, key) ? left[key] : undefined;
        const other = Object.hasOwn(right, key) ? right[key] : undefined;
        compare(member, other, path === '' ? key : `${path}.${key}`);
      }
    } else if (Array.isArray(a) && Array.isArray(b)) {
      const length = Math.max(a.length, b.length);
      for (let i = 0; i < length && found.length < most; i++) {
        compare(a[i] as PyJson | undefined, b[i] as PyJson | undefined, `${path}[${i}]`);
      }
    } else if (!sameLeaf(a, b)) {
      found.push({ path, here: textOf(a), there: textOf(b) });
    }
  };
  compare(here, there, '');
  return found;
}
