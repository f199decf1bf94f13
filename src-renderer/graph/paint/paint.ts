import type { Pen } from '../pen.ts';
import { paintFrames } from './paint-frames.ts';
import { paintLabels } from './paint-labels.ts';
import { paintLines } from './paint-lines.ts';
import { paintGates, paintRings, paintStubs } from './paint-marks.ts';
import { paintNodes } from './paint-nodes.ts';
import type { Picture } from './picture.ts';

/** Draws everything, from the ground up. The canvas, the exported file and the tests all come through here. */
export function paint(pen: Pen, picture: Picture): void {
  paintFrames(pen, picture);
  paintLines(pen, picture);
  paintGates(pen, picture);
  if (picture.detail.labels) paintLabels(pen, picture);
  paintNodes(pen, picture);
  paintStubs(pen, picture);
  paintRings(pen, picture);
}
