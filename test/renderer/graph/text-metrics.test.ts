import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitText, textWidth } from '#renderer/graph/text-metrics.ts';

describe('fitting text', () => {
  test('keeps what fits, and cuts the rest with an ellipsis inside the width', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 0, max: 400 }), (text, width) => {
        const fitted = fitText(text, width, 12);
        if (textWidth(text, 12) <= width) expect(fitted).toBe(text);
        else expect(textWidth(fitted, 12)).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('never shows a single letter with an ellipsis, which would say nothing', () => {
    expect(fitText('PwCalculation', 14, 12)).toBe('');
    expect(fitText('PwCalculation', 60, 12)).toMatch(/^Pw.*…$/);
  });

  test('does not cut a character in two', () => {
    const fitted = fitText('🧪🧪🧪🧪🧪🧪🧪🧪', 60, 12);
    expect([...fitted].slice(0, -1).every((character) => character === '🧪')).toBe(true);
  });
});
