import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cross, dot, norm } from '#shared/structure/cell.ts';
import type { Crystal } from '#shared/structure/crystal.ts';
import {
  along,
  atomAt,
  firstCamera,
  fitting,
  projection,
  turned,
  zoomed,
  type Camera,
  type Turn,
} from '#renderer/viewers/structure/camera.ts';
import { measures, pickAlso, pickedAtoms, type Pick } from '#renderer/viewers/structure/measures.ts';
import { overlayOf } from '#renderer/viewers/structure/overlay.ts';
import {
  atomsOf,
  legendOf,
  lookOf,
  pictureOf,
  type PictureOptions,
} from '#renderer/viewers/structure/picture.ts';
import { kindsWords } from '#renderer/viewers/structure/structure-words.ts';
import { structureSvg } from '#renderer/viewers/structure/structure-svg.ts';

const kind = (symbol: string) => ({ name: symbol, constituents: [{ symbol, weight: 1 }], mass: null });
const a = 4;
const chloride: Crystal = {
  cell: [
    [a, 0, 0],
    [0, a, 0],
    [0, 0, a],
  ],
  periodic: [true, true, true],
  kinds: [kind('Cs'), kind('Cl')],
  sites: [
    { kind: 0, position: [0, 0, 0] },
    { kind: 1, position: [2, 2, 2] },
  ],
};
const usual: PictureOptions = { repeats: [1, 1, 1], bonds: true, cell: true, wrap: true, boundary: true };
const size = { width: 400, height: 300 };
const orthogonal = ([x, y, z]: Turn): void => {
  for (const row of [x, y, z]) expect(norm(row)).toBeCloseTo(1, 10);
  expect(dot(x, y)).toBeCloseTo(0, 10);
  expect(dot(cross(x, y), z)).toBeCloseTo(1, 10);
};

describe('a picture of a crystal', () => {
  it('has the corners of the cell on all corners, with bonds to each', () => {
    const picture = pictureOf(chloride, usual);
    expect(picture.atoms.filter(({ site }) => site === 0)).toHaveLength(8);
    expect(picture.atoms.filter(({ site }) => site === 1)).toHaveLength(1);
    expect(picture.bonds).toHaveLength(8);
    expect(picture.edges).toHaveLength(12);
    expect(picture.centre).toEqual([2, 2, 2]);
    expect(pictureOf(chloride, { ...usual, boundary: false }).atoms).toHaveLength(2);
  });

  it('of several cells has their atoms, and edges that are not cut', () => {
    const picture = pictureOf(chloride, { ...usual, repeats: [2, 1, 3] });
    expect(picture.atoms).toHaveLength(3 * 2 * 4 + 6);
    expect(picture.bonds).toHaveLength(8 * 6);
    // 3 axes, the rest of two of them, and the other lines: 2·4 along a, 3·4 along b, 3·2 along c, without the axes
    expect(picture.edges.filter(({ axis }) => axis !== null)).toHaveLength(3);
    expect(picture.edges).toHaveLength(8 + 12 + 6 + 2);
    expect(atomsOf(chloride, [2, 1, 3])).toBe(12);
    expect(atomsOf({ ...chloride, periodic: [true, true, false] }, [2, 1, 3])).toBe(4);
  });

  it('moves atoms into the cell when it shall, and leaves them otherwise', () => {
    const outside: Crystal = { ...chloride, sites: [{ kind: 1, position: [-1, 5, 9] }] };
    expect(pictureOf(outside, usual).atoms[0]?.position).toEqual([3, 1, 1]);
    expect(pictureOf(outside, usual).atoms[0]?.offset).toEqual([1, -1, -2]);
    expect(pictureOf(outside, { ...usual, wrap: false }).atoms[0]?.position).toEqual([-1, 5, 9]);
  });

  it('shares a ball among the elements of a place, with a gap for what is missing', () => {
    const mixed = {
      name: 'm',
      constituents: [
        { symbol: 'Fe', weight: 0.5 },
        { symbol: 'Ni', weight: 0.25 },
      ],
      mass: null,
    };
    expect(lookOf(mixed).slices.map(({ from, to }) => [from, to])).toEqual([
      [0, 0.5],
      [0.5, 0.75],
      [0.75, 1],
    ]);
    expect(lookOf({ name: 'ghost', constituents: [], mass: null })).toMatchObject({ symbol: 'X' });
  });

  it('of nothing is empty', () => {
    const nothing = pictureOf({ ...chloride, sites: [], periodic: [false, false, false] }, usual);
    expect(nothing).toMatchObject({ atoms: [], bonds: [], edges: [], radius: 1 });
  });
});

