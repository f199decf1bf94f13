import { err, ok, type Result } from '../base/result.ts';
import { parseTerm } from './parse-term.ts';
import type { FilterProblem } from './problem.ts';
import { FilterError, Scanner, fail } from './scan.ts';
import type { Filter } from './tree.ts';

const deepest = 100;

/**
 * Reads a filter such as `state:failed type:calc ctime>7d (label:~"Si" OR group:silicon) -exit:400 relax`.
 *
 * Terms side by side must all hold; `OR` binds less; `-` or `NOT` turns one term or a group round; free words look into
 * names, descriptions and short values. An empty text lets everything through.
 */
export function parseFilter(text: string): Result<Filter, FilterProblem> {
  const scanner = new Scanner(text);
  try {
    scanner.skipBlanks();
    if (scanner.done) return ok({ kind: 'all' });
    const filter = either(scanner, 0);
    if (!scanner.done) fail('This “)” closes nothing.', scanner.at, scanner.at + 1);
    return ok(filter);
  } catch (error) {
    if (error instanceof FilterError) return err(error.problem);
    throw error;
  }
}

/** Whether the keyword stands here as a word of its own; takes it then. */
function keyword(scanner: Scanner, word: 'OR' | 'AND' | 'NOT'): boolean {
  const start = scanner.at;
  if (scanner.take(word) && scanner.atBoundary) return true;
  scanner.at = start;
  return false;
}

function either(scanner: Scanner, depth: number): Filter {
  if (depth > deepest) fail('Too many groups inside of each other.', scanner.at, scanner.at + 1);
  const parts: Filter[] = [];
  do {
    const part = all(scanner, depth);
    if (part.kind === 'or') parts.push(...part.parts);
    else parts.push(part);
    scanner.skipBlanks();
  } while (keyword(scanner, 'OR'));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'or', parts };
}

function all(scanner: Scanner, depth: number): Filter {
  const parts: Filter[] = [];
  for (;;) {
    scanner.skipBlanks();
    const start = scanner.at;
    const ends = scanner.done || scanner.peek() === ')' || keyword(scanner, 'OR');
    scanner.at = start;
    if (ends) break;
    if (keyword(scanner, 'AND')) {
      scanner.skipBlanks();
      if (parts.length === 0 || scanner.done || scanner.peek() === ')') {
        fail('“AND” stands between two terms.', start, start + 3);
      }
    }
    const part = one(scanner, depth);
    if (part.kind === 'and') parts.push(...part.parts);
    else parts.push(part);
  }
  const [only] = parts;
  if (only === undefined) {
    fail('A term is missing here.', scanner.at, Math.min(scanner.at + 1, scanner.text.length), [
      'a word',
      'field:value',
      '(',
    ]);
  }
  return parts.length === 1 ? only : { kind: 'and', parts };
}

function one(scanner: Scanner, depth: number): Filter {
  const start = scanner.at;
  if (depth > deepest) fail('Too many groups inside of each other.', start, start + 1);
  if (scanner.take('-') || keyword(scanner, 'NOT')) {
    const isWord = scanner.text[scanner.at - 1] !== '-';
    if (isWord) scanner.skipBlanks();
    if (scanner.done || (!isWord && scanner.peek() !== '(' && scanner.atBoundary)) {
      fail(`After “${isWord ? 'NOT' : '-'}” comes what must not hold.`, start, scanner.at, [
        'field:value',
        'a word',
      ]);
    }
    return { kind: 'not', part: one(scanner, depth + 1) };
  }
  if (scanner.take('(')) {
    const inner = either(scanner, depth + 1);
    if (!scanner.take(')')) fail('This “(” is not closed.', start, start + 1, [')']);
    return inner;
  }
  return parseTerm(scanner);
}
