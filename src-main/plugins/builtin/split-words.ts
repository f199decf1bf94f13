/**
 * Splits a template into words as a shell would: blanks separate, single and double quotes hold together, a backslash
 * takes the next character as it is. Nothing is expanded: the words are quoted again for the job script.
 */
export function splitWords(template: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let i = 0; i < template.length; i++) {
    const c = template.charAt(i);
    if (quote !== '') {
      if (c === quote) quote = '';
      else word += c === '\\' && quote === '"' ? template.charAt(++i) : c;
    } else if (c === "'" || c === '"') {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + (c === '\\' ? template.charAt(++i) : c);
    }
  }
  if (quote !== '') throw new Error(`The arguments have an opening ${quote} without its end.`);
  if (word !== null) words.push(word);
  return words;
}
