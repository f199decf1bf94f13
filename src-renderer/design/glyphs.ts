import type { DisplayState } from '#shared/process/states.ts';
import type { NodeKind } from '#shared/provenance/node-types.ts';

/**
 * The shapes of states and kinds, in a box of 16 x 16 with the centre at (8, 8). Each is one path to be filled by the
 * even-odd rule: `<path fill-rule="evenodd">` in SVG, `ctx.fill(new Path2D(path), 'evenodd')` on a canvas. Lists,
 * graph and notifications draw the same ones, and no two share a silhouette, so that colour is never needed to tell them.
 */
export const glyphBox = 16;

export const stateGlyphs: Readonly<Record<DisplayState, string>> = {
  // A hollow circle: not begun.
  created: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11Zm0 1.6a3.9 3.9 0 1 1 0 7.8 3.9 3.9 0 1 1 0-7.8Z',
  // A triangle to the right: goes on.
  running: 'M4.4 2.9v10.2c0 .8.9 1.3 1.6.9l8-5.1c.6-.4.6-1.3 0-1.7L6 2c-.7-.4-1.6.1-1.6.9Z',
  // An hourglass.
  waiting: 'M3.5 1.8h9v1.9L9.5 8l3 4.3v1.9h-9v-1.9L6.5 8l-3-4.3ZM5.5 3.4 8 6.9l2.5-3.5Z',
  // Two bars.
  paused: 'M4 2.6h2.9v10.8H4ZM9.1 2.6H12v10.8H9.1Z',
  // A disc with a tick.
  finished: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13ZM7.1 11.3 3.9 8.1l1.1-1.1 2.1 2.1 3.9-3.9 1.1 1.1Z',
  // A cross.
  failed: 'M4 2.4l4 4 4-4L13.6 4l-4 4 4 4-1.6 1.6-4-4-4 4L2.4 12l4-4-4-4Z',
  // A triangle that warns: the program itself broke.
  excepted:
    'M7 1.9c.4-.8 1.6-.8 2 0l5.9 10.9c.4.7-.1 1.7-1 1.7H2.1c-.9 0-1.4-1-1-1.7ZM7.2 5.6l.3 4.2h1l.3-4.2ZM8 10.7a.95.95 0 1 0 0 1.9.95.95 0 1 0 0-1.9Z',
  // A barred circle: someone stopped it.
  killed:
    'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13Zm0 1.7a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 1 1 0-9.6ZM4.4 5.7 5.7 4.4l5.9 5.9-1.3 1.3Z',
};

export const kindGlyphs: Readonly<Record<NodeKind, string>> = {
  // A circle, as AiiDA draws data round.
  data: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11Z',
  // A diamond.
  code: 'M8 1.6 14.4 8 8 14.4 1.6 8Z',
  // A square, as AiiDA draws processes.
  calculation:
    'M4.2 2.8h7.6c.8 0 1.4.6 1.4 1.4v7.6c0 .8-.6 1.4-1.4 1.4H4.2c-.8 0-1.4-.6-1.4-1.4V4.2c0-.8.6-1.4 1.4-1.4Z',
  // A hexagon that points along the flow.
  workflow: 'M4.6 2.6h6.8L14.8 8l-3.4 5.4H4.6L1.2 8Z',
  // A ring with a dot.
  unknown:
    'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11Zm0 1.5a4 4 0 1 1 0 8 4 4 0 1 1 0-8Zm0 2.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 1 0 0-2.4Z',
};

/** Of a process that was taken from the cache: a sheet before its copy. Stands beside the glyph of its state. */
export const cachedGlyph =
  'M6.6 5.2h6.2c.7 0 1.2.5 1.2 1.2v6.4c0 .7-.5 1.2-1.2 1.2H6.6c-.7 0-1.2-.5-1.2-1.2V6.4c0-.7.5-1.2 1.2-1.2ZM3.2 2h6.2c.7 0 1.2.5 1.2 1.2v.6H9V3.6H3.6V9h.2v1.6h-.6c-.7 0-1.2-.5-1.2-1.2V3.2C2 2.5 2.5 2 3.2 2Z';

/** The custom property of tokens.css that holds the colour. */
export const stateColour = (state: DisplayState): `--state-${DisplayState}` => `--state-${state}`;

/** The same for kinds of nodes. */
export const kindColour = (kind: NodeKind): `--kind-${NodeKind}` => `--kind-${kind}`;
