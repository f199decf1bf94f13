import type { Detail } from '../detail.ts';
import type { Scene } from '../scene.ts';
import type { Palette } from '../theme.ts';

/** How a node or a line takes part in what is lit. */
export const Lit = { no: 0, self: 1, back: 2, forward: 3, path: 4 } as const;

/** What stands out. Indices are those of the view; -1 is none. */
export interface Emphasis {
  readonly root: number;
  readonly selected: number;
  readonly hovered: number;
  /** Codes of {@link Lit} for nodes and lines; null while nothing is lit, so that nothing is dimmed. */
  readonly nodes: Uint8Array | null;
  readonly lines: Uint8Array | null;
  /** The keyboard is here: the selected node carries the focus ring. */
  readonly focused: boolean;
}

export const noEmphasis: Emphasis = {
  root: -1,
  selected: -1,
  hovered: -1,
  nodes: null,
  lines: null,
  focused: false,
};

/** Corners of what is to be seen, in the drawing's pixels. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where nodes are at this moment of an animation; at rest these are the arrays of the layout. */
export interface Boxes {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly width: Float32Array;
  readonly height: Float32Array;
}

/** Everything that decides how a drawing looks. */
export interface Picture {
  readonly scene: Scene;
  readonly boxes: Boxes;
  readonly palette: Palette;
  readonly emphasis: Emphasis;
  readonly detail: Detail;
  readonly window: Window;
}

/** How strong what is not lit is drawn while something is. */
export const dimmed = { node: 0.32, line: 0.12 } as const;

/** Whether a box is on the screen. @param margin for what a node draws beside its box */
export const isSeen = (
  window: Window,
  x: number,
  y: number,
  width: number,
  height: number,
  margin = 24,
): boolean =>
  x + width + margin >= window.left &&
  x - margin <= window.right &&
  y + height + margin >= window.top &&
  y - margin <= window.bottom;

/** The colour of what is lit that way, or null. */
export function litColour(palette: Palette, lit: number): string | null {
  if (lit === Lit.back) return palette.back;
  if (lit === Lit.forward) return palette.forward;
  return lit === Lit.path ? palette.accent : null;
}
