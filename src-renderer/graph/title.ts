import { type Face, inner } from './face.ts';
import type { Window } from './paint/picture.ts';

/** Where the parts of a frame's title bar begin; `toggle` is the middle of the sign. */
export interface TitleParts {
  readonly words: number;
  readonly chips: number;
  readonly toggle: number;
}

/**
 * The title of a frame stays in sight as long as its frame does: the words move right, and the chips and the sign move
 * left, when the corner they belong to has left the window.
 */
export function titleParts(face: Face, x: number, width: number, window: Window): TitleParts {
  const chips = face.chips.reduce((sum, chip) => sum + chip.width + inner.chipGap, 0);
  const least = face.titleWidth;
  const left = clamp(window.left, x, x + width - least);
  const right = clamp(window.right, x + least, x + width);
  const toggle = right - inner.pad - inner.toggle / 2 + 4;
  return { words: left + inner.pad, chips: toggle - inner.toggle / 2 - 4 - chips, toggle };
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));
