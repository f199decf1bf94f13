import { parseWord, syntaxError, type Cursor } from './parse-word.ts';
import type { AndOr, Assignment, Command, List, Pipeline, Redirect, Word } from './syntax.ts';

/** @throws ShellSyntaxError for anything that Stemma's scripts do not use */
export function parseScript(text: string): List {
  const cursor: Cursor = { text, at: 0 };
  const list = readList(cursor, none);
  if (cursor.at < text.length) throw syntaxError(cursor, 'something that is no command');
  return list;
}

const none: ReadonlySet<string> = new Set();
const closers = (...words: readonly string[]): ReadonlySet<string> => new Set(words);

const ends = {
  test: closers('then'),
  arm: closers('elif', 'else', 'fi'),
  fi: closers('fi'),
  do: closers('do'),
  done: closers('done'),
  brace: closers('}'),
} as const;

function skipBlanks(cursor: Cursor): void {
  const { text } = cursor;
  for (;;) {
    const c = text[cursor.at];
    if (c === ' ' || c === '\t') cursor.at++;
    else if (c === '\\' && text[cursor.at + 1] === '\n') cursor.at += 2;
    else if (c === '#') {
      const end = text.indexOf('\n', cursor.at);
      cursor.at = end < 0 ? text.length : end;
    } else return;
  }
}

function skipLines(cursor: Cursor): void {
  for (skipBlanks(cursor); cursor.text[cursor.at] === '\n'; skipBlanks(cursor)) cursor.at++;
}

const wordEnd = /[\s;&|<>()]/;

/** The plain word that comes, without passing it. */
function peek(cursor: Cursor): string {
  const { text } = cursor;
  let end = cursor.at;
  while (end < text.length && !wordEnd.test(text[end] ?? '')) end++;
  return text.slice(cursor.at, end);
}

function take(cursor: Cursor, word: string): void {
  skipLines(cursor);
  if (peek(cursor) !== word) throw syntaxError(cursor, `“${word}” is missing`);
  cursor.at += word.length;
}

const readWord = (cursor: Cursor): Word | null => parseWord(cursor, (inner) => readList(inner, none));

/** Up to one of the words, a `)` or the end, which it leaves. */
function readList(cursor: Cursor, until: ReadonlySet<string>): List {
  const list: AndOr[] = [];
  for (;;) {
    skipLines(cursor);
    const c = cursor.text[cursor.at];
    if (c === undefined || c === ')' || cursor.text.startsWith(';;', cursor.at)) return list;
    if (until.size > 0 && until.has(peek(cursor))) return list;
    list.push(readKnown(cursor) ?? readAndOr(cursor));
  }
}

interface KnownCommand {
  readonly text: string;
  readonly command: AndOr;
}

/** Long commands by their first line: functions that are part of many scripts are read once. */
const known = new Map<string, KnownCommand>();
const mostKnown = 200;
const shortestKnown = 80;

/** A command that was read before in another script; null where it has to be read. */
function readKnown(cursor: Cursor): AndOr | null {
  const { text, at } = cursor;
  const lineEnd = text.indexOf('\n', at);
  if (lineEnd < 0) return null;
  const first = text.slice(at, lineEnd);
  const found = known.get(first);
  if (found !== undefined && text.startsWith(found.text, at) && isLineEnd(text, at + found.text.length)) {
    cursor.at += found.text.length;
    return found.command;
  }
  const command = readAndOr(cursor);
  const whole = text.slice(at, cursor.at);
  if (whole.length >= shortestKnown && whole.length > first.length && isLineEnd(text, cursor.at)) {
    if (known.size >= mostKnown) known.clear();
    known.set(first, { text: whole, command });
  }
  return command;
}

const isLineEnd = (text: string, at: number): boolean => at >= text.length || text[at] === '\n';

function readAndOr(cursor: Cursor): AndOr {
  const first = readPipeline(cursor);
  const rest: { operator: '&&' | '||'; pipeline: Pipeline }[] = [];
  for (;;) {
    skipBlanks(cursor);
    const two = cursor.text.slice(cursor.at, cursor.at + 2);
    if (two !== '&&' && two !== '||') break;
    cursor.at += 2;
    skipLines(cursor);
    rest.push({ operator: two, pipeline: readPipeline(cursor) });
  }
  const c = cursor.text[cursor.at];
  const background = c === '&';
  if (background || (c === ';' && cursor.text[cursor.at + 1] !== ';')) cursor.at++;
  return { first, rest, background };
}

function readPipeline(cursor: Cursor): Pipeline {
  skipBlanks(cursor);
  const negated = peek(cursor) === '!';
  if (negated) cursor.at++;
  const commands = [readCommand(cursor)];
  for (;;) {
    skipBlanks(cursor);
    if (cursor.text[cursor.at] !== '|' || cursor.text[cursor.at + 1] === '|') break;
    cursor.at++;
    skipLines(cursor);
    commands.push(readCommand(cursor));
  }
  return { negated, commands };
}

function readCommand(cursor: Cursor): Command {
  skipBlanks(cursor);
  if (cursor.text[cursor.at] === '(') {
    cursor.at++;
    const body = readList(cursor, none);
    if (cursor.text[cursor.at++] !== ')') throw syntaxError(cursor, 'a subshell that is not closed');
    return { kind: 'subshell', body, redirects: readRedirects(cursor) };
  }
  switch (peek(cursor)) {
    case '{': {
      cursor.at++;
      const body = readList(cursor, ends.brace);
      take(cursor, '}');
      return { kind: 'group', body, redirects: readRedirects(cursor) };
    }
    case 'if':
      return readIf(cursor);
    case 'while':
      return readLoop(cursor, 'while');
    case 'until':
      return readLoop(cursor, 'until');
    case 'for':
      return readFor(cursor);
    case 'case':
      return readCase(cursor);
    default:
      return readSimple(cursor);
  }
}

