import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FileTail } from '#renderer/features/processes/file-tail.ts';

/** As the core reads it: from there on, or the end of it; a file that is shorter by now from its beginning. */
const read = (file: Uint8Array, from: number | null, most: number) => {
  const wished = from ?? Math.max(0, file.length - most);
  const start = wished > file.length ? 0 : wished;
  return { size: file.length, from: start, bytes: file.slice(start, start + most) };
};

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Looks until nothing more comes, and keeps what is shown as the page does. */
function look(tail: FileTail, file: Uint8Array, shown: number[], most = 1000): number[] {
  let now = shown;
  for (;;) {
    const step = tail.take(read(file, tail.from, most));
    if (step.kind === 'again') continue;
    if (step.kind === 'begin') now = [...step.bytes];
    else if (step.bytes.length === 0) return now;
    else now = [...now, ...step.bytes];
  }
}

test('a file that grows is read on, whatever the size of its pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 8 }), (pieces) => {
      const tail = new FileTail();
      let file = new Uint8Array(0);
      let shown: number[] = [];
      for (const piece of pieces) {
        file = new Uint8Array([...file, ...piece]);
        shown = look(tail, file, shown, 10_000);
        expect(shown).toEqual([...file]);
      }
    }),
  );
});

test('a file that was written anew is read from its beginning, be it shorter or longer than before', () => {
  const long = (n: number): Uint8Array =>
    bytes(Array.from({ length: 500 }, (_, i) => `${n} ${i}\n`).join(''));
  for (const next of [bytes('short\n'), long(2), bytes('x'.repeat(5000))]) {
    const tail = new FileTail();
    expect(look(tail, long(1), [], 100_000)).toEqual([...long(1)]);
    expect(look(tail, next, [], 100_000)).toEqual([...next]);
  }
});
