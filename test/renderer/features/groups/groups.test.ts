import { describe, expect, it } from 'vitest';
import type { GroupRow } from '#shared/contract/areas/sharing.ts';
import { addedWords, groupKind } from '#renderer/features/groups/group-words.ts';
import { sortGroups } from '#renderer/features/groups/sort-groups.ts';

const group = (label: string, count: number, time: number, description = ''): GroupRow => ({
  uuid: label,
  label,
  typeString: 'core',
  description,
  user: 'ada@example.org',
  time,
  count,
});
const groups = [group('si 10', 3, 5), group('Si 9', 3, 7, 'bands of the paper'), group('MgO', 8, 1)];
const labels = (words: string, column: string, descending: boolean): string[] =>
  sortGroups(groups, words, { column, descending }).map(({ label }) => label);

describe('groups', () => {
  it('stand in the order of their labels, numbers by size, or of a column', () => {
    expect(labels('', 'label', false)).toEqual(['MgO', 'Si 9', 'si 10']);
    expect(labels('', 'label', true)).toEqual(['si 10', 'Si 9', 'MgO']);
    expect(labels('', 'count', true)).toEqual(['MgO', 'Si 9', 'si 10']);
    expect(labels('', 'time', false)).toEqual(['MgO', 'si 10', 'Si 9']);
  });

  it('are found by every word, in label or description', () => {
    expect(labels('SI paper', 'label', false)).toEqual(['Si 9']);
    expect(labels('si gone', 'label', false)).toEqual([]);
  });

  it('say how many nodes were added, and how many were there', () => {
    expect(addedWords('a', 3, 3)).toBe('3 nodes added to “a”.');
    expect(addedWords('a', 3, 2)).toBe('2 nodes added to “a”. One was in it already.');
    expect(addedWords('a', 1, 0)).toBe('The node is in “a” already.');
  });

  it('show the types of plugins as they are', () => {
    expect([groupKind('core.import'), groupKind('pseudo.family')]).toEqual([
      'from an import',
      'pseudo.family',
    ]);
  });
});
