import { errorInfo } from '#shared/base/errors.ts';
import { patchJsonObject } from '#shared/provenance/json-patch.ts';
import { readPyJson, toPlain, type PlainJson } from '#shared/provenance/python-json.ts';
import { readAttributes } from '#renderer/model/attributes.ts';

export type ReadExtra =
  | { readonly kind: 'value'; readonly value: PlainJson }
  | { readonly kind: 'error'; readonly message: string };

/**
 * What a person typed as the value of an extra: JSON where it is JSON, else a text as it stands. What begins like JSON must
 * be JSON, so that a missing bracket does not quietly become a text.
 */
export function readExtra(typed: string): ReadExtra {
  const text = typed.trim();
  if (text === '') return { kind: 'error', message: 'Type a value: a number, true, false, a text, or JSON.' };
  try {
    const value = toPlain(readPyJson(text));
    if (value === null) {
      return { kind: 'error', message: 'null stands for no value: remove the extra instead.' };
    }
    return { kind: 'value', value };
  } catch (thrown) {
    if (/^[[{"]/.test(text)) return { kind: 'error', message: errorInfo(thrown).message };
    return { kind: 'value', value: text };
  }
}

/** What is wrong with a key; empty when nothing is. The contract has the same rules. */
export function keyProblem(key: string, taken: readonly string[]): string {
  if (key === '') return '';
  if (key.includes('.')) return 'A key has no dots.';
  if (key.startsWith('_aiida')) return 'Keys that begin with _aiida belong to AiiDA.';
  if (key.length > 255) return 'A key has at most 255 characters.';
  return taken.includes(key) ? 'There is an extra with this key: change that one.' : '';
}

/** AiiDA's own keys, and those with a dot: the contract takes neither. */
export const readOnlyKey = (key: string): boolean => key.startsWith('_aiida') || key.includes('.');

/**
 * The extras of a node without those that the store keeps for itself (hashes, whose copy it is), as text. A text that
 * is no object stays as it is: its page says so.
 */
export function peoplesExtras(text: string): string {
  const read = readAttributes(text);
  if (read.kind === 'error') return text;
  const own = Object.keys(read.attributes).filter((key) => key.startsWith('_aiida_'));
  return own.length === 0
    ? text
    : patchJsonObject(text, Object.fromEntries(own.map((key) => [key, undefined])));
}
