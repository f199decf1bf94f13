import { err, ok, type Result } from '../base/result.ts';
import { compile, mostSteps } from './compile.ts';
import type { LinePatternText } from './line-pattern-text.ts';
import { Matcher } from './match.ts';
import { parsePattern, type PatternProblem } from './parse.ts';
import type { Node } from './syntax.ts';

/** What a pattern found in a line. */
export interface Reading {
  /** Not a number where the program printed `NaN` or stars; infinite where it printed that. */
  readonly value: number;
  /** Of the group `x`, where the pattern has one that found a number. */
  readonly x: number | null;
  /** Where the number stands in the line. */
  readonly start: number;
  /** Not included; both count from 0. */
  readonly end: number;
}

/** A pattern that is ready to read lines, in time proportional to their length. */
export interface LinePattern {
  /** What a line says; null where it says nothing. Of a longer line only the first characters are looked at. */
  read(line: string): Reading | null;
  /** The most steps that one character can take: how much text may be looked at in a given time. */
  readonly cost: number;
}

/** Steps between which others must have their turn: a few milliseconds. */
const stepsPerTurn = 400_000;

/** Characters of lines that may be read before others must have their turn. */
export const charactersPerTurn = ({ cost }: LinePattern): number => stepsPerTurn / cost;

/** What a line takes of {@link charactersPerTurn}. */
export const charactersOf = (line: string): number => Math.min(line.length, longestLine) + 1;

/** A line of a text that people read is shorter; one of some MB must not cost seconds. */
export const longestLine = 4000;

/**
 * A pattern that a person wrote, or where in the text it goes wrong. Reading lines with it takes time in proportion to
 * their length.
 */
export function readLinePattern({ kind, text }: LinePatternText): Result<LinePattern, PatternProblem> {
  return kind === 'words' ? wordsPattern(text) : expressionPattern(text);
}

// -------------------------------------------------------------------------------------------- words

/** A number as programs print it, with Fortran's `1.0D-3`, `NaN`, `Infinity`, and stars where it did not fit. */
const printed =
  /(?<![\w.])(?:[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d{1,4})?|inf(?:inity)?\b|nan\b)|\*{2,40}(?!\*))/i;

function wordsPattern(text: string): Result<LinePattern, PatternProblem> {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return err({ message: 'Write what stands before the number.', at: 0 });
  return ok({
    // the first word may begin anywhere, and the others are looked for after each
    cost: words.length,
    read(whole) {
      const line = whole.slice(0, longestLine);
      const after = afterWords(line, words);
      const found = after === null ? null : printed.exec(line.slice(after));
      if (after === null || found === null) return null;
      const start = after + found.index;
      return { value: numberOf(found[0]) ?? NaN, x: null, start, end: start + found[0].length };
    },
  });
}

/** Where the words end, with any blanks between them; null where they do not stand there. */
function afterWords(line: string, words: readonly string[]): number | null {
  const [first = '', ...rest] = words;
  for (let from = line.indexOf(first); from >= 0; from = line.indexOf(first, from + 1)) {
    let at = from + first.length;
    const fits = rest.every((word) => {
      const gap = /^\s+/.exec(line.slice(at, at + 200))?.[0].length ?? 0;
      if (gap === 0 || !line.startsWith(word, at + gap)) return false;
      at += gap + word.length;
      return true;
    });
    if (fits) return at;
  }
  return null;
}

// ------------------------------------------------------------------------------------- expressions

function expressionPattern(text: string): Result<LinePattern, PatternProblem> {
  const parsed = parsePattern(text);
  if (!parsed.ok) return parsed;
  const { root, groups, names } = parsed.value;
  const steps = compile(root);
  if (steps === null)
    return err({
      message: `The pattern is too large: it would take more than ${mostSteps} steps a character.`,
      at: 0,
    });
  const matcher = new Matcher(steps, groups);
  const group = names.get('value') ?? [...names].find(([name]) => name !== 'x')?.[1] ?? Math.min(1, groups);
  const xGroup = names.get('x');
  const literal = longestLiteral(root);
  return ok({
    cost: steps.length,
    read(whole) {
      const line = whole.slice(0, longestLine);
      if (literal !== '' && !line.includes(literal)) return null;
      const slots = matcher.find(line);
      if (slots === null) return null;
      const part = (index: number): readonly [number, number] => [
        slots[2 * index] ?? -1,
        slots[2 * index + 1] ?? -1,
      ];
      const [start, end] = part(group);
      const value = start < 0 ? null : numberOf(line.slice(start, end));
      if (value === null) return null;
      const [xStart, xEnd] = xGroup === undefined ? [-1, -1] : part(xGroup);
      return { value, x: xStart < 0 ? null : numberOf(line.slice(xStart, xEnd)), start, end };
    },
  });
}

/** Characters that every match has side by side; most lines lack them, and need not be matched. */
function longestLiteral(root: Node): string {
  let best = '';
  let run = '';
  const end = (): void => {
    if (run.length > best.length) best = run;
    run = '';
  };
  const walk = (node: Node): void => {
    switch (node.kind) {
      case 'set': {
        const { ranges, negated } = node.set;
        const [only] = ranges;
        if (!negated && ranges.length === 1 && only?.[0] === only?.[1])
          run += String.fromCharCode(only?.[0] ?? 0);
        else end();
        return;
      }
      case 'sequence':
        node.items.forEach(walk);
        return;
      case 'group':
        walk(node.item);
        return;
      case 'place':
        return;
      case 'repeat':
        end();
        if (node.least > 0) walk(node.item);
        end();
        return;
      case 'choice':
        end();
        return;
    }
  };
  walk(root);
  end();
  return best;
}

/** A number as programs print it; null where it is none. */
export function numberOf(text: string): number | null {
  const trimmed = text.trim();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d{1,4})?$/.test(trimmed))
    return Number(trimmed.replace(/[dD]/, 'e'));
  if (/^(?:[+-]?nan|\*+)$/i.test(trimmed)) return NaN;
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(trimmed);
  return infinite === null ? null : infinite[1] === '-' ? -Infinity : Infinity;
}
