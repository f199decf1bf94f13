import type { LinePatternText } from '../pattern/line-pattern-text.ts';

export const comparisons = ['<', '<=', '>', '>=', '=', 'nan'] as const;
export type RuleComparison = (typeof comparisons)[number];

/** What a rule has where a person said nothing. */
export const usualRule = { every: 60, after: 'parse', limit: 0, times: 1 } as const;

interface AnyRule {
  /** In the work directory. */
  readonly file: string;
  /** Seconds between two looks; never less than the computer’s own interval. */
  readonly every: number;
  /** What becomes of the files of a job that was stopped. */
  readonly after: 'parse' | 'retrieve' | 'nothing';
}

/** When to stop a job that runs. */
export type StopRule =
  | (AnyRule & {
      readonly kind: 'value';
      readonly pattern: LinePatternText;
      /** `nan`: it is no finite number. */
      readonly compare: RuleComparison;
      readonly limit: number;
      /** So many readings one after the other. */
      readonly times: number;
    })
  | (AnyRule & {
      readonly kind: 'silent';
      /** The file has not been written to for so long. */
      readonly minutes: number;
    });
