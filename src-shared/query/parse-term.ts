import { fieldNames, isStateWord, stateWordList, typeWords } from './fields.ts';
import { nearest } from './problem.ts';
import { fail, type Operator, type Scanner } from './scan.ts';
import { readTimeValue } from './time-values.ts';
import { numberFields, textFields, timeFields, type Comparison, type JsonScalar, type Term } from './tree.ts';

interface Value {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly from: number;
  readonly to: number;
}

const includes = <T extends string>(list: readonly T[], text: string): text is T =>
  (list as readonly string[]).includes(text);

/** One term. The scanner is at its first character, which is none of `-`, `(`, `)` and blank. */
export function parseTerm(scanner: Scanner): Term {
  const from = scanner.at;
  if (scanner.peek() === '"') {
    const text = scanner.quoted();
    if (text === '') fail('There is nothing between the quotes.', from, scanner.at, ['a word']);
    return { kind: 'words', text };
  }
  const word = scanner.word();
  if (word === '') {
    fail('A field is missing before this.', scanner.at, scanner.at + 1, fieldNames);
  }
  const column = /^(attr|extra)\./.exec(word)?.[1];
  if (column === 'attr' || column === 'extra') {
    scanner.at = from + column.length;
    return jsonTerm(scanner, column, from);
  }
  const to = scanner.at;
  const operator = scanner.operator();
  if (operator === null) {
    if (word === 'AND' || word === 'OR') fail(`“${word}” stands between two terms.`, from, to);
    return { kind: 'words', text: word };
  }
  return fieldTerm(scanner, word.toLowerCase(), operator, from, to);
}

function fieldTerm(scanner: Scanner, field: string, operator: Operator, from: number, to: number): Term {
  const at = to;
  const values = readValues(scanner, `${scanner.text.slice(from, to)}${operator}`);
  if (field === 'state') {
    onlyColon(operator, field, at);
    return {
      kind: 'state',
      states: values.map((value) => oneOf(value, stateWordList, 'state', isStateWord)),
    };
  }
  if (field === 'type') {
    onlyColon(operator, field, at);
    return { kind: 'type', types: values.map((value) => typeOf(value)) };
  }
  if (field === 'uuid') {
    onlyColon(operator, field, at);
    return { kind: 'uuid', prefixes: values.map((value) => uuidOf(value)) };
  }
  if (includes(textFields, field)) {
    if (operator !== ':' && operator !== ':~') onlyColon(operator, field, at, [':', ':~']);
    return {
      kind: 'text',
      field,
      match: operator === ':' ? 'is' : 'has',
      values: values.map((value) => value.text),
    };
  }
  if (includes(numberFields, field)) {
    const compare = comparison(operator, field, at);
    single(values, compare);
    return { kind: 'number', field, compare, values: values.map((value) => integerOf(value, field)) };
  }
  if (includes(timeFields, field)) {
    const compare = comparison(operator, field, at);
    const value = single(values, '>');
    return { kind: 'time', field, compare, value: readTimeValue(value.text, value.from, value.to) };
  }
  const suggestion = nearest(field, fieldNames);
  return fail(
    `There is no field “${field}”.${suggestion === null ? ' Put quotes around words with a colon.' : ''}`,
    from,
    to,
    fieldNames,
    suggestion,
  );
}

function jsonTerm(scanner: Scanner, column: 'attr' | 'extra', from: number): Term {
  const path: string[] = [];
  while (scanner.take('.')) {
    const start = scanner.at;
    const key = scanner.key();
    if (key === '') fail('The name of a key is missing here.', start, start + 1, ['a key']);
    if (/["\\]/.test(key)) {
      fail('A key with a quote or a backslash cannot be looked for.', start, scanner.at);
    }
    path.push(key);
  }
  const operator = scanner.operator();
  if (operator === null) {
    fail(`After “${scanner.text.slice(from, scanner.at)}” comes a comparison.`, from, scanner.at, [
      ':',
      ':~',
      '>',
      '>=',
      '<',
      '<=',
    ]);
  }
  const values = readValues(scanner, scanner.text.slice(from, scanner.at));
  const value = single(values, '>');
  const compare = operator === ':~' ? 'has' : operator === ':' ? '=' : operator;
  const scalar = compare === 'has' || value.isQuoted ? value.text : scalarOf(value.text);
  if (compare !== '=' && (scalar === null || typeof scalar === 'boolean')) {
    fail(`“${value.text}” is neither more nor less than anything.`, value.from, value.to, [
      'a number',
      'a text',
    ]);
  }
  return { kind: 'json', column, path, compare, value: scalar };
}

function readValues(scanner: Scanner, after: string): readonly Value[] {
  const values: Value[] = [];
  do {
    const from = scanner.at;
    const isQuoted = scanner.peek() === '"';
    const text = isQuoted ? scanner.quoted() : scanner.value();
    if (text === '' && !isQuoted) fail(`A value is missing after “${after}”.`, from, from + 1, ['a value']);
    values.push({ text, isQuoted, from, to: scanner.at });
  } while (scanner.take(','));
  if (!scanner.atBoundary) {
    fail('After the quotes comes a blank or a comma.', scanner.at, scanner.at + 1, [' ', ',']);
  }
  return values;
}

function single(values: readonly Value[], compare: Comparison): Value {
  const [first, second] = values;
  if (second !== undefined && compare !== '=') {
    fail('Only one value can stand here.', second.from, second.to);
  }
  return first ?? fail('A value is missing.', 0, 1);
}

function onlyColon(operator: Operator, field: string, at: number, can: readonly Operator[] = [':']): void {
  if (operator === ':') return;
  fail(`“${field}” cannot be compared with “${operator}”.`, at, at + operator.length, can, ':');
}

function comparison(operator: Operator, field: string, at: number): Comparison {
  if (operator === ':~') {
    fail(`“${field}” has no text to look into.`, at, at + 2, [':', '>', '>=', '<', '<='], ':');
  }
  return operator === ':' ? '=' : operator;
}

function oneOf<T extends string>(
  value: Value,
  words: readonly T[],
  what: string,
  is: (word: string) => word is T,
): T {
  const word = value.text.toLowerCase();
  if (is(word)) return word;
  return fail(`“${value.text}” is no ${what}.`, value.from, value.to, words, nearest(word, words));
}

function typeOf(value: Value): string {
  const word = value.text.toLowerCase();
  if (Object.hasOwn(typeWords, word)) return word;
  if (/^[A-Za-z0-9_.]+$/.test(value.text)) return value.text;
  const words = Object.keys(typeWords);
  return fail(`“${value.text}” is no node type.`, value.from, value.to, words, nearest(word, words));
}

function uuidOf(value: Value): string {
  const prefix = value.text.toLowerCase();
  if (/^[0-9a-f-]{1,36}$/.test(prefix)) return prefix;
  return fail(`“${value.text}” is not the beginning of a UUID.`, value.from, value.to, ['0-9 a-f -']);
}

function integerOf(value: Value, field: string): number {
  const number = Number(value.text);
  if (/^\d+$/.test(value.text) && Number.isSafeInteger(number)) return number;
  return fail(`“${field}” is compared with a whole number.`, value.from, value.to, ['a whole number']);
}

/** A number or a word of JSON is taken as such; everything else is text. */
export function scalarOf(text: string): JsonScalar {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) {
    const number = Number(text);
    if (Number.isFinite(number)) return number + 0;
  }
  return text;
}
