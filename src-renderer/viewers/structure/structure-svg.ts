import { minus, norm, type Vector } from '#shared/structure/cell.ts';
import { axisColours, edgeColour } from './axis-colours.ts';
import { projection, type Camera, type Projected, type Size } from './camera.ts';
import type { Picture, Slice } from './picture.ts';

/** In Å, as on the screen. */
const bondWidth = 0.18;
const edgeWidth = 0.05;
/** Each rod of the cell is cut, so that atoms lie before one piece of it and behind another. */
const pieces = 12;

interface Shape {
  readonly depth: number;
  readonly text: string;
}

/**
 * The picture as an SVG of lines and circles, sorted from the back to the front: for print, and for changing by hand.
 * It needs no fonts, scripts or pictures of others.
 * @param title what a reader of the file is told first
 */
export function structureSvg(picture: Picture, camera: Camera, size: Size, title: string): string {
  const project = projection(camera, size, picture);
  const shapes: Shape[] = [];
  const rod = (from: Vector, to: Vector, colour: string, width: number, parts: number): void => {
    let before = project(from);
    for (let i = 1; i <= parts; i++) {
      const next = project(between(from, to, i / parts));
      shapes.push({ depth: (before.depth + next.depth) / 2, text: line(before, next, colour, width) });
      before = next;
    }
  };
  for (const { from, to, axis } of picture.edges) {
    const colour = axis === null ? edgeColour : axisColours[axis];
    for (let i = 0; i < pieces; i++) {
      const [start, end] = [between(from, to, i / pieces), between(from, to, (i + 1) / pieces)];
      // what is inside of a ball cannot be seen, and would be drawn across it
      if (!isInside(between(start, end, 0.5), picture)) rod(start, end, colour, edgeWidth, 1);
    }
  }
  for (const [i, j] of picture.bonds) {
    const [a, b] = [picture.atoms[i], picture.atoms[j]];
    if (a === undefined || b === undefined) continue;
    const middle = between(a.position, b.position, 0.5);
    for (const { position, look } of [a, b]) {
      const of = picture.looks[look];
      const part = Math.min(0.95, (0.95 * (of?.radius ?? 0)) / norm(minus(middle, position)));
      rod(between(position, middle, part), middle, of?.colour ?? edgeColour, bondWidth, 2);
    }
  }
  for (const { position, look } of picture.atoms) {
    const of = picture.looks[look];
    if (of === undefined) continue;
    const place = project(position);
    shapes.push({ depth: place.depth, text: ball(place, of.radius, of.slices) });
  }
  shapes.sort((a, b) => a.depth - b.depth);
  const colours = new Set(picture.looks.flatMap(({ slices }) => slices.map(({ colour }) => colour)));
  const [width, height] = [size.width.toFixed(0), size.height.toFixed(0)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(title)}</title>`,
    `<defs>${[...colours].map(shade).join('')}</defs>`,
    ...shapes.map(({ text }) => text),
    '</svg>',
    '',
  ].join('\n');
}

const between = (a: Vector, b: Vector, part: number): Vector => [
  a[0] + (b[0] - a[0]) * part,
  a[1] + (b[1] - a[1]) * part,
  a[2] + (b[2] - a[2]) * part,
];

const isInside = (place: Vector, { atoms, looks }: Picture): boolean =>
  atoms.some(({ position, look }) => norm(minus(place, position)) < 0.95 * (looks[look]?.radius ?? 0));

const px = (value: number): string => value.toFixed(2);

const line = (a: Projected, b: Projected, colour: string, width: number): string =>
  `<line x1="${px(a.x)}" y1="${px(a.y)}" x2="${px(b.x)}" y2="${px(b.y)}" stroke="${colour}" stroke-width="${px(
    (width * (a.scale + b.scale)) / 2,
  )}" stroke-linecap="round"/>`;

const shadeName = (colour: string): string => `ball-${colour.slice(1)}`;

/** Light from above and the left. */
const shade = (colour: string): string =>
  `<radialGradient id="${shadeName(colour)}" cx="0.35" cy="0.3" r="0.75"><stop offset="0" stop-color="${mixed(
    colour,
    '#ffffff',
    0.55,
  )}"/><stop offset="0.45" stop-color="${colour}"/><stop offset="1" stop-color="${mixed(
    colour,
    '#000000',
    0.45,
  )}"/></radialGradient>`;

function mixed(colour: string, other: string, part: number): string {
  const channel = (text: string, i: number): number => parseInt(text.slice(1 + 2 * i, 3 + 2 * i), 16);
  return `#${[0, 1, 2]
    .map((i) => Math.round(channel(colour, i) * (1 - part) + channel(other, i) * part))
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;
}

function ball({ x, y, scale }: Projected, radius: number, slices: readonly Slice[]): string {
  const r = radius * scale;
  const outline = `stroke="#000000" stroke-opacity="0.45" stroke-width="${px(Math.min(1, r * 0.06))}"`;
  const [only] = slices;
  if (slices.length === 1 && only !== undefined && only.to - only.from > 0.999) {
    return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(r)}" fill="url(#${shadeName(only.colour)})" ${outline}/>`;
  }
  const at = (turn: number): string => {
    const angle = 2 * Math.PI * turn - Math.PI / 2;
    return `${px(x + r * Math.cos(angle))} ${px(y + r * Math.sin(angle))}`;
  };
  const parts = slices.map(
    ({ colour, from, to }) =>
      `<path d="M${px(x)} ${px(y)}L${at(from)}A${px(r)} ${px(r)} 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(
        to,
      )}Z" fill="${colour}"/>`,
  );
  return `<g>${parts.join('')}<circle cx="${px(x)}" cy="${px(y)}" r="${px(r)}" fill="none" ${outline}/></g>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