describe('the camera', () => {
  it('stays at right angles however it is turned', () => {
    const angle = fc.double({ min: -720, max: 720, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(angle, angle), { maxLength: 30 }), (turns) => {
        let turn = firstCamera(chloride.cell).turn;
        for (const [right, down] of turns) turn = turned(turn, right, down);
        orthogonal(turn);
      }),
    );
  });

  it('looks along each vector of any cell', () => {
    const skew = [
      [3, 0, 0],
      [1, 4, 0],
      [1, 1, 5],
    ] as const;
    for (const axis of [0, 1, 2] as const) {
      const turn = along(skew, axis);
      orthogonal(turn);
      expect(dot(turn[2], skew[axis])).toBeCloseTo(norm(skew[axis]), 10);
    }
    orthogonal(
      along(
        [
          [0, 0, 0],
          [0, 0, 0],
          [0, 0, 0],
        ],
        1,
      ),
    );
  });

  it('finds each atom where it draws it, unless another lies before it', () => {
    const picture = pictureOf({ ...chloride, sites: chloride.sites.slice(1) }, usual);
    for (const perspective of [true, false]) {
      const camera: Camera = { ...zoomed(firstCamera(chloride.cell), 1.3), pan: [13, -7], perspective };
      const { x, y } = projection(camera, size, picture)([2, 2, 2]);
      expect(atomAt(picture, camera, size, { x, y })).toBe(0);
      expect(atomAt(picture, camera, size, { x: x + 90, y })).toBeNull();
    }
    const row = pictureOf(chloride, usual);
    const camera = { ...firstCamera(chloride.cell), turn: along(chloride.cell, 2) };
    const corner = atomAt(row, camera, size, projection(camera, size, row)([0, 0, 4]));
    expect(row.atoms[corner ?? -1]?.position).toEqual([0, 0, 4]);
  });

  it('is brought as near as all of it is seen, whatever the direction', () => {
    const picture = pictureOf(chloride, usual);
    const turns = fc.tuple(fc.integer({ min: -180, max: 180 }), fc.integer({ min: -90, max: 90 }));
    fc.assert(
      fc.property(turns, ([right, down]) => {
        const camera = firstCamera(chloride.cell);
        const near = fitting({ ...camera, turn: turned(camera.turn, right, down) }, picture);
        expect(near.zoom).toBeGreaterThanOrEqual(1);
        const project = projection(near, size, picture);
        for (const { position } of picture.atoms) {
          const { x, y } = project(position);
          expect(Math.abs(x - size.width / 2)).toBeLessThan(size.width / 2);
          if (near.zoom > 1) expect(Math.abs(y - size.height / 2)).toBeLessThan(size.height / 2);
        }
      }),
    );
  });

  it('has each element once in its legend, those that share a place as well', () => {
    const alloy = {
      name: 'CuZn',
      constituents: [
        { symbol: 'Cu', weight: 0.5 },
        { symbol: 'Zn', weight: 0.3 },
      ],
      mass: null,
    };
    const texts = legendOf([lookOf(alloy), lookOf(kind('Cu'))]).map(({ text }) => text);
    expect(texts).toEqual(['Cu', 'Zn', 'empty']);
  });

  it('names kinds only where they are not called as their elements', () => {
    expect(kindsWords(chloride)).toBe('');
    const magnetic = {
      ...chloride,
      kinds: [
        { ...kind('Fe'), name: 'Fe1' },
        { ...kind('Fe'), name: 'Fe2' },
      ],
    };
    expect(kindsWords(magnetic)).toBe('1 Fe1, 1 Fe2');
  });

  it('has letters at the axes, and rings around what is picked', () => {
    const picture = pictureOf(chloride, usual);
    const camera = firstCamera(chloride.cell);
    const overlay = overlayOf({
      picture,
      camera,
      size,
      cell: chloride.cell,
      picked: [0, 3],
      cursor: 2,
      labels: true,
    });
    expect(overlay.axes.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(overlay.rings.map(({ number }) => number)).toEqual(['1', '2', '']);
    expect(overlay.chain).toMatch(/^M[\d. -]+L[\d. -]+$/);
    expect(overlay.labels.at(-1)?.text).toBe('Cl2');
  });
});

