import type { PurgeSelection } from '#shared/contract/areas/purges.ts';

/** The form of a rule, as it is filled in. */
export interface PurgeRule {
  readonly what: 'retrieved' | 'type' | 'any';
  /** A node type, where `what` says so. */
  readonly nodeType: string;
  /** Days; null for any age, NaN while the text is no number. */
  readonly olderThan: number | null;
  /** MB of each file; null for any size, NaN while the text is no number. */
  readonly largerThan: number | null;
  readonly group: 'any' | 'in' | 'not-in' | 'in-none';
  /** UUID, where `group` says so. */
  readonly groupUuid: string;
}

/** What a person begins with: what most of the room goes to, and no younger than a quarter of a year. */
export const usualRule: PurgeRule = {
  what: 'retrieved',
  nodeType: '',
  olderThan: 90,
  largerThan: null,
  group: 'any',
  groupUuid: '',
};

const isWrong = (number: number | null): boolean => number !== null && !(number >= 0);

/** Null while something is missing or wrong, and where the rule would say nothing at all. */
export function selectionOf(rule: PurgeRule): PurgeSelection | null {
  const { what, nodeType, olderThan, largerThan, group, groupUuid } = rule;
  if (isWrong(olderThan) || isWrong(largerThan)) return null;
  if (what === 'type' && nodeType === '') return null;
  const needsGroup = group === 'in' || group === 'not-in';
  if (needsGroup && groupUuid === '') return null;
  if (what === 'any' && olderThan === null && largerThan === null && group === 'any') return null;
  return {
    kind: 'rule',
    nodeType: what === 'type' ? nodeType : '',
    createdAs: what === 'retrieved' ? 'retrieved' : '',
    olderThanDays: olderThan,
    largerThan: largerThan === null ? null : Math.round(largerThan * 1e6),
    group: needsGroup ? { kind: group, uuid: groupUuid } : { kind: group },
  };
}
