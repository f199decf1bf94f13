import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completions } from '#shared/query/completions.ts';
import { parseFilter } from '#shared/query/parse.ts';
import { printFilter } from '#shared/query/print.ts';
import { nearest, type FilterProblem } from '#shared/query/problem.ts';
import { timeSpan } from '#shared/query/time-values.ts';
import type { Filter } from '#shared/query/tree.ts';
import { anyFilter } from './arbitrary-filter.ts';

function parsed(text: string): Filter {
  const result = parseFilter(text);
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  return result.value;
}

function problem(text: string): FilterProblem {
  const result = parseFilter(text);
  if (result.ok) throw new Error(`“${text}” was understood`);
  return result.error;
}

const word = (text: string): Filter => ({ kind: 'words', text });

describe('a filter', () => {
  test('is the same after printing and parsing', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(parseFilter(printFilter(filter))).toEqual({ ok: true, value: filter });
      }),
      { numRuns: 2000 },
    );
  });

  test('is printed the same however it was typed', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const printed = printFilter(filter);
        expect(printFilter(parsed(`  ${printed}  `))).toBe(printed);
      }),
    );
  });

  test('is understood or refused with a place in the text, whatever is typed', () => {
    const pieces = fc.constantFrom(
      'state:',
      'failed',
      '(',
      ')',
      '"',
      'OR',
      '-',
      ' ',
      'ctime>7d',
      'attr.',
      ',',
      ':~',
      '\\',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((list) => list.join('')),
        ),
        (text) => {
          const result = parseFilter(text);
          if (result.ok) return;
          const { from, to, message } = result.error;
          expect(from).toBeGreaterThanOrEqual(0);
          expect(from).toBeLessThanOrEqual(text.length);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(message).not.toBe('');
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('does not overflow the stack', () => {
    expect(problem('('.repeat(2000)).message).toMatch(/Too many groups/);
    expect(problem('-'.repeat(2000)).message).not.toBe('');
  });
});

describe('what a filter means', () => {
  test('nothing lets everything through', () => {
    expect(parsed('')).toEqual({ kind: 'all' });
    expect(parsed('   ')).toEqual({ kind: 'all' });
  });

  test('terms side by side must all hold, OR binds less, groups bind more, - turns round', () => {
    expect(parsed('a b OR c')).toEqual({
      kind: 'or',
      parts: [{ kind: 'and', parts: [word('a'), word('b')] }, word('c')],
    });
    expect(parsed('a AND (b OR c)')).toEqual({
      kind: 'and',
      parts: [word('a'), { kind: 'or', parts: [word('b'), word('c')] }],
    });
    expect(parsed('-(a b)')).toEqual({ kind: 'not', part: { kind: 'and', parts: [word('a'), word('b')] } });
    expect(parsed('NOT a')).toEqual({ kind: 'not', part: word('a') });
    expect(parsed('(a (b c)) d')).toEqual({ kind: 'and', parts: ['a', 'b', 'c', 'd'].map(word) });
    expect(parsed('or and Nothing')).toEqual({ kind: 'and', parts: ['or', 'and', 'Nothing'].map(word) });
  });

  test('the example of the interaction rules', () => {
    expect(parsed('state:failed type:calc computer:daint ctime>7d label:~"Si" exit:400')).toEqual({
      kind: 'and',
      parts: [
        { kind: 'state', states: ['failed'] },
        { kind: 'type', types: ['calc'] },
        { kind: 'text', field: 'computer', match: 'is', values: ['daint'] },
        { kind: 'time', field: 'ctime', compare: '>', value: { kind: 'ago', amount: 7, unit: 'd' } },
        { kind: 'text', field: 'label', match: 'has', values: ['Si'] },
        { kind: 'number', field: 'exit', compare: '=', values: [400] },
      ],
    });
  });

  test('lists of values, names of fields in any case, values with colons', () => {
    expect(parsed('State:Failed,excepted')).toEqual({ kind: 'state', states: ['failed', 'excepted'] });
    expect(parsed('plugin:aiida.calculations:core.add')).toEqual({
      kind: 'text',
      field: 'plugin',
      match: 'is',
      values: ['aiida.calculations:core.add'],
    });
    expect(parsed('label:""')).toEqual({ kind: 'text', field: 'label', match: 'is', values: [''] });
  });

  test('attributes and extras by path; numbers, words of JSON and texts are told apart', () => {
    const json = (text: string): unknown => {
      const term = parsed(text);
      return term.kind === 'json' ? [term.column, term.path, term.compare, term.value] : term;
    };
    expect(json('attr.energy<-100.5')).toEqual(['attr', ['energy'], '<', -100.5]);
    expect(json('attr.resources.num_machines:2')).toEqual(['attr', ['resources', 'num_machines'], '=', 2]);
    expect(json('extra.ok:true')).toEqual(['extra', ['ok'], '=', true]);
    expect(json('extra.ok:"true"')).toEqual(['extra', ['ok'], '=', 'true']);
    expect(json('extra."odd key".x:~5')).toEqual(['extra', ['odd key', 'x'], 'has', '5']);
  });
});

describe('a filter that is refused says what, where, and what was meant', () => {
  test.each([
    ['stat:failed', 0, 4, 'state'],
    ['x lable:a', 2, 7, 'label'],
    ['state:faild', 6, 11, 'failed'],
    ['type:calc state:~x', 15, 17, ':'],
    ['ctime:~7d', 5, 7, ':'],
    ['ctime>7days', 7, 11, 'd'],
  ])('%s', (text, from, to, suggestion) => {
    expect(problem(text)).toMatchObject({ from, to, suggestion });
  });

  test.each([
    ['a "b', 2, 'no end'],
    ['(a', 0, 'not closed'],
    ['a)', 1, 'closes nothing'],
    ['a OR', 4, 'missing'],
    ['OR a', 0, 'missing'],
    ['AND a', 0, 'between two'],
    ['a AND', 2, 'between two'],
    ['()', 1, 'missing'],
    ['state:', 6, 'missing after “state:”'],
    ['- a', 0, 'must not hold'],
    [':x', 0, 'field is missing'],
    ['exit:abc', 5, 'whole number'],
    ['exit>1,2', 7, 'Only one value'],
    ['ctime>2026-02-30', 6, 'no time'],
    ['ctime>2026-03-04T25:00', 6, 'no time'],
    ['uuid:xyz', 5, 'UUID'],
    ['type:a-b', 5, 'no node type'],
    ['attr.x', 0, 'comparison'],
    ['attr..x:1', 5, 'key is missing'],
    ['attr.x>true', 7, 'neither more nor less'],
    ['label:"a"b', 9, 'blank or a comma'],
    [String.raw`"a\x"`, 2, 'backslash'],
    ['what:ever', 0, 'Put quotes'],
    ['""', 0, 'nothing between'],
  ])('%s', (text, from, words) => {
    const found = problem(text);
    expect(found.message).toContain(words);
    expect(found.from).toBe(from);
  });

  test('guesses near words only', () => {
    expect(nearest('runing', ['running', 'waiting'])).toBe('running');
    expect(nearest('xyz', ['running', 'waiting'])).toBeNull();
  });
});

describe('times', () => {
  const now = new Date(2026, 2, 10, 12).getTime();
  const local = (...parts: [number, number, number?, number?, number?, number?]): number =>
    new Date(...parts).getTime();

  test('an age is a moment before now', () => {
    expect(timeSpan({ kind: 'ago', amount: 1.5, unit: 'h' }, now)).toEqual({
      start: now - 5_400_000,
      end: now - 5_400_000,
    });
  });

  test.each([
    ['2026', local(2026, 0), local(2027, 0)],
    ['2026-12', local(2026, 11), local(2027, 0)],
    ['2026-02-28', local(2026, 1, 28), local(2026, 2, 1)],
    ['2026-03-04T12:30', local(2026, 2, 4, 12, 30), local(2026, 2, 4, 12, 31)],
    ['2026-03-04T12:30:15', local(2026, 2, 4, 12, 30, 15), local(2026, 2, 4, 12, 30, 16)],
  ])('%s is all of it, here', (text, start, end) => {
    expect(timeSpan({ kind: 'date', text }, now)).toEqual({ start, end });
  });
});

describe('completion', () => {
  const labels = (text: string): readonly string[] =>
    completions(text, text.length).map(({ label }) => label);

  test('offers fields, then states and types', () => {
    expect(labels('a st')).toEqual(['state']);
    expect(labels('-ct')).toEqual(['ctime']);
    expect(labels('state:f')).toEqual(['finished', 'failed']);
    expect(labels('state:failed,ex')).toEqual(['excepted']);
    expect(labels('type:calcj')).toEqual(['calcjob']);
    expect(labels('label:x')).toEqual([]);
  });

  test('replaces the word at the cursor, and what it writes can be parsed on', () => {
    const [found] = completions('x sta', 5);
    expect(found).toMatchObject({ insert: 'state:', from: 2, to: 5 });
  });
});