function readIf(cursor: Cursor): Command {
  const arms: { test: List; body: List }[] = [];
  let otherwise: List | null = null;
  cursor.at += 'if'.length;
  for (;;) {
    const test = readList(cursor, ends.test);
    take(cursor, 'then');
    arms.push({ test, body: readList(cursor, ends.arm) });
    const word = peek(cursor);
    cursor.at += word.length;
    if (word === 'elif') continue;
    if (word === 'else') {
      otherwise = readList(cursor, ends.fi);
      take(cursor, 'fi');
    } else if (word !== 'fi') throw syntaxError(cursor, '“fi” is missing');
    return { kind: 'if', arms, otherwise, redirects: readRedirects(cursor) };
  }
}

function readLoop(cursor: Cursor, kind: 'while' | 'until'): Command {
  cursor.at += kind.length;
  const test = readList(cursor, ends.do);
  return { kind, test, body: readBody(cursor), redirects: readRedirects(cursor) };
}

function readBody(cursor: Cursor): List {
  take(cursor, 'do');
  const body = readList(cursor, ends.done);
  take(cursor, 'done');
  return body;
}

function readFor(cursor: Cursor): Command {
  cursor.at += 'for'.length;
  skipBlanks(cursor);
  const name = peek(cursor);
  cursor.at += name.length;
  skipLines(cursor);
  let words: Word[] | null = null;
  if (peek(cursor) === 'in') {
    cursor.at += 'in'.length;
    words = [];
    for (skipBlanks(cursor); ; skipBlanks(cursor)) {
      const word = readWord(cursor);
      if (word === null) break;
      words.push(word);
    }
  }
  if (cursor.text[cursor.at] === ';') cursor.at++;
  return { kind: 'for', name, words, body: readBody(cursor), redirects: readRedirects(cursor) };
}

function readCase(cursor: Cursor): Command {
  cursor.at += 'case'.length;
  skipBlanks(cursor);
  const word = readWord(cursor);
  if (word === null) throw syntaxError(cursor, 'a case of nothing');
  take(cursor, 'in');
  const arms: { patterns: Word[]; body: List }[] = [];
  for (;;) {
    skipLines(cursor);
    if (peek(cursor) === 'esac') break;
    if (cursor.text[cursor.at] === '(') cursor.at++;
    const patterns: Word[] = [];
    for (;;) {
      skipBlanks(cursor);
      const pattern = readWord(cursor);
      if (pattern === null) throw syntaxError(cursor, 'a case without a pattern');
      patterns.push(pattern);
      skipBlanks(cursor);
      const c = cursor.text[cursor.at++];
      if (c === ')') break;
      if (c !== '|') throw syntaxError(cursor, 'a pattern that is not closed');
    }
    const body = readList(cursor, closers('esac'));
    arms.push({ patterns, body });
    if (cursor.text.startsWith(';;', cursor.at)) cursor.at += 2;
  }
  take(cursor, 'esac');
  return { kind: 'case', word, arms, redirects: readRedirects(cursor) };
}

/** `2>`, `>>`, `>&`, … at this place; null where there is none. */
function readRedirect(cursor: Cursor): Redirect | null {
  const found = /(\d?)(>>|>&|>|<)/y;
  found.lastIndex = cursor.at;
  const match = found.exec(cursor.text);
  if (match === null) return null;
  const [whole, fd = '', operator = ''] = match;
  if (cursor.text[cursor.at + whole.length] === '<') throw syntaxError(cursor, 'a here-document');
  cursor.at += whole.length;
  skipBlanks(cursor);
  const target = readWord(cursor);
  if (target === null) throw syntaxError(cursor, 'a redirection to nothing');
  const usual = operator === '<' ? 0 : 1;
  return { fd: fd === '' ? usual : Number(fd), operator: operator as Redirect['operator'], target };
}

function readRedirects(cursor: Cursor): Redirect[] {
  const redirects: Redirect[] = [];
  for (;;) {
    skipBlanks(cursor);
    const redirect = readRedirect(cursor);
    if (redirect === null) return redirects;
    redirects.push(redirect);
  }
}

const assignment = /([A-Za-z_][A-Za-z0-9_]*)=/y;
const definition = /([A-Za-z_][A-Za-z0-9_]*)[ \t]*\(\)/y;

function readSimple(cursor: Cursor): Command {
  definition.lastIndex = cursor.at;
  const defined = definition.exec(cursor.text);
  if (defined !== null) {
    const [whole, name = ''] = defined;
    cursor.at += whole.length;
    skipLines(cursor);
    return { kind: 'function', name, body: readCommand(cursor), redirects: [] };
  }
  const assignments: Assignment[] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  for (;;) {
    skipBlanks(cursor);
    const redirect = readRedirect(cursor);
    if (redirect !== null) {
      redirects.push(redirect);
      continue;
    }
    assignment.lastIndex = cursor.at;
    const assigned = words.length === 0 ? assignment.exec(cursor.text) : null;
    if (assigned !== null) {
      const [whole, name = ''] = assigned;
      cursor.at += whole.length;
      assignments.push({ name, value: readWord(cursor) ?? { parts: [], fixed: '', runs: false } });
      continue;
    }
    const word = readWord(cursor);
    if (word === null) break;
    words.push(word);
  }
  if (words.length + assignments.length + redirects.length === 0) {
    throw syntaxError(cursor, 'no command');
  }
  return { kind: 'simple', assignments, words, redirects };
}
