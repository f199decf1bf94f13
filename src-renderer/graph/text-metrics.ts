/**
 * Widths of text in the app's own face, so that sizes and ellipses come out the same in a worker, in a test, on the
 * canvas and in an exported file. Advance widths in thousandths of the font size, without kerning (which changes a word
 * by less than half a percent), for U+0020 to U+007E; measured from Inter Variable 4.
 */
const advances = {
  400: [
    281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610, 618, 646,
    593, 620, 566, 619, 620, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601, 590, 746, 743, 269,
    571, 672, 565, 903, 753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682, 679, 629, 365, 360, 365, 471,
    456, 323, 562, 612, 571, 612, 583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600, 612, 612, 376, 528,
    327, 591, 562, 818, 546, 562, 552, 426, 333, 426, 662,
  ],
  550: [
    259, 313, 509, 641, 648, 999, 658, 319, 371, 371, 530, 670, 311, 464, 311, 375, 652, 419, 620, 631, 661,
    607, 635, 574, 635, 635, 311, 322, 670, 670, 670, 535, 991, 718, 658, 735, 722, 604, 588, 749, 745, 274,
    578, 695, 565, 917, 758, 768, 644, 771, 650, 648, 657, 738, 718, 1011, 710, 705, 646, 371, 375, 371, 479,
    466, 344, 571, 621, 580, 621, 589, 384, 623, 607, 257, 257, 564, 257, 894, 606, 606, 621, 621, 392, 544,
    347, 607, 581, 834, 563, 582, 563, 448, 352, 448, 670,
  ],
} as const;

export type Weight = keyof typeof advances;

/** For what is not in the table: accents and Greek are about as wide as this, CJK is one em wide. */
const other = 640;

/** Width in pixels. */
export function textWidth(text: string, size: number, weight: Weight = 400): number {
  const table = advances[weight];
  let total = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    total += table[code - 32] ?? (code >= 0x2e80 ? 1000 : other);
  }
  return (total * size) / 1000;
}

const ellipsis = '…';

/** The text, or as much of its beginning as fits with an ellipsis; empty where not even two letters would fit. */
export function fitText(text: string, width: number, size: number, weight: Weight = 400): string {
  if (textWidth(text, size, weight) <= width) return text;
  const characters = [...text];
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const start = characters.slice(0, middle).join('').trimEnd();
    if (textWidth(start + ellipsis, size, weight) <= width) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? '' : characters.slice(0, low).join('').trimEnd() + ellipsis;
}
