import { plus, scaled, type Matrix } from '#shared/structure/cell.ts';
import { axisColours } from './axis-colours.ts';
import { projection, type Camera, type Size } from './camera.ts';
import type { Picture } from './picture.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** What lies over the picture, in px: letters, and what is picked. */
export interface Overlay {
  readonly axes: readonly (Place & { readonly name: string; readonly colour: string })[];
  readonly labels: readonly (Place & { readonly text: string })[];
  readonly rings: readonly (Place & { radius: number; number: string; cursor: boolean })[];
  /** From picked atom to picked atom, as a path of SVG. */
  readonly chain: string;
}

interface OverlayInput {
  readonly picture: Picture;
  readonly camera: Camera;
  readonly size: Size;
  readonly cell: Matrix;
  readonly picked: readonly number[];
  readonly cursor: number | null;
  readonly labels: boolean;
}

/** More labels than this hide what they name. */
export const mostLabels = 400;

/** Where all of that is now. @param input `picked` and `cursor` are places in the atoms of the picture */
export function overlayOf({ picture, camera, size, cell, picked, cursor, labels }: OverlayInput): Overlay {
  const project = projection(camera, size, picture);
  const axes = picture.edges.flatMap(({ axis, to }) => {
    if (axis === null) return [];
    const end = plus(to, scaled(cell[axis], 0.06));
    const { x, y } = project(end);
    return [{ x, y: y + 5, name: 'abc'.charAt(axis), colour: axisColours[axis] }];
  });
  const ring = (atom: number, number: string): Overlay['rings'] => {
    const drawn = picture.atoms[atom];
    if (drawn === undefined) return [];
    const { x, y, scale: px } = project(drawn.position);
    const radius = Math.max(6, (picture.looks[drawn.look]?.radius ?? 0) * px + 3);
    return [{ x, y, radius, number, cursor: number === '' }];
  };
  const rings = [
    ...picked.flatMap((atom, i) => ring(atom, String(i + 1))),
    ...(cursor === null ? [] : ring(cursor, '')),
  ];
  const chain = rings.slice(0, picked.length);
  return {
    axes,
    rings,
    labels:
      labels && picture.atoms.length <= mostLabels
        ? picture.atoms.map(({ position, look, site }) => {
            const { x, y } = project(position);
            return { x, y, text: `${picture.looks[look]?.symbol ?? ''}${site + 1}` };
          })
        : [],
    chain:
      chain.length < 2
        ? ''
        : chain.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join(''),
  };
}

/** `site 3, O, kind O1` */
export function kindNameOfAtom(picture: Picture, atom: number): string {
  const drawn = picture.atoms[atom];
  const look = drawn === undefined ? undefined : picture.looks[drawn.look];
  if (drawn === undefined || look === undefined) return '';
  const image = drawn.offset.some((k) => k !== 0) ? `, image ${drawn.offset.join(' ')}` : '';
  return `site ${drawn.site + 1}, ${look.symbol}, kind ${look.name}${image}`;
}
