import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeName } from '#main/shells/browser/uploads.ts';

test('a name that a page sends becomes one step of a path that hides nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 400 })), (name) => {
      const safe = safeName(name);
      expect(safe).not.toBe('');
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200);
      // oxlint-disable-next-line no-control-regex
      expect(safe).not.toMatch(/^[. ]|[/\\:*?"<>|\u0000-\u001F\u007F]|[ .]$/);
      expect(safe.isWellFormed()).toBe(true);
    }),
  );
});

test.each([
  ['study.aiida', 'study.aiida'],
  ['..\\..\\etc/.bashrc', '_bashrc'],
  ['...', 'file'],
  ['', 'file'],
  // where it is cut, a dot comes first, or half of a character would
  [`${'x'.repeat(9)}.${'y'.repeat(199)}`, `_${'y'.repeat(199)}`],
  [`${'😀'.repeat(60)}.aiida`, `${'😀'.repeat(48)}.aiida`],
])('%j is kept as %j', (name, kept) => {
  expect(safeName(name)).toBe(kept);
});
