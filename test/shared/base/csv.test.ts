import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRecord } from '#shared/base/csv.ts';

/** A reader of RFC 4180 records, for what the writer wrote. */
function readRecord(text: string): readonly string[] {
  const cells: string[] = [];
  for (let at = 0; ;) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; !(text[at] === '"' && text[at + 1] !== '"'); at++) {
        cell += text[at];
        if (text[at] === '"') at++;
      }
      at++;
    } else for (; text[at] !== ',' && text[at] !== '\r'; at++) cell += text[at];
    cells.push(cell);
    if (text[at] === '\r') return cells;
    at++;
  }
}

describe('a record of a table', () => {
  test('comes back as it was, but for the apostrophe before what a spreadsheet would run', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (cells) => {
        const read = readRecord(csvRecord(cells));
        expect(read.map((cell, i) => (cell === `'${cells[i]}` ? cells[i] : cell))).toEqual(cells);
      }),
    );
  });

  test.each(['=1+1', '+SUM(A1)', '-2+3', '@cmd', '\t=1', ' =1', '\n=1', '＝1', '\u0000=1'])(
    '%j cannot act in a spreadsheet',
    (text) => {
      expect(readRecord(csvRecord([text]))[0]).toBe(`'${text}`);
    },
  );

  test('numbers stay numbers, also those below zero', () => {
    expect(csvRecord([-1.5, '-1.5', '+2e-3', null, 'a "b", c'])).toBe('-1.5,-1.5,+2e-3,,"a ""b"", c"\r\n');
  });
});
