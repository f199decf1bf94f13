import { className } from '#shared/provenance/node-types.ts';

/** What the index is made of; `attributes` is null where the text is too long to look at. */
export interface SearchSource {
  readonly label: string;
  readonly description: string;
  readonly nodeType: string;
  readonly processType: string | null;
  readonly processLabel: string | null;
  readonly attributes: string | null;
}

/** Texts of attributes up to this length are read for values (bytes). */
export const longestAttributes = 65_536;

const longestValue = 100;
const longestTotal = 2_000;
const deepest = 4;

/** `PwCalculation` is found by `calculation` too. */
const split = (name: string): string => {
  const parts = name.replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2');
  return parts === name ? name : `${name} ${parts}`;
};

function collect(value: unknown, depth: number, out: string[], room: { left: number }): void {
  if (room.left <= 0) return;
  if (typeof value === 'string') {
    if (value.length === 0 || value.length > longestValue) return;
    out.push(value);
    room.left -= value.length;
  } else if (typeof value === 'object' && value !== null && depth < deepest) {
    for (const item of Object.values(value)) collect(item, depth + 1, out, room);
  }
}

function shortValues(attributes: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(attributes);
  } catch {
    // In a profile the database lets no such text in; in a stranger's archive its names are still found.
    return [];
  }
  const out: string[] = [];
  collect(value, 0, out, { left: longestTotal });
  return out;
}

/** The words by which a node is found: its names, its description, and short texts among its attributes. */
export function searchWords(source: SearchSource): string {
  const { label, description, nodeType, processType, processLabel, attributes } = source;
  return [
    label,
    description.slice(0, longestTotal),
    split(processLabel ?? ''),
    processType ?? '',
    split(className(nodeType)),
    ...(attributes === null ? [] : shortValues(attributes)),
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** Cuts a text into words: runs of letters and digits, without case and accents. The index and every question use it. */
export function searchTokens(text: string): readonly string[] {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '');
}

/** What the index is given: every word once. */
export const indexedText = (source: SearchSource): string =>
  [...new Set(searchTokens(searchWords(source)))].join(' ');

/** A query for FTS5: every token of the words, each as the beginning of a word. Null where there is nothing to look for. */
export function ftsQuery(words: string): string | null {
  const tokens = searchTokens(words);
  return tokens.length === 0 ? null : tokens.map((token) => `"${token}"*`).join(' ');
}

/** The same question to one text, without the index. */
export function holdsWords(text: string, wanted: readonly string[]): boolean {
  const tokens = searchTokens(text);
  return wanted.every((token) => tokens.some((word) => word.startsWith(token)));
}
