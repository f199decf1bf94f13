import { expect, test } from 'vitest';
import { purgeSelection } from '#shared/contract/areas/purges.ts';
import { selectionOf, usualRule } from '#renderer/features/storage/purge-rule.ts';

const anything = { ...usualRule, what: 'any', olderThan: null } as const;
const uuid = '01234567-0123-4123-8123-0123456789ab';

test('the form is sent as the contract has it, sizes in bytes', () => {
  const sent = selectionOf({ ...usualRule, largerThan: 1.5, group: 'not-in', groupUuid: uuid });
  expect(sent).toEqual({
    kind: 'rule',
    nodeType: '',
    createdAs: 'retrieved',
    olderThanDays: 90,
    largerThan: 1_500_000,
    group: { kind: 'not-in', uuid },
  });
  expect(purgeSelection.parse(sent)).toEqual(sent);
});

test('a rule that says nothing, or half of something, is not sent', () => {
  expect(selectionOf(anything)).toBeNull();
  expect(selectionOf({ ...anything, what: 'type' })).toBeNull();
  expect(selectionOf({ ...anything, group: 'in' })).toBeNull();
  expect(selectionOf({ ...anything, olderThan: Number.NaN })).toBeNull();
  expect(selectionOf({ ...anything, largerThan: -1 })).toBeNull();
  expect(selectionOf({ ...anything, group: 'in-none' })).toMatchObject({ group: { kind: 'in-none' } });
});
