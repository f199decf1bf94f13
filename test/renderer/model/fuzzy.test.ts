import { describe, expect, it } from 'vitest';
import { fuzzyFilter, fuzzyScore } from '#renderer/model/fuzzy.ts';

const best = (typed: string, ...texts: string[]): readonly string[] =>
  fuzzyFilter(texts, typed, (text) => text);

describe('what was typed and how well a text fits it', () => {
  it('prefers the beginning of the text, then of a word, then the inside of a word', () => {
    expect(best('rel', 'unrelated', 'Show the relax step', 'Relax')).toEqual([
      'Relax',
      'Show the relax step',
      'unrelated',
    ]);
  });

  it('finds initials in order', () => {
    expect(best('gtq', 'Go to Queue', 'Density: compact')).toEqual(['Go to Queue']);
  });

  it('wants every word that was typed, in any order', () => {
    expect(fuzzyScore('Theme: dark', 'dark theme')).not.toBeNull();
    expect(fuzzyScore('Theme: dark', 'dark density')).toBeNull();
  });

  it('does not take two letters from the inside of a word for a find', () => {
    expect(fuzzyScore('Density: compact', 'si')).toBeNull();
    expect(fuzzyScore('Si bands', 'si')).not.toBeNull();
  });

  it('does not find letters that are strewn over a sentence', () => {
    expect(fuzzyScore('Copy a link to this page', 'apks')).toBeNull();
  });

  it('keeps the order where nothing was typed', () => {
    expect(best('  ', 'b', 'a')).toEqual(['b', 'a']);
  });
});
