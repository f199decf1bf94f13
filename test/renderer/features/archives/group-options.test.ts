import { expect, test } from 'vitest';
import { groupOptions } from '#renderer/features/archives/group-options.ts';

const group = (label: string, typeString: string, count: number) => ({ label, typeString, count });

test('a label is offered once, for the group that an import would take', () => {
  const groups = [
    group('twice', 'core.import', 1),
    group('twice', 'core', 2),
    group('twice', 'core.upf', 3),
    group('pseudos', 'core.upf', 4),
    group('20261122-1', 'core.import', 5),
  ];
  expect(groupOptions(groups)).toEqual([
    { value: 'twice', label: 'twice', hint: '2 nodes' },
    { value: '20261122-1', label: '20261122-1', hint: '5 nodes' },
  ]);
});
