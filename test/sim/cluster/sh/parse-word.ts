import type { List, ParameterOperator, Part, Word } from './syntax.ts';

/** Where the parser is. Shared by words and commands, which contain each other. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** Reads `list` up to the closing parenthesis, which it leaves. */
type ReadList = (cursor: Cursor) => List;

export class ShellSyntaxError extends Error {}

export function syntaxError(cursor: Cursor, why: string): ShellSyntaxError {
  const line = cursor.text.slice(0, cursor.at).split('\n').length;
  const near = cursor.text.slice(cursor.at, cursor.at + 60);
  return new ShellSyntaxError(`The simulator cannot read a script: ${why} in line ${line}, at “${near}”.`);
}

/** Characters below 128 by their code. */
const endsWordAt = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(/[\s;&|<>()]/.test(String.fromCharCode(code))),
);
const endsWord = (c: string): boolean => endsWordAt[c.charCodeAt(0)] === 1;
const isName = /[A-Za-z0-9_]/;

export function makeWord(parts: readonly Part[]): Word {
  const fixed = parts.every((part) => part.kind === 'text')
    ? parts.map((part) => (part.kind === 'text' ? part.text : '')).join('')
    : null;
  return { parts, fixed, runs: parts.some(runs) };
}

const runs = (part: Part): boolean =>
  part.kind === 'command' ||
  (part.kind === 'arithmetic' && part.expression.runs) ||
  (part.kind === 'parameter' && part.operand !== null && part.operand.runs);

/** One word; null where none begins. */
export function parseWord(cursor: Cursor, readList: ReadList): Word | null {
  const { text } = cursor;
  if (cursor.at >= text.length || endsWord(text[cursor.at] ?? '')) return null;
  const parts = readParts(cursor, readList, endsWord, false);
  return makeWord(parts);
}

/** @param quoted whether this is inside of double quotes */
function readParts(
  cursor: Cursor,
  readList: ReadList,
  isEnd: (c: string) => boolean,
  quoted: boolean,
): Part[] {
  const { text } = cursor;
  const parts: Part[] = [];
  let plain = '';
  let wasQuoted = false;
  const flush = (): void => {
    if (plain !== '' || wasQuoted) parts.push({ kind: 'text', text: plain, quoted: quoted || wasQuoted });
    plain = '';
    wasQuoted = false;
  };
  for (;;) {
    const c = text[cursor.at];
    if (c === undefined || isEnd(c)) break;
    if (c === '\\') {
      const next = text[cursor.at + 1] ?? '';
      cursor.at += 2;
      if (next === '\n') continue;
      if (quoted && !'$`"\\'.includes(next)) plain += `\\${next}`;
      else {
        flush();
        parts.push({ kind: 'text', text: next, quoted: true });
      }
    } else if (c === "'" && !quoted) {
      const end = text.indexOf("'", cursor.at + 1);
      if (end < 0) throw syntaxError(cursor, 'a quote that is not closed');
      flush();
      plain = text.slice(cursor.at + 1, end);
      wasQuoted = true;
      flush();
      cursor.at = end + 1;
    } else if (c === '"' && !quoted) {
      flush();
      cursor.at++;
      const inner = readParts(cursor, readList, (d) => d === '"', true);
      if (text[cursor.at] !== '"') throw syntaxError(cursor, 'a double quote that is not closed');
      cursor.at++;
      parts.push(...(inner.length === 0 ? [{ kind: 'text', text: '', quoted: true } as const] : inner));
    } else if (c === '$') {
      const part = readDollar(cursor, readList, quoted);
      if (part === null) plain += '$';
      else {
        flush();
        parts.push(part);
      }
    } else if (c === '`') throw syntaxError(cursor, 'a backquote');
    else {
      // a run of plain characters at once
      let end = cursor.at + 1;
      for (let d = text[end]; d !== undefined && !isEnd(d) && !'\\\'"$`'.includes(d); d = text[end]) end++;
      plain += text.slice(cursor.at, end);
      cursor.at = end;
    }
  }
  flush();
  return parts;
}

/** Where the parenthesis that is open at `at` is closed; -1: nowhere. */
function closingParenthesis(text: string, at: number): number {
  let open = 0;
  for (let end = at; end < text.length; end++) {
    if (text[end] === '(') open++;
    else if (text[end] === ')' && open-- === 0) return end;
  }
  return -1;
}

/** What begins with `$`; null where it is only a dollar, which is passed. */
function readDollar(cursor: Cursor, readList: ReadList, quoted: boolean): Part | null {
  const { text } = cursor;
  const next = text[cursor.at + 1] ?? '';
  if (text.startsWith('$((', cursor.at)) {
    cursor.at += 3;
    const end = closingParenthesis(text, cursor.at);
    if (end < 0 || text[end + 1] !== ')') throw syntaxError(cursor, 'an expression that is not closed');
    const inside: Cursor = { text: text.slice(0, end), at: cursor.at };
    const expression = makeWord(readParts(inside, readList, () => false, true));
    cursor.at = end + 2;
    return { kind: 'arithmetic', expression, quoted };
  }
  if (next === '(') {
    cursor.at += 2;
    const list = readList(cursor);
    if (text[cursor.at] !== ')') throw syntaxError(cursor, 'a substitution that is not closed');
    cursor.at++;
    return { kind: 'command', list, quoted };
  }
  if (next === '{') return readBraces(cursor, readList, quoted);
  if (/[?$!#@*0-9-]/.test(next)) {
    cursor.at += 2;
    return { kind: 'parameter', name: next, operator: null, operand: null, quoted };
  }
  let end = cursor.at + 1;
  while (isName.test(text[end] ?? '')) end++;
  const name = text.slice(cursor.at + 1, end);
  if (name === '') {
    cursor.at++;
    return null;
  }
  cursor.at = end;
  return { kind: 'parameter', name, operator: null, operand: null, quoted };
}

const operators: readonly ParameterOperator[] = ['##', '%%', ':-', ':+', '#', '%', '-', '+'];

function readBraces(cursor: Cursor, readList: ReadList, quoted: boolean): Part {
  const { text } = cursor;
  cursor.at += 2;
  if (text[cursor.at] === '#' && text[cursor.at + 1] !== '}') {
    cursor.at++;
    const name = readName(cursor);
    if (text[cursor.at++] !== '}') throw syntaxError(cursor, 'a parameter that is not closed');
    return { kind: 'parameter', name, operator: 'length', operand: null, quoted };
  }
  const name = readName(cursor);
  const operator = operators.find((one) => text.startsWith(one, cursor.at)) ?? null;
  cursor.at += operator?.length ?? 0;
  // quotes inside count although there may be quotes around the whole
  const operand = operator === null ? null : makeWord(readParts(cursor, readList, (c) => c === '}', false));
  if (text[cursor.at++] !== '}') throw syntaxError(cursor, 'a parameter that is not closed');
  return { kind: 'parameter', name, operator, operand, quoted };
}

function readName(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.at;
  while (isName.test(text[cursor.at] ?? '')) cursor.at++;
  if (cursor.at === start) cursor.at++;
  return text.slice(start, cursor.at);
}
