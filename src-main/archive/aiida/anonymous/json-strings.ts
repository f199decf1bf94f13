import { writePyJson } from '#shared/provenance/python-json.ts';

/**
 * Changes the strings in a text of JSON, keys and values, and keeps every other character of it: the form of numbers, the
 * order of members, and strings that stay the same. A string that changes is written as Python's `json.dumps` writes it.
 * @param text valid JSON
 */
export function mapJsonStrings(text: string, change: (value: string) => string): string {
  let result = '';
  let copied = 0;
  for (let start = text.indexOf('"'); start !== -1;) {
    const end = endOfString(text, start);
    const raw = text.slice(start + 1, end);
    const value = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
    const changed = change(value);
    if (changed !== value) {
      result += text.slice(copied, start) + writePyJson(changed);
      copied = end + 1;
    }
    start = text.indexOf('"', end + 1);
  }
  return result + text.slice(copied);
}

/** Where the quote stands that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
