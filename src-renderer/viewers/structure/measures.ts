import { cartesian, fractional, plus, type Vector } from '#shared/structure/cell.ts';
import { isPeriodic, kindSymbols, type Crystal } from '#shared/structure/crystal.ts';
import { angleAt, dihedral, distance } from '#shared/structure/measure.ts';
import type { Offset } from '#shared/structure/neighbours.ts';
import { fixed } from './figure-text.ts';

/** A site, or one of its periodic images. */
export interface Pick {
  readonly site: number;
  readonly offset: Offset;
}

/** At most so many atoms are picked: four make a dihedral angle. */
export const mostPicks = 4;

/** The same site in the same cell. */
export const samePick = (a: Pick, b: Pick): boolean =>
  a.site === b.site && a.offset.every((k, i) => k === b.offset[i]);

/** Picks it, or lets it go where it was picked; a fifth begins anew. */
export function pickAlso(picks: readonly Pick[], next: Pick): readonly Pick[] {
  const rest = picks.filter((pick) => !samePick(pick, next));
  if (rest.length < picks.length) return rest;
  return picks.length >= mostPicks ? [next] : [...picks, next];
}

export interface PickedAtom {
  readonly title: string;
  readonly element: string;
  readonly kind: string;
  /** In Å. */
  readonly cartesian: string;
  /** Along a, b, c; empty where there is no cell. */
  readonly fractional: string;
}

export interface Measure {
  readonly name: string;
  readonly text: string;
}

const triple = (vector: Vector): string => vector.map((part) => fixed(part, 4)).join('  ');

const placeOf = ({ sites, cell }: Crystal, { site, offset }: Pick): Vector =>
  plus(sites[site]?.position ?? [NaN, NaN, NaN], cartesian(offset, cell));

/** What is said of each picked atom, in the order of the picks; sites are counted from 1. */
export function pickedAtoms(crystal: Crystal, picks: readonly Pick[]): readonly PickedAtom[] {
  return picks.flatMap((pick) => {
    const site = crystal.sites[pick.site];
    const kind = site === undefined ? undefined : crystal.kinds[site.kind];
    if (kind === undefined) return [];
    const place = placeOf(crystal, pick);
    const parts = isPeriodic(crystal) ? fractional(place, crystal.cell) : null;
    const isImage = pick.offset.some((k) => k !== 0);
    return [
      {
        title: `Site ${pick.site + 1}${isImage ? ` + (${pick.offset.join(' ')})` : ''}`,
        element: kindSymbols(kind),
        kind: kind.name,
        cartesian: triple(place),
        fractional: parts === null ? '' : triple(parts),
      },
    ];
  });
}

/** What is between the picked atoms, in the order in which they were picked. */
export function measures(crystal: Crystal, picks: readonly Pick[]): readonly Measure[] {
  const [a, b, c, d] = picks.map((pick) => placeOf(crystal, pick));
  const found: Measure[] = [];
  if (a && b) found.push({ name: 'Distance 1–2', text: `${fixed(distance(a, b), 4)} Å` });
  if (b && c) found.push({ name: 'Distance 2–3', text: `${fixed(distance(b, c), 4)} Å` });
  if (c && d) found.push({ name: 'Distance 3–4', text: `${fixed(distance(c, d), 4)} Å` });
  if (a && b && c) found.push({ name: 'Angle 1–2–3', text: degrees(angleAt(a, b, c)) });
  if (b && c && d) found.push({ name: 'Angle 2–3–4', text: degrees(angleAt(b, c, d)) });
  if (a && b && c && d) found.push({ name: 'Dihedral 1–2–3–4', text: degrees(dihedral(a, b, c, d)) });
  return found;
}

const degrees = (value: number): string => (Number.isNaN(value) ? 'none: on a line' : `${fixed(value, 2)}°`);
