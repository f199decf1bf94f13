import { cifError } from './cif-error.ts';
import { cifTokens, type Token } from './tokens.ts';

export interface CifValue {
  /** Null for `?` (unknown) and `.` (does not apply). */
  readonly text: string | null;
  /** Of the file, from 1. */
  readonly line: number;
}

/** One `data_` block: for each name (in small letters) its values, one or those of its loop. */
export interface CifBlock {
  readonly name: string;
  /** Of the file, from 1. */
  readonly line: number;
  readonly items: ReadonlyMap<string, readonly CifValue[]>;
}

/** So many values are no crystal structure; the bound keeps a hostile file from filling the memory. */
const mostValues = 4_000_000;

/**
 * The data blocks of a CIF. Source: as for its words, in `tokens.ts`.
 * @throws StemmaError `cif-bad` with the line of what is wrong
 */
export function cifBlocks(text: string): readonly CifBlock[] {
  const blocks: CifBlock[] = [];
  const names = new Set<string>();
  let items = new Map<string, readonly CifValue[]>();
  let count = 0;
  const words = cifTokens(text);
  const next = (): Token | undefined => {
    const result = words.next();
    return result.done === true ? undefined : result.value;
  };
  const put = (tag: string, line: number, values: readonly CifValue[]): void => {
    if (blocks.length === 0) throw cifError(line, `${tag} stands before the first data block`);
    if (items.has(tag)) throw cifError(line, `${tag} is there twice in this data block`);
    items.set(tag, values);
  };

  let token = next();
  while (token !== undefined) {
    if (token.kind === 'data') {
      const key = token.text.toLowerCase();
      if (names.has(key)) throw cifError(token.line, `the data block ${token.text} is there twice`);
      names.add(key);
      items = new Map();
      blocks.push({ name: token.text, line: token.line, items });
      token = next();
    } else if (token.kind === 'tag') {
      const value = next();
      if (value?.kind !== 'value') throw cifError(token.line, `${token.text} has no value`);
      put(token.text, token.line, [valueOf(value)]);
      token = next();
    } else if (token.kind === 'loop') {
      const { line } = token;
      const tags: string[] = [];
      for (token = next(); token?.kind === 'tag'; token = next()) tags.push(token.text);
      if (tags.length === 0) throw cifError(line, 'a loop names nothing');
      const columns: CifValue[][] = tags.map(() => []);
      let filled = 0;
      for (; token?.kind === 'value'; token = next()) {
        columns[filled % tags.length]?.push(valueOf(token));
        filled++;
        if (++count > mostValues) throw cifError(token.line, `there are more than ${mostValues} values`);
      }
      if (filled === 0) throw cifError(line, 'a loop has no values');
      if (filled % tags.length !== 0) {
        throw cifError(line, `a loop of ${tags.length} names has ${filled} values, which is no multiple`);
      }
      for (const [i, tag] of tags.entries()) put(tag, line, columns[i] ?? []);
    } else throw cifError(token.line, `the value “${token.text.slice(0, 40)}” belongs to no name`);
  }
  if (blocks.length === 0) throw cifError(1, 'there is no data block: this is no CIF');
  return blocks;
}

const valueOf = ({ text, bare, line }: Token & { kind: 'value' }): CifValue => ({
  text: bare && (text === '?' || text === '.') ? null : text,
  line,
});
