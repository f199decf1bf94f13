import { evaluate } from './arithmetic.ts';
import { hasPattern, literal, withoutPrefix, withoutSuffix } from './patterns.ts';
import type { Part, Word } from './syntax.ts';

/** What an expansion needs of a shell. */
export interface Values {
  /** Null: not set. `?`, `$`, `!`, `#`, digits and names. */
  value(name: string): string | null;
  readonly args: readonly string[];
  readonly separators: string;
  /** Paths that fit; none: the word stays. */
  paths(pattern: string): readonly string[];
}

/** Outputs of the command substitutions of a word, in the order in which they stand. */
export class Substituted {
  readonly #outputs: readonly string[];
  #at = 0;

  constructor(outputs: readonly string[]) {
    this.#outputs = outputs;
  }

  next(): string {
    return this.#outputs[this.#at++] ?? '';
  }
}

const nothing = new Substituted([]);

function partValue(part: Exclude<Part, { kind: 'text' }>, values: Values, done: Substituted): string {
  switch (part.kind) {
    case 'command':
      return done.next();
    case 'arithmetic':
      return String(
        evaluate(textOf(part.expression, values, done), (name) => {
          const value = values.value(name) ?? '';
          return value === '' ? 0 : evaluate(value, () => 0);
        }),
      );
    case 'parameter':
      return parameter(part, values, done);
  }
}

function parameter(part: Extract<Part, { kind: 'parameter' }>, values: Values, done: Substituted): string {
  const { name, operator, operand } = part;
  const found = name === '@' || name === '*' ? values.args.join(' ') : values.value(name);
  const value = found ?? '';
  switch (operator) {
    case null:
      return value;
    case 'length':
      return String(value.length);
    case '-':
    case ':-': {
      const other = operand === null ? '' : textOf(operand, values, done);
      return found === null || (operator === ':-' && found === '') ? other : value;
    }
    case '+':
    case ':+': {
      const other = operand === null ? '' : textOf(operand, values, done);
      return found === null || (operator === ':+' && found === '') ? '' : other;
    }
    case '#':
    case '##':
      return withoutPrefix(
        value,
        operand === null ? '' : patternText(operand, values, done),
        operator === '##',
      );
    case '%':
    case '%%':
      return withoutSuffix(
        value,
        operand === null ? '' : patternText(operand, values, done),
        operator === '%%',
      );
  }
}

/** As one text: for an assignment, a redirection, the word of a case. */
export function textOf(word: Word, values: Values, done = nothing): string {
  if (word.fixed !== null) return word.fixed;
  let text = '';
  for (const part of word.parts) text += part.kind === 'text' ? part.text : partValue(part, values, done);
  return text;
}

/** As a pattern, in which what was quoted stands for itself. */
export function patternText(word: Word, values: Values, done = nothing): string {
  let text = '';
  for (const part of word.parts) {
    const value = part.kind === 'text' ? part.text : partValue(part, values, done);
    text += part.quoted ? literal(value) : value;
  }
  return text;
}

/** Collects the fields of one word. */
class Fields {
  readonly done: string[] = [];
  #text = '';
  #pattern = '';
  #open = false;
  readonly #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  add(text: string, quoted: boolean): void {
    this.#text += text;
    this.#pattern += quoted ? literal(text) : text;
    this.#open = true;
  }

  /** Unquoted: falls into fields at the separators. */
  split(text: string): void {
    const { separators } = this.#values;
    if (separators === '') {
      if (text !== '') this.add(text, false);
      return;
    }
    let start = 0;
    for (let at = 0; at <= text.length; at++) {
      const isEnd = at === text.length;
      if (!isEnd && !separators.includes(text[at] ?? '')) continue;
      if (at > start) this.add(text.slice(start, at), false);
      if (!isEnd) this.close();
      start = at + 1;
    }
  }

  close(): void {
    if (!this.#open) return;
    const paths = hasPattern(this.#pattern) ? this.#values.paths(this.#pattern) : [];
    if (paths.length > 0) this.done.push(...paths);
    else this.done.push(this.#text);
    this.#text = '';
    this.#pattern = '';
    this.#open = false;
  }
}

/** As the words of a command: split, and with paths for patterns. */
export function fieldsOf(word: Word, values: Values, into: string[], done = nothing): void {
  if (word.fixed !== null && !hasPattern(word.fixed)) {
    into.push(word.fixed);
    return;
  }
  const fields = new Fields(values);
  for (const part of word.parts) {
    if (part.kind === 'text') fields.add(part.text, part.quoted);
    else if (part.kind === 'parameter' && part.name === '@' && part.quoted && part.operator === null) {
      for (const [index, arg] of values.args.entries()) {
        if (index > 0) fields.close();
        fields.add(arg, true);
      }
    } else {
      const value = partValue(part, values, done);
      if (part.quoted) fields.add(value, true);
      else fields.split(value);
    }
  }
  fields.close();
  into.push(...fields.done);
}
