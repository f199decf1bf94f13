import { assertNever } from '../base/assert.ts';
import { scalarOf } from './parse-term.ts';
import type { Comparison, Filter, JsonScalar, TimeValue } from './tree.ts';

/** The text of a filter, such that parsing it gives the same filter again. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'all':
      return '';
    case 'and':
      return filter.parts.map((part) => (part.kind === 'or' ? grouped(part) : printFilter(part))).join(' ');
    case 'or':
      return filter.parts.map((part) => printFilter(part)).join(' OR ');
    case 'not':
      return `-${filter.part.kind === 'and' || filter.part.kind === 'or' ? grouped(filter.part) : printFilter(filter.part)}`;
    case 'words':
      return printWord(filter.text);
    case 'state':
      return `state:${filter.states.join(',')}`;
    case 'type':
      return `type:${filter.types.join(',')}`;
    case 'uuid':
      return `uuid:${filter.prefixes.join(',')}`;
    case 'text':
      return `${filter.field}${filter.match === 'is' ? ':' : ':~'}${filter.values.map(printValue).join(',')}`;
    case 'number':
      return `${filter.field}${sign(filter.compare)}${filter.values.join(',')}`;
    case 'time':
      return `${filter.field}${sign(filter.compare)}${printTime(filter.value)}`;
    case 'json': {
      const path = filter.path.map((key) => `.${printKey(key)}`).join('');
      const value = filter.compare === 'has' ? printValue(String(filter.value)) : printScalar(filter.value);
      return `${filter.column}${path}${filter.compare === 'has' ? ':~' : sign(filter.compare)}${value}`;
    }
    default:
      return assertNever(filter);
  }
}

const grouped = (filter: Filter): string => `(${printFilter(filter)})`;

const sign = (compare: Comparison): string => (compare === '=' ? ':' : compare);

const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

const isBareWord = (text: string): boolean =>
  /^[^\s()":<>-][^\s()":<>]*$/.test(text) && !/^(?:AND|OR|NOT|attr\..*|extra\..*)$/s.test(text);

/** A free word, in quotes where it would be read as something else. */
export const printWord = (text: string): string => (isBareWord(text) ? text : quote(text));

/** A value that begins like an operator would be read as part of it. */
export const printValue = (text: string): string =>
  /^[^\s()",~=][^\s()",]*$/.test(text) ? text : quote(text);

const printKey = (key: string): string => (/^[^\s()":<>,.]+$/.test(key) ? key : quote(key));

function printScalar(value: JsonScalar): string {
  if (typeof value !== 'string') return String(value);
  return typeof scalarOf(value) === 'string' ? printValue(value) : quote(value);
}

const printTime = (value: TimeValue): string =>
  value.kind === 'ago' ? `${value.amount}${value.unit}` : value.text;
