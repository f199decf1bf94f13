import { kindGlyphs } from '#renderer/design/glyphs.ts';
import { type FaceChip, inner, type as typeSize } from '../face.ts';
import { type Pen, roundRect } from '../pen.ts';
import type { Palette } from '../theme.ts';

/** Chips side by side from x to the right. */
export function paintChips(
  pen: Pen,
  palette: Palette,
  chips: readonly FaceChip[],
  x: number,
  middle: number,
  alpha: number,
): void {
  let left = x;
  for (const chip of chips) {
    paintChip(pen, palette, chip, left, middle, alpha);
    left += chip.width + inner.chipGap;
  }
}

/** One chip. @param middle its middle line, in the drawing's pixels */
export function paintChip(
  pen: Pen,
  palette: Palette,
  chip: FaceChip,
  x: number,
  middle: number,
  alpha: number,
): void {
  const kind = chip.kind ?? 'data';
  pen.draw({ fill: palette.kindTint[kind], alpha }, (path) =>
    roundRect(path, x, middle - inner.chipHeight / 2, chip.width, inner.chipHeight, inner.chipHeight / 2),
  );
  let left = x + inner.chipPad;
  if (chip.kind !== null) {
    pen.glyph(kindGlyphs[chip.kind], left + 4, middle, 9, palette.kind[chip.kind], alpha);
    left += 11;
  }
  pen.text(chip.words, left, middle, { size: typeSize.chip, weight: 400, colour: palette.kind[kind], alpha });
}
