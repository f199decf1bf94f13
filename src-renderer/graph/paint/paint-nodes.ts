import { cachedGlyph, kindGlyphs, stateGlyphs } from '#renderer/design/glyphs.ts';
import { type Face, inner, type as typeSize } from '../face.ts';
import { type Outline, type Pen, pointedBox, roundRect } from '../pen.ts';
import { fitText, textWidth } from '../text-metrics.ts';
import { paintChips } from './paint-chips.ts';
import { paintToggle } from './paint-frames.ts';
import { dimmed, isSeen, Lit, litColour, type Picture } from './picture.ts';

/** Where something is drawn: top left corner and size. */
interface Spot {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** All nodes that are not frames. */
export function paintNodes(pen: Pen, picture: Picture): void {
  const { scene, boxes, window, detail } = picture;
  if (!detail.outlines) {
    paintSpecks(pen, picture);
    return;
  }
  for (let at = 0; at < scene.faces.length; at++) {
    if ((scene.layout.frame[at] as number) > 0) continue;
    const [x, y] = [boxes.x[at] as number, boxes.y[at] as number];
    const [w, h] = [boxes.width[at] as number, boxes.height[at] as number];
    const face = scene.faces[at];
    if (face !== undefined && isSeen(window, x, y, w, h)) paintNode(pen, picture, at, face, { x, y, w, h });
  }
}

/** The outline of a node, which alone tells its kind. */
export function nodeOutline(path: Outline, face: Face, x: number, y: number, w: number, h: number): void {
  if (face.kind === 'data' || (face.kind === 'unknown' && face.state === null))
    roundRect(path, x, y, w, h, h / 2);
  else if (face.kind === 'code') pointedBox(path, x, y, w, h, h / 2);
  else if (face.kind === 'workflow') pointedBox(path, x, y, w, h, Math.min(12, h / 4));
  else roundRect(path, x, y, w, h, 5);
}

function paintNode(pen: Pen, picture: Picture, at: number, face: Face, { x, y, w, h }: Spot): void {
  const { palette, emphasis, detail } = picture;
  const lit = emphasis.nodes?.[at] ?? Lit.no;
  const dim = emphasis.nodes !== null && lit === Lit.no;
  const alpha = dim ? dimmed.node : 1;
  const colour = palette.kind[face.kind];
  // A stack with failures among others says so by its bar, not by its whole ground.
  const grave = (face.state === 'failed' || face.state === 'excepted') && face.states.length < 2;
  const outline =
    litColour(palette, lit) ?? (grave && face.state !== null ? palette.state[face.state] : colour);
  const strong = lit !== Lit.no || at === emphasis.selected || at === emphasis.hovered;
  const thick = Math.max(strong ? 2 : 1.2, 0.7 / detail.zoom);
  if (face.stack) {
    for (const off of [8, 4]) {
      pen.draw({ fill: palette.panel, stroke: colour, width: thick * 0.8, alpha: alpha * 0.9 }, (path) =>
        nodeOutline(path, face, x + off, y + off, w, h),
      );
    }
  }
  // A ground of its own, so that lines below do not shine through the tint.
  pen.draw({ fill: palette.ground, alpha: 1 }, (path) => nodeOutline(path, face, x, y, w, h));
  const process = face.state !== null || face.kind === 'calculation' || face.kind === 'workflow';
  const fill = grave && face.state !== null ? palette.stateTint[face.state] : palette.kindTint[face.kind];
  pen.draw(
    {
      fill: process && !grave ? palette.panel : fill,
      stroke: outline,
      width: thick,
      alpha,
      ...(face.kind === 'unknown' ? { dash: [4, 3] } : {}),
    },
    (path) => nodeOutline(path, face, x, y, w, h),
  );
  if (detail.text === 'none') {
    paintState(pen, picture, face, { x, y, w, h }, alpha);
    return;
  }
  const spot = { x, y, w, h };
  if (detail.text === 'names') paintName(pen, picture, face, spot, alpha);
  else if (process) paintProcess(pen, picture, face, spot, alpha);
  else paintData(pen, picture, face, spot, alpha);
  if (face.allCached) paintCached(pen, picture, spot, alpha);
}

/** The mark of what was taken from the cache: on the upper border, where no line ends. */
function paintCached(pen: Pen, { palette, detail }: Picture, { x, y, w, h }: Spot, alpha: number): void {
  const size = Math.min(h * 0.45, Math.max(18, 13 / detail.zoom));
  const [left, top] = [x + w - inner.pad - size, y - size / 2];
  const look = { fill: palette.infoTint, stroke: palette.info, width: Math.max(1, 0.7 / detail.zoom), alpha };
  pen.draw({ fill: palette.ground, alpha: 1 }, (path) => roundRect(path, left, top, size, size, size / 4));
  pen.draw(look, (path) => roundRect(path, left, top, size, size, size / 4));
  pen.glyph(cachedGlyph, left + size / 2, y, size * 0.72, palette.info, alpha);
}

function paintData(pen: Pen, { palette }: Picture, face: Face, { x, y, w, h }: Spot, alpha: number): void {
  const middle = y + h / 2;
  const left = x + inner.pad;
  pen.glyph(
    kindGlyphs[face.kind],
    left + inner.dot / 2,
    middle,
    inner.dot + 2,
    palette.kind[face.kind],
    alpha,
  );
  const start = left + inner.dot + 7;
  const end = x + w - inner.pad;
  const title = fitText(face.title, end - start, typeSize.data, 550);
  pen.text(title, start, middle, { size: typeSize.data, weight: 550, colour: palette.text, alpha });
  const next = start + textWidth(title, typeSize.data, 550) + 6;
  const note = fitText(face.note, end - next + 1, typeSize.data);
  if (note !== '')
    pen.text(note, next, middle, { size: typeSize.data, weight: 400, colour: palette.textSoft, alpha });
}

function paintProcess(pen: Pen, picture: Picture, face: Face, { x, y, w }: Spot, alpha: number): void {
  const { palette } = picture;
  const colour = palette.kind[face.kind];
  const left = x + inner.pad;
  const glyph = face.state === null ? kindGlyphs[face.kind] : stateGlyphs[face.state];
  const tone = face.state === null ? colour : palette.state[face.state];
  pen.glyph(glyph, left + inner.glyph / 2, y + 24, inner.glyph, tone, alpha);
  const toggle = face.closed || face.stack;
  const start = left + inner.glyph + inner.gap;
  const end = x + w - inner.pad - (toggle ? inner.toggle : 0) + 1;
  pen.text(fitText(face.title, end - start, typeSize.title, 550), start, y + 17, {
    size: typeSize.title,
    weight: 550,
    colour: palette.text,
    alpha,
  });
  const note = { size: typeSize.note, weight: 400, colour: palette.textSoft, alpha } as const;
  pen.text(fitText(face.note, end - start, typeSize.note), start, y + 33.5, note);
  if (toggle) paintToggle(pen, picture, x + w - inner.pad - 6, y + 24, 'plus', alpha);
  if (face.stack) paintHistogram(pen, picture, face, { x: start, y: y + 42.5, w: end - start, h: 3 }, alpha);
  if (face.chips.length === 0) return;
  pen.draw({ stroke: palette.line, width: 1, alpha }, (path) => {
    path.moveTo(x + inner.gap, y + inner.card);
    path.lineTo(x + w - inner.gap, y + inner.card);
  });
  const middle = y + inner.card + inner.chips / 2;
  const ins = face.chips.filter((chip) => chip.side === 'in');
  const outs = face.chips.filter((chip) => chip.side === 'out');
  paintChips(pen, palette, ins, x + inner.gap, middle, alpha);
  const width = outs.reduce((sum, chip) => sum + chip.width + inner.chipGap, -inner.chipGap);
  paintChips(pen, palette, outs, x + w - inner.gap - width, middle, alpha);
}

/** The states of a stack as a bar, so that two failures among hundreds are seen. */
function paintHistogram(pen: Pen, { palette }: Picture, face: Face, { x, y, w }: Spot, alpha: number): void {
  const total = face.states.reduce((sum, { count }) => sum + count, 0);
  // Each state has at least three pixels, taken from what is left.
  const least = 3;
  const spare = w - least * face.states.length;
  let left = x;
  for (const { state, count } of face.states) {
    const width = least + (spare * count) / total;
    const from = left;
    pen.draw({ fill: palette.state[state], alpha }, (path) =>
      roundRect(path, from, y - 1.5, width - 1, 3, 1),
    );
    left += width;
  }
}

/** At a small zoom a node says its name only, in letters as large as the box allows. */
function paintName(
  pen: Pen,
  { palette, detail }: Picture,
  face: Face,
  { x, y, w, h }: Spot,
  alpha: number,
): void {
  const size = Math.min(10.5 / detail.zoom, h * 0.76);
  const pad = Math.min(10, h / 3);
  let left = x + pad;
  if (face.state !== null) {
    const glyph = Math.min(h * 0.6, 13 / detail.zoom);
    pen.glyph(stateGlyphs[face.state], left + glyph / 2, y + h / 2, glyph, palette.state[face.state], alpha);
    left += glyph + 4;
  }
  const data = face.state === null && face.kind !== 'calculation' && face.kind !== 'workflow';
  if (data) {
    const glyph = Math.min(h * 0.45, 9 / detail.zoom);
    pen.glyph(kindGlyphs[face.kind], left + glyph / 2, y + h / 2, glyph, palette.kind[face.kind], alpha);
    left += glyph * 1.4;
  }
  if (size * detail.zoom < 7) return;
  const room = x + w - pad - left + 2;
  const both = `${face.title} ${face.note}`;
  // Of data the content says more than the type, where there is no room for both.
  const words =
    !data || face.note === '' ? face.title : textWidth(both, size, 550) <= room ? both : face.note;
  // A whole name in smaller letters says more than a cut one, down to what can be read.
  const shrunk = size * Math.min(1, room / textWidth(words, size, 550));
  const fitting = Math.max(Math.min(size, 8.5 / detail.zoom), shrunk);
  const title = fitText(words, room, fitting, 550);
  if (title !== '')
    pen.text(title, left, y + h / 2, { size: fitting, weight: 550, colour: palette.text, alpha });
}

/** Where not even a name fits, a process still tells its state. */
function paintState(
  pen: Pen,
  { palette, detail }: Picture,
  face: Face,
  { x, y, w, h }: Spot,
  alpha: number,
): void {
  if (face.state === null) return;
  const size = Math.min(h * 0.8, 12 / detail.zoom);
  pen.glyph(stateGlyphs[face.state], x + w / 2, y + h / 2, size, palette.state[face.state], alpha);
}

/** From far away nodes are specks of one colour each, drawn together by colour. */
function paintSpecks(pen: Pen, { scene, boxes, window, palette, emphasis, detail }: Picture): void {
  const byInk = new Map<string, number[]>();
  const least = 1.5 / detail.zoom;
  for (let at = 0; at < scene.faces.length; at++) {
    const face = scene.faces[at];
    if (face === undefined || (scene.layout.frame[at] as number) > 0) continue;
    const [x, y] = [boxes.x[at] as number, boxes.y[at] as number];
    if (!isSeen(window, x, y, boxes.width[at] as number, boxes.height[at] as number)) continue;
    const lit = emphasis.nodes?.[at] ?? Lit.no;
    const tone =
      face.state === null || face.state === 'finished' ? palette.kind[face.kind] : palette.state[face.state];
    const key = `${litColour(palette, lit) ?? tone}|${emphasis.nodes !== null && lit === Lit.no ? dimmed.node : 0.8}`;
    const list = byInk.get(key);
    if (list === undefined) byInk.set(key, [at]);
    else list.push(at);
  }
  for (const [key, nodes] of byInk) {
    const [fill = '', alpha = '1'] = key.split('|');
    for (let start = 0; start < nodes.length; start += 2000) {
      pen.draw({ fill, alpha: Number(alpha) }, (path) => {
        for (const at of nodes.slice(start, start + 2000)) {
          const [x, y] = [boxes.x[at] as number, boxes.y[at] as number];
          const w = Math.max(boxes.width[at] as number, least);
          const h = Math.max(boxes.height[at] as number, least);
          path.moveTo(x, y);
          path.lineTo(x + w, y);
          path.lineTo(x + w, y + h);
          path.lineTo(x, y + h);
          path.closePath();
        }
      });
    }
  }
}
