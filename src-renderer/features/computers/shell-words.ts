/**
 * A command as a person types it, as words: blanks separate, quotes hold together, as in a shell. Nothing is filled in
 * or run.
 */
export function readWords(
  text: string,
):
  | { readonly ok: true; readonly words: readonly string[] }
  | { readonly ok: false; readonly problem: string } {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quote !== null) {
      if (char === quote) quote = null;
      else if (char === '\\' && quote === '"' && '"\\'.includes(text.charAt(i + 1)) && i + 1 < text.length) {
        word += text.charAt(++i);
      } else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + char;
  }
  if (quote !== null) return { ok: false, problem: `A ${quote} is not closed.` };
  if (word !== null) words.push(word);
  return { ok: true, words };
}

/** The text from which `readWords` makes these words. */
export const writeWords = (words: readonly string[]): string => words.map(writeWord).join(' ');

function writeWord(word: string): string {
  if (word !== '' && !/[\s"']/.test(word)) return word;
  return `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
