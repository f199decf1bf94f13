import { fieldHelp, fieldNames, stateWordList, typeWords } from './fields.ts';

/** Something that a filter box offers to write in place of the characters from `from` to `to`. */
export interface Completion {
  readonly insert: string;
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly hint: string;
}

const typeHelp = (prefixes: readonly string[]): string => prefixes.join(', ');

/** What could be written at the cursor: names of fields, states and types, those that begin as the word there does. */
export function completions(text: string, cursor: number): readonly Completion[] {
  const before = /(?:^|[\s(-])(\w*)$/.exec(text.slice(0, cursor));
  if (before !== null) {
    const start = (before[1] ?? '').toLowerCase();
    const from = cursor - start.length;
    return fieldNames
      .filter((name) => name.startsWith(start))
      .map((name) => ({
        insert: name.endsWith('.') || name.endsWith('time') ? name : `${name}:`,
        from,
        to: cursor,
        label: name,
        hint: fieldHelp[name],
      }));
  }
  const value = /(?:^|[\s(-])(state|type):(?:[\w.]+,)*([\w.]*)$/i.exec(text.slice(0, cursor));
  if (value === null) return [];
  const start = (value[2] ?? '').toLowerCase();
  const words: readonly (readonly [word: string, hint: string])[] =
    value[1]?.toLowerCase() === 'state'
      ? stateWordList.map((word) => [word, ''] as const)
      : Object.entries(typeWords).map(([word, prefixes]) => [word, typeHelp(prefixes)] as const);
  return words
    .filter(([word]) => word.startsWith(start))
    .map(([word, hint]) => ({ insert: word, from: cursor - start.length, to: cursor, label: word, hint }));
}
