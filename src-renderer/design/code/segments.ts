import type { Match } from './text-lines.ts';

/** A piece of a line in one look. */
export interface Segment {
  readonly text: string;
  /** A class of the highlighter, or empty. */
  readonly look: string;
  readonly mark: 'none' | 'match' | 'current';
}

/** What a highlighter says of a line: from where to where which look; the gaps are plain. Ascending, not overlapping. */
export interface Token {
  /** Characters from 0; the end is not included. */
  readonly start: number;
  readonly end: number;
  readonly look: string;
}

/** Cuts a line at the borders of tokens and of matches. */
export function segmentsOf(
  line: string,
  tokens: readonly Token[],
  matches: readonly Match[],
  current: Match | undefined,
): readonly Segment[] {
  if (tokens.length === 0 && matches.length === 0) return [{ text: line, look: '', mark: 'none' }];
  const cuts = new Set([0, line.length]);
  const add = (at: number): void => {
    if (at > 0 && at < line.length) cuts.add(at);
  };
  for (const { start, end } of tokens) {
    add(start);
    add(end);
  }
  for (const { column, length } of matches) {
    add(column);
    add(column + length);
  }
  const places = [...cuts].toSorted((a, b) => a - b);
  const segments: Segment[] = [];
  for (let i = 0; i + 1 < places.length; i++) {
    const from = places[i] ?? 0;
    const to = places[i + 1] ?? 0;
    const match = matches.find(({ column, length }) => column <= from && to <= column + length);
    segments.push({
      text: line.slice(from, to),
      look: tokens.find(({ start, end }) => start <= from && to <= end)?.look ?? '',
      mark: match === undefined ? 'none' : match === current ? 'current' : 'match',
    });
  }
  return segments;
}
