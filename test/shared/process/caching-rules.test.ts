import { describe, expect, test } from 'vitest';
import { cachingVerdict, matchesPattern, type CachingRules } from '#shared/process/caching-rules.ts';

const add = 'aiida.calculations:core.arithmetic.add';
const rules = (more: Partial<CachingRules>): CachingRules => ({
  enabled: false,
  enabledFor: [],
  disabledFor: [],
  ...more,
});

describe('which process is taken from the cache', () => {
  test('none, where nobody said anything', () => {
    expect(cachingVerdict(rules({}), add)).toEqual({ use: false, because: 'default', pattern: '' });
    expect(cachingVerdict(rules({ enabled: true }), add).use).toBe(true);
  });

  test('those that a pattern names, whatever holds for the others', () => {
    const enabledFor = ['aiida.calculations:core.arithmetic.*'];
    expect(cachingVerdict(rules({ enabledFor }), add)).toEqual({
      use: true,
      because: 'enabled-for',
      pattern: enabledFor[0],
    });
    expect(cachingVerdict(rules({ enabledFor }), 'aiida.calculations:core.shell').use).toBe(false);
    const disabledFor = [add];
    expect(cachingVerdict(rules({ enabled: true, disabledFor }), add).because).toBe('disabled-for');
  });

  test('by the most specific of the patterns that match', () => {
    const both = {
      enabledFor: ['aiida.calculations:*'],
      disabledFor: ['aiida.calculations:core.arithmetic.*'],
    };
    expect(cachingVerdict(rules(both), add)).toMatchObject({ use: false, because: 'disabled-for' });
    expect(cachingVerdict(rules(both), 'aiida.calculations:core.shell').use).toBe(true);
    const other = { enabledFor: [add], disabledFor: ['*'] };
    expect(cachingVerdict(rules(other), add)).toMatchObject({ use: true, pattern: add });
  });

  test('never where two patterns disagree and none says more than the other', () => {
    const crossed = { enabledFor: ['*core.arithmetic.add'], disabledFor: ['aiida.calculations:*'] };
    expect(cachingVerdict(rules(crossed), add)).toEqual({ use: false, because: 'ambiguous', pattern: '' });
    expect(cachingVerdict(rules({ enabledFor: [add], disabledFor: [add] }), add).because).toBe('ambiguous');
  });
});

test('in a pattern only * is special', () => {
  expect(matchesPattern('a.b', 'a.b')).toBe(true);
  expect(matchesPattern('axb', 'a.b')).toBe(false);
  expect(matchesPattern('a(b', 'a(*')).toBe(true);
  expect(matchesPattern('ab', 'a*b')).toBe(true);
  expect(matchesPattern('abc', 'a*b')).toBe(false);
});

test('a pattern of many stars takes no time that grows with what they could stand for', () => {
  const stars = `${'*a'.repeat(150)}b`;
  expect(matchesPattern('a'.repeat(3000), stars)).toBe(false);
  expect(matchesPattern(`${'a'.repeat(3000)}b`, stars)).toBe(true);
  expect(
    cachingVerdict(rules({ enabledFor: [stars], disabledFor: ['*'] }), `${'a'.repeat(300)}c`).because,
  ).toBe('disabled-for');
});
