/** What a regular expression means. Characters are code units of UTF-16. */
export type Node =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | {
      readonly kind: 'repeat';
      readonly item: Node;
      readonly least: number;
      /** Infinity for no end. */
      readonly most: number;
      readonly lazy: boolean;
    }
  /** `index` null: it only holds together. */
  | { readonly kind: 'group'; readonly index: number | null; readonly item: Node }
  | { readonly kind: 'place'; readonly place: Place };

/** `word`: between a letter, digit or underscore and something else. */
export type Place = 'start' | 'end' | 'word' | 'not-word';

/** Ranges of code units, both ends included. */
export interface CharSet {
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly negated: boolean;
}

/** Whether the code unit is one of the set. */
export const inSet = ({ ranges, negated }: CharSet, code: number): boolean => {
  for (const [from, to] of ranges) if (code >= from && code <= to) return !negated;
  return negated;
};

const code = (char: string): number => char.charCodeAt(0);
const range = (from: string, to = from): readonly [number, number] => [code(from), code(to)];

export const digits: CharSet = { ranges: [range('0', '9')], negated: false };
export const wordChars: CharSet = {
  ranges: [range('0', '9'), range('A', 'Z'), range('_'), range('a', 'z')],
  negated: false,
};
/** As ECMAScript has it. */
export const blanks: CharSet = {
  ranges: [
    [9, 13],
    [32, 32],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ],
  negated: false,
};
/** The dot: a line has none of these anyway. */
export const anyButNewline: CharSet = {
  ranges: [
    [10, 10],
    [13, 13],
    [0x2028, 0x2029],
  ],
  negated: true,
};
