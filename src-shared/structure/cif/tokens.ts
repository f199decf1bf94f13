import { cifError } from './cif-error.ts';

/** `text` is a value; `bare` one without quotes, where `?` and `.` say that there is none. */
export type Token =
  | { readonly kind: 'data' | 'tag'; readonly text: string; readonly line: number }
  | { readonly kind: 'loop'; readonly line: number }
  | { readonly kind: 'value'; readonly text: string; readonly bare: boolean; readonly line: number };

const blank = /[ \t\r\n]/;

/**
 * The words of a CIF. Source: IUCr, “CIF version 1.1 working specification: file syntax” (International Tables for
 * Crystallography, volume G, 2.2.7). Letters beyond ASCII are let through: real files have them in names of people.
 * @throws StemmaError `cif-bad` with the line
 */
export function* cifTokens(text: string): Generator<Token> {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  const isLineStart = (): boolean => at === 0 || text[at - 1] === '\n' || text[at - 1] === '\r';
  while (at < text.length) {
    const letter = text[at] ?? '';
    if (letter === '\n' || letter === '\r') {
      // CR LF is one end of a line
      if (letter === '\n' || text[at + 1] !== '\n') line++;
      at++;
    } else if (letter === ' ' || letter === '\t') at++;
    else if (letter === '#') {
      while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
    } else if (letter === ';' && isLineStart()) {
      const end = /(?:\r\n|\n|\r);/g;
      end.lastIndex = at;
      const found = end.exec(text);
      if (found === null) throw cifError(line, 'a text that begins with “;” does not end');
      const content = text.slice(at + 1, found.index);
      yield { kind: 'value', text: content, bare: false, line };
      line += (content.match(/\r\n|\n|\r/g)?.length ?? 0) + 1;
      at = found.index + found[0].length;
    } else if (letter === "'" || letter === '"') {
      // A quote ends the text only before a blank: 'a dog's life' is one text.
      let end = at + 1;
      while (
        end < text.length &&
        text[end] !== '\n' &&
        text[end] !== '\r' &&
        !(text[end] === letter && (end + 1 >= text.length || blank.test(text[end + 1] ?? '')))
      ) {
        end++;
      }
      if (text[end] !== letter)
        throw cifError(line, `a text that begins with ${letter} does not end in this line`);
      yield { kind: 'value', text: text.slice(at + 1, end), bare: false, line };
      at = end + 1;
    } else {
      let end = at;
      while (end < text.length && !blank.test(text[end] ?? '')) end++;
      yield wordToken(text.slice(at, end), line);
      at = end;
    }
  }
}

function wordToken(word: string, line: number): Token {
  const lower = word.toLowerCase();
  if (word.startsWith('_')) {
    if (word.length === 1) throw cifError(line, 'a name is missing after “_”');
    return { kind: 'tag', text: lower, line };
  }
  if (lower.startsWith('data_')) {
    if (word.length === 5) throw cifError(line, 'the data block has no name');
    return { kind: 'data', text: word.slice(5), line };
  }
  if (lower === 'loop_') return { kind: 'loop', line };
  if (lower.startsWith('save_') || lower === 'global_' || lower === 'stop_') {
    throw cifError(line, `“${word}” is reserved, and has no place in a file of data`);
  }
  if (/^[$[\]]/.test(word))
    throw cifError(line, `a value cannot begin with “${word.charAt(0)}” without quotes`);
  return { kind: 'value', text: word, bare: true, line };
}
