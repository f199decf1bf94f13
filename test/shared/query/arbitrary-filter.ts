import fc from 'fast-check';
import { stateWordList, typeWords } from '#shared/query/fields.ts';
import {
  ageUnits,
  numberFields,
  textFields,
  timeFields,
  type Comparison,
  type Filter,
  type Term,
} from '#shared/query/tree.ts';

const text = fc.oneof(
  fc.constantFrom(
    'Si',
    'AND',
    'OR',
    'NOT',
    'a b',
    '-x',
    'a:b',
    '"',
    '\\',
    '(',
    ',',
    '~x',
    '=5',
    '5',
    'true',
    'attr.x',
  ),
  fc.string(),
  fc.string({ unit: 'grapheme' }),
);
const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { minLength: 1, maxLength: 3 });
const compare = fc.constantFrom<Comparison>('=', '>', '>=', '<', '<=');

const date = fc
  .date({ min: new Date('1000-01-02'), max: new Date('9998-12-30'), noInvalidDate: true })
  .chain((one) => fc.constantFrom(4, 7, 10, 16, 19).map((length) => one.toISOString().slice(0, length)));

const words: fc.Arbitrary<Term> = text
  .filter((one) => one !== '')
  .map((one) => ({ kind: 'words', text: one }));
const state: fc.Arbitrary<Term> = some(fc.constantFrom(...stateWordList)).map((states) => ({
  kind: 'state',
  states,
}));
const type: fc.Arbitrary<Term> = some(
  fc.oneof(fc.constantFrom(...Object.keys(typeWords)), fc.constantFrom('Dict', 'data.core.array', 'x_1')),
).map((types) => ({ kind: 'type', types }));
const textual: fc.Arbitrary<Term> = fc.record({
  kind: fc.constant('text' as const),
  field: fc.constantFrom(...textFields),
  match: fc.constantFrom('is' as const, 'has' as const),
  values: some(text),
});
const uuid: fc.Arbitrary<Term> = some(
  fc.uuid().chain((one) => fc.nat(35).map((at) => one.slice(0, at + 1))),
).map((prefixes) => ({ kind: 'uuid', prefixes }));
const number: fc.Arbitrary<Term> = fc
  .tuple(fc.constantFrom(...numberFields), compare, some(fc.maxSafeNat()))
  .map(([field, sign, values]) => ({
    kind: 'number',
    field,
    compare: sign,
    values: sign === '=' ? values : values.slice(0, 1),
  }));
const time: fc.Arbitrary<Term> = fc.record({
  kind: fc.constant('time' as const),
  field: fc.constantFrom(...timeFields),
  compare,
  value: fc.oneof(
    date.map((one) => ({ kind: 'date' as const, text: one })),
    fc.record({
      kind: fc.constant('ago' as const),
      amount: fc.oneof(
        fc.nat(999_999_999),
        fc.nat(999_999).map((n) => n / 1000),
      ),
      unit: fc.constantFrom(...ageUnits),
    }),
  ),
});
const key = text.filter((one) => one !== '' && !/["\\]/.test(one));
const scalar = fc.oneof(
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  fc.boolean(),
  fc.constant(null),
);
const json: fc.Arbitrary<Term> = fc
  .tuple(
    fc.constantFrom('attr' as const, 'extra' as const),
    some(key),
    fc.oneof(compare, fc.constant('has' as const)),
    scalar,
    text,
  )
  .map(([column, path, sign, value, other]) => ({
    kind: 'json',
    column,
    path,
    compare: sign,
    value: sign === 'has' || (sign !== '=' && (value === null || typeof value === 'boolean')) ? other : value,
  }));

const { filter } = fc.letrec<{ filter: Filter }>((tie) => {
  const parts = (kind: 'and' | 'or'): fc.Arbitrary<Filter> =>
    fc
      .array(
        tie('filter').filter((part) => part.kind !== kind),
        { minLength: 2, maxLength: 3 },
      )
      .map((list) => ({ kind, parts: list }));
  return {
    filter: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      words,
      state,
      type,
      textual,
      uuid,
      number,
      time,
      json,
      parts('and'),
      parts('or'),
      tie('filter').map((part): Filter => ({ kind: 'not', part })),
    ),
  };
});

/** Any filter in the form in which the parser gives it. */
export const anyFilter: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'all' } as const) },
  { weight: 50, arbitrary: filter },
);