describe('picked atoms', () => {
  const pick = (site: number, ...offset: readonly [number, number, number]): Pick => ({ site, offset });

  it('tell place, distance, angle and dihedral with their images', () => {
    const picks = [pick(0, 0, 0, 0), pick(0, 1, 0, 0), pick(0, 1, 1, 0), pick(0, 1, 1, 1)];
    expect(measures(chloride, picks)).toEqual([
      { name: 'Distance 1–2', text: '4.0000 Å' },
      { name: 'Distance 2–3', text: '4.0000 Å' },
      { name: 'Distance 3–4', text: '4.0000 Å' },
      { name: 'Angle 1–2–3', text: '90.00°' },
      { name: 'Angle 2–3–4', text: '90.00°' },
      { name: 'Dihedral 1–2–3–4', text: '90.00°' },
    ]);
    expect(
      measures(chloride, [pick(0, 0, 0, 0), pick(0, 1, 0, 0), pick(0, 2, 0, 0), pick(1, 0, 0, 0)]),
    ).toContainEqual({
      name: 'Dihedral 1–2–3–4',
      text: 'none: on a line',
    });
    expect(pickedAtoms(chloride, [pick(1, 0, 0, -1)])).toEqual([
      {
        title: 'Site 2 + (0 0 -1)',
        element: 'Cl',
        kind: 'Cl',
        cartesian: '2.0000  2.0000  −2.0000',
        fractional: '0.5000  0.5000  −0.5000',
      },
    ]);
  });

  it('are at most four, and let go when picked again', () => {
    const all = [0, 1, 2, 3].map((site) => pick(site, 0, 0, 0));
    expect(pickAlso(all.slice(0, 2), pick(1, 0, 0, 0))).toEqual([all[0]]);
    expect(pickAlso(all.slice(0, 1), pick(0, 1, 0, 0))).toHaveLength(2);
    expect(pickAlso(all, pick(4, 0, 0, 0))).toEqual([pick(4, 0, 0, 0)]);
  });
});

describe('a picture as SVG', () => {
  it('has a ball for each atom, a line for each half of a bond, from the back to the front', () => {
    const picture = pictureOf(chloride, usual);
    const camera = { ...firstCamera(chloride.cell), perspective: false };
    const svg = structureSvg(picture, camera, size, 'Cs & <Cl>');
    const circles = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => `${x} ${y}`);
    const project = projection(camera, size, picture);
    const wanted = picture.atoms
      .map(({ position }) => project(position))
      .toSorted((p, q) => p.depth - q.depth)
      .map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`);
    expect(circles).toEqual(wanted);
    // each edge ends in two balls of caesium, each of which hides three of its twelve pieces
    expect(svg.match(/<line /g)).toHaveLength(8 * 4 + 12 * (12 - 2 * 3));
    expect(svg).toContain('<title>Cs &amp; &lt;Cl&gt;</title>');
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(svg.match(/<radialGradient /g)).toHaveLength(2);
  });

  it('cuts a ball that elements share', () => {
    const mixed = {
      name: 'm',
      constituents: [
        { symbol: 'Fe', weight: 0.75 },
        { symbol: 'Ni', weight: 0.25 },
      ],
      mass: null,
    };
    const picture = pictureOf({ ...chloride, kinds: [mixed, kind('Cl')] }, { ...usual, boundary: false });
    const svg = structureSvg(picture, firstCamera(chloride.cell), size, '');
    expect(svg.match(/<path /g)).toHaveLength(2);
  });
});
