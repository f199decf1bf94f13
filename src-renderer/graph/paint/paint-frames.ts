import { stateGlyphs } from '#renderer/design/glyphs.ts';
import { inner, type as typeSize } from '../face.ts';
import { space } from '../layout/types.ts';
import { type Outline, type Pen, roundRect } from '../pen.ts';
import { fitText, textWidth } from '../text-metrics.ts';
import { titleParts } from '../title.ts';
import { paintChips } from './paint-chips.ts';
import { dimmed, isSeen, Lit, litColour, type Picture } from './picture.ts';

const corner = 10;

/** Frames of workflows, the outermost first, each a little deeper than the one around it. */
export function paintFrames(pen: Pen, picture: Picture): void {
  const { scene, boxes, palette, emphasis, detail, window } = picture;
  const { frame } = scene.layout;
  for (const at of framesInOrder(frame)) {
    const [x, y] = [boxes.x[at] as number, boxes.y[at] as number];
    const [w, h] = [boxes.width[at] as number, boxes.height[at] as number];
    if (!isSeen(window, x, y, w, h)) continue;
    const lit = emphasis.nodes?.[at] ?? Lit.no;
    const dim = emphasis.nodes !== null && lit === Lit.no;
    const colour = palette.kind.workflow;
    const outline = litColour(palette, lit) ?? colour;
    const strong = lit !== Lit.no || at === emphasis.selected;
    // Thin veils add up, so that depth is seen without a scale of colours.
    pen.draw({ fill: palette.kindTint.workflow, alpha: dim ? 0.2 : 0.42 }, (path) =>
      roundRect(path, x, y, w, h, corner),
    );
    if (detail.outlines) {
      pen.draw({ fill: colour, alpha: dim ? 0.04 : 0.09 }, (path) => titleBar(path, x, y, w));
    }
    pen.draw(
      {
        stroke: outline,
        width: Math.max(strong ? 1.8 : 1.1, 0.6 / detail.zoom),
        alpha: dim ? dimmed.node : strong ? 1 : 0.55,
      },
      (path) => roundRect(path, x, y, w, h, corner),
    );
    paintTitle(pen, picture, at, dim);
  }
}

function titleBar(path: Outline, x: number, y: number, w: number): void {
  const k = corner * 0.44772;
  path.moveTo(x, y + space.title);
  path.lineTo(x, y + corner);
  path.bezierCurveTo(x, y + k, x + k, y, x + corner, y);
  path.lineTo(x + w - corner, y);
  path.bezierCurveTo(x + w - k, y, x + w, y + k, x + w, y + corner);
  path.lineTo(x + w, y + space.title);
  path.closePath();
}

/** The title keeps a readable size when the frame gets small, as names on a map do, as long as it has room. */
function paintTitle(pen: Pen, picture: Picture, at: number, dim: boolean): void {
  const { scene, boxes, palette, detail, window } = picture;
  const face = scene.faces[at];
  if (face === undefined) return;
  const [x, y, w] = [boxes.x[at] as number, boxes.y[at] as number, boxes.width[at] as number];
  const grow = Math.min(2.6, Math.max(1, 0.82 / detail.zoom));
  const size = typeSize.title * grow;
  const alpha = dim ? 0.45 : 1;
  if (size * detail.zoom < 7 || (boxes.height[at] as number) * detail.zoom < 30) return;
  const parts = titleParts(face, x, w, window);
  const middle = y + (space.title * Math.min(grow, 1.5)) / 2;
  const glyph = inner.glyph * grow;
  let left = parts.words;
  if (face.state !== null) {
    pen.glyph(stateGlyphs[face.state], left + glyph / 2, middle, glyph, palette.state[face.state], alpha);
    left += glyph + inner.gap * grow;
  }
  const full = detail.text === 'all';
  const right = full ? parts.chips : x + w - inner.pad;
  const title = fitText(face.title, right - left, size, 550);
  pen.text(title, left, middle, { size, weight: 550, colour: palette.text, alpha });
  if (!full) return;
  left += textWidth(title, size, 550) + inner.gap;
  const note = fitText(face.note, right - left, typeSize.note);
  pen.text(note, left, middle, { size: typeSize.note, weight: 400, colour: palette.textSoft, alpha });
  paintChips(pen, palette, face.chips, parts.chips, middle, alpha);
  paintToggle(pen, picture, parts.toggle, middle, 'minus', alpha);
}

/** The sign that opens or closes a workflow or a stack. */
export function paintToggle(
  pen: Pen,
  { palette }: Picture,
  x: number,
  y: number,
  sign: 'plus' | 'minus',
  alpha: number,
): void {
  pen.draw({ fill: palette.panel, stroke: palette.kind.workflow, width: 1, alpha: alpha * 0.9 }, (path) =>
    roundRect(path, x - 8, y - 8, 16, 16, 4),
  );
  pen.draw({ stroke: palette.kind.workflow, width: 1.5, alpha, round: true }, (path) => {
    path.moveTo(x - 4, y);
    path.lineTo(x + 4, y);
    if (sign === 'minus') return;
    path.moveTo(x, y - 4);
    path.lineTo(x, y + 4);
  });
}

const known = new WeakMap<Uint8Array, readonly number[]>();

function framesInOrder(frame: Uint8Array): readonly number[] {
  const before = known.get(frame);
  if (before !== undefined) return before;
  const out = [...frame.keys()]
    .filter((at) => (frame[at] as number) > 0)
    .sort((a, b) => (frame[a] as number) - (frame[b] as number) || a - b);
  known.set(frame, out);
  return out;
}
