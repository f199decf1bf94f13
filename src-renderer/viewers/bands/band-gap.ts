import type { Bands } from './read-bands.ts';

/** An edge of the gap: where on the path, and how high. */
export interface Edge {
  /** In the unit of the bands; `point` and `spin` count from 0. */
  readonly energy: number;
  readonly point: number;
  readonly spin: number;
}

/** What a band structure says of its gap; everything else is said not to be known. */
export type Gap =
  /** Bands are partly filled, or the filled and the empty ones overlap. */
  | { readonly kind: 'metal' }
  | {
      readonly kind: 'gap';
      /** In the unit of the bands. */
      readonly size: number;
      readonly direct: boolean;
      /** The highest filled and the lowest empty state. */
      readonly top: Edge;
      readonly bottom: Edge;
      /** The least gap at one and the same k-point. */
      readonly leastDirect: { readonly size: number; readonly point: number };
    }
  /** Nothing says which states are filled, or no empty ones were calculated. */
  | { readonly kind: 'unknown'; readonly why: 'filling' | 'no empty bands' | 'no filled bands' };

/** How states are told to be filled: by what is stored with them, or by an energy. */
export type Filling =
  { readonly kind: 'occupations' } | { readonly kind: 'level'; readonly fermi: readonly number[] };

/** Edges at two k-points within this, in the unit of the bands, are the same: codes print four to six decimals. */
const equal = 1e-4;
/** Of a full state: what is in between is partly filled by smearing, and so lies at the Fermi level. */
const partly = 0.02;

/**
 * The band gap as it is between the k-points that were calculated: the true edges may lie between them. A state is filled
 * where its occupation is more than half of a full one, or where it lies at or below the Fermi level; a material of which
 * the number of filled bands changes from k-point to k-point is a metal (as in `find_bandgap` of aiida-core 2.9,
 * `array/bands.py`).
 */
export function bandGap(bands: Bands, filling: Filling): Gap {
  const { spins, points, count } = bands;
  const isFilled = filledBy(bands, filling);
  if (isFilled === null) return { kind: 'unknown', why: 'filling' };
  let top: Edge | null = null;
  let bottom: Edge | null = null;
  let leastDirect = { size: Infinity, point: 0 };
  let crossed = false;
  const perSpin: (number | null)[] = Array.from({ length: spins }, () => null);
  for (let point = 0; point < points; point++) {
    let high = -Infinity;
    let low = Infinity;
    for (let spin = 0; spin < spins; spin++) {
      let filled = 0;
      for (let band = 0; band < count; band++) {
        const energy = bands.energy(spin, point, band);
        if (!Number.isFinite(energy)) continue;
        const state = isFilled(spin, point, band);
        if (state === 'partly') crossed = true;
        if (state === 'filled') {
          filled++;
          high = Math.max(high, energy);
          if (top === null || energy > top.energy) top = { energy, point, spin };
        } else {
          low = Math.min(low, energy);
          if (bottom === null || energy < bottom.energy) bottom = { energy, point, spin };
        }
      }
      const before = perSpin[spin];
      if (before !== null && before !== filled) crossed = true;
      perSpin[spin] = filled;
    }
    if (low - high < leastDirect.size) leastDirect = { size: low - high, point };
  }
  if (crossed) return { kind: 'metal' };
  if (top === null) return { kind: 'unknown', why: 'no filled bands' };
  if (bottom === null) return { kind: 'unknown', why: 'no empty bands' };
  const size = bottom.energy - top.energy;
  if (size <= 0) return { kind: 'metal' };
  const direct = leastDirect.size - size < equal;
  if (!direct) return { kind: 'gap', size, direct, top, bottom, leastDirect };
  // Of several equal edges those at one k-point are named.
  const { point } = leastDirect;
  return { kind: 'gap', size, direct, top: { ...top, point }, bottom: { ...bottom, point }, leastDirect };
}

type State = 'filled' | 'empty' | 'partly';

function filledBy(
  bands: Bands,
  filling: Filling,
): ((spin: number, point: number, band: number) => State) | null {
  if (filling.kind === 'level') {
    const [first, second = first] = filling.fermi;
    if (first === undefined) return null;
    return (spin, point, band) =>
      bands.energy(spin, point, band) <= (spin === 0 ? first : (second ?? first)) ? 'filled' : 'empty';
  }
  const { occupation } = bands;
  if (occupation === null) return null;
  let most = 0;
  for (let spin = 0; spin < bands.spins; spin++) {
    for (let point = 0; point < bands.points; point++) {
      for (let band = 0; band < bands.count; band++) {
        const value = occupation(spin, point, band);
        if (value > most) most = value;
      }
    }
  }
  if (!(most > 0)) return null;
  const full = most > 1.5 ? 2 : 1;
  return (spin, point, band) => {
    const part = occupation(spin, point, band) / full;
    if (part > partly && part < 1 - partly) return 'partly';
    return part > 0.5 ? 'filled' : 'empty';
  };
}
