/** Which processes are taken from the cache, as a profile says it. The rules of aiida-core 2.9, `manage/caching.py`. */
import { exactly, matchesParts } from '../base/wildcard.ts';

/** What a launch says: as the profile has it, or against it. */
export const cacheChoices = ['profile', 'yes', 'no'] as const;
export type CacheChoice = (typeof cacheChoices)[number];

/** Patterns are process types (`aiida.calculations:core.arithmetic.add`), where `*` stands for any text. */
export interface CachingRules {
  readonly enabled: boolean;
  readonly enabledFor: readonly string[];
  readonly disabledFor: readonly string[];
}

/** Whether a launch may be taken from the cache, and which of the profile's rules says so. */
export interface CachingVerdict {
  readonly use: boolean;
  /** `ambiguous`: patterns of both lists match, and none of them says more than all others. */
  readonly because: 'default' | 'enabled-for' | 'disabled-for' | 'ambiguous';
  /** The pattern that decided; empty where none did. */
  readonly pattern: string;
}

/** It is asked inside the transaction of a launch, so its time must not grow with what a person wrote. */
export const matchesPattern = (text: string, pattern: string): boolean =>
  matchesParts(
    text,
    pattern.split('').map((character) => (character === '*' ? null : exactly(character))),
  );

/** The most specific pattern wins: the one that every other pattern which matches also matches. */
export function cachingVerdict(rules: CachingRules, processType: string): CachingVerdict {
  const matching = (patterns: readonly string[], use: boolean): { pattern: string; use: boolean }[] =>
    patterns.filter((pattern) => matchesPattern(processType, pattern)).map((pattern) => ({ pattern, use }));
  const enable = matching(rules.enabledFor, true);
  const disable = matching(rules.disabledFor, false);
  const all = [...enable, ...disable];
  const [first] = all;
  if (first === undefined) return { use: rules.enabled, because: 'default', pattern: '' };
  if (enable.length === 0 || disable.length === 0) return verdict(first);
  const most = all.filter(({ pattern }) => all.every((other) => matchesPattern(pattern, other.pattern)));
  const [only] = most;
  if (only === undefined || most.length > 1) return { use: false, because: 'ambiguous', pattern: '' };
  return verdict(only);
}

const verdict = ({ pattern, use }: { readonly pattern: string; readonly use: boolean }): CachingVerdict => ({
  use,
  because: use ? 'enabled-for' : 'disabled-for',
  pattern,
});

/** Why caching is off for a type; for the middle of a sentence. */
export function cachingOffWords({ because, pattern }: CachingVerdict): string {
  switch (because) {
    case 'default':
      return 'caching is off in the settings';
    case 'disabled-for':
      return `the settings switch caching off for “${pattern}”`;
    case 'ambiguous':
      return 'the patterns in the settings contradict each other';
    case 'enabled-for':
      return '';
  }
}
