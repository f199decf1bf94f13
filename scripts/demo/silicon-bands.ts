/**
 * Bands of silicon from the sp³s* model of P. Vogl, H. P. Hjalmarson and J. D. Dow, J. Phys. Chem. Solids 44, 365
 * (1983): nearest neighbours, ten orbitals, an indirect gap of 1.17 eV. Energies in eV from the valence band's top.
 */
const onSite = { s: -4.2, p: 1.715, star: 6.685 };
const hop = { ss: -8.3, xx: 1.715, xy: 4.575, sp: 5.7292, starP: 5.3749 };

export type KPoint = readonly [number, number, number];

interface Complex {
  readonly re: number;
  readonly im: number;
}

const scaled = (factor: number, { re, im }: Complex): Complex => ({ re: factor * re, im: factor * im });

/** Sums of the phases of the four bonds, with the signs of the four kinds of orbital pairs; k in units of 2π/a. */
function phases([x, y, z]: KPoint): readonly [Complex, Complex, Complex, Complex] {
  const bonds: readonly KPoint[] = [
    [1, 1, 1],
    [1, -1, -1],
    [-1, 1, -1],
    [-1, -1, 1],
  ];
  const turns = bonds.map(([a, b, c]) => (Math.PI / 2) * (x * a + y * b + z * c));
  const sum = (...signs: readonly number[]): Complex => ({
    re: turns.reduce((all, turn, i) => all + (signs[i] ?? 0) * Math.cos(turn), 0) / 4,
    im: turns.reduce((all, turn, i) => all + (signs[i] ?? 0) * Math.sin(turn), 0) / 4,
  });
  return [sum(1, 1, 1, 1), sum(1, 1, -1, -1), sum(1, -1, 1, -1), sum(1, -1, -1, 1)];
}

/** The coupling of the orbitals s, x, y, z, s* of one atom (rows) with those of the other. */
function coupling(k: KPoint): readonly (readonly Complex[])[] {
  const [g0, g1, g2, g3] = phases(k);
  const none: Complex = { re: 0, im: 0 };
  return [
    [scaled(hop.ss, g0), scaled(hop.sp, g1), scaled(hop.sp, g2), scaled(hop.sp, g3), none],
    [scaled(-hop.sp, g1), scaled(hop.xx, g0), scaled(hop.xy, g3), scaled(hop.xy, g2), scaled(-hop.starP, g1)],
    [scaled(-hop.sp, g2), scaled(hop.xy, g3), scaled(hop.xx, g0), scaled(hop.xy, g1), scaled(-hop.starP, g2)],
    [scaled(-hop.sp, g3), scaled(hop.xy, g2), scaled(hop.xy, g1), scaled(hop.xx, g0), scaled(-hop.starP, g3)],
    [none, scaled(hop.starP, g1), scaled(hop.starP, g2), scaled(hop.starP, g3), none],
  ];
}

/** All ten energies at k (in units of 2π/a), ascending. */
export function bandsAt(k: KPoint): readonly number[] {
  // a Hermitian matrix of size 10 as a symmetric one of size 20, where each energy stands twice
  const size = 10;
  const h = Array.from({ length: 2 * size }, () => new Float64Array(2 * size));
  const set = (i: number, j: number, { re, im }: Complex): void => {
    for (const [row, column, value] of [
      [i, j, re],
      [i + size, j + size, re],
      [i, j + size, -im],
      [i + size, j, im],
    ] as const) {
      (h[row] as Float64Array)[column] = value;
      (h[column] as Float64Array)[row] = value;
    }
  };
  const energies = [onSite.s, onSite.p, onSite.p, onSite.p, onSite.star];
  for (const [i, energy] of [...energies, ...energies].entries()) set(i, i, { re: energy, im: 0 });
  for (const [i, row] of coupling(k).entries()) for (const [j, value] of row.entries()) set(i, j + 5, value);
  return eigenvalues(h).filter((_, i) => i % 2 === 0);
}

/** Of a symmetric matrix, ascending; by Jacobi's rotations. The matrix is destroyed. */
function eigenvalues(matrix: readonly Float64Array[]): readonly number[] {
  const n = matrix.length;
  const at = (i: number, j: number): number => matrix[i]?.[j] ?? 0;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        off += at(p, q) ** 2;
        if (Math.abs(at(p, q)) < 1e-14) continue;
        const theta = (at(q, q) - at(p, p)) / (2 * at(p, q));
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        rotate(matrix, p, q, c, t * c);
      }
    }
    if (off < 1e-22) break;
  }
  return Array.from({ length: n }, (_, i) => at(i, i)).sort((a, b) => a - b);
}

function rotate(matrix: readonly Float64Array[], p: number, q: number, c: number, s: number): void {
  for (const row of matrix) {
    const [a, b] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = c * a - s * b;
    row[q] = s * a + c * b;
  }
  const [one, two] = [matrix[p] as Float64Array, matrix[q] as Float64Array];
  for (let k = 0; k < matrix.length; k++) {
    const [a, b] = [one[k] ?? 0, two[k] ?? 0];
    one[k] = c * a - s * b;
    two[k] = s * a + c * b;
  }
}

const corners = {
  L: [0.5, 0.5, 0.5],
  Γ: [0, 0, 0],
  X: [1, 0, 0],
  K: [0.75, 0.75, 0],
} as const satisfies Record<string, KPoint>;

/** The path L–Γ–X, then K–Γ, with the numbers of its corners; points in units of 2π/a. */
export function path(): {
  readonly points: readonly KPoint[];
  readonly labels: readonly string[];
  readonly numbers: readonly number[];
} {
  const points: KPoint[] = [];
  const labels: string[] = [];
  const numbers: number[] = [];
  const mark = (label: string): void => {
    labels.push(label === 'Γ' ? 'GAMMA' : label);
    numbers.push(points.length - 1);
  };
  for (const [from, to, count] of [
    ['L', 'Γ', 26],
    ['Γ', 'X', 30],
    ['K', 'Γ', 32],
  ] as const) {
    const [a, b] = [corners[from], corners[to]];
    const continues = labels.at(-1) === (from === 'Γ' ? 'GAMMA' : from);
    for (let i = continues ? 1 : 0; i < count; i++) {
      const t = i / (count - 1);
      points.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])]);
      if (i === 0) mark(from);
    }
    mark(to);
  }
  return { points, labels, numbers };
}

/** From units of 2π/a to fractions of the reciprocal vectors of the primitive cell. */
export const fractional = ([x, y, z]: KPoint): KPoint => [(y + z) / 2, (x + z) / 2, (x + y) / 2];
