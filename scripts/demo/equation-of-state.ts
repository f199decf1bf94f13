/** 1 eV/Å³ in GPa. */
const gpa = 160.217_663_4;

export interface EquationOfState {
  /** eV. */
  readonly energy: number;
  /** Å³. */
  readonly volume: number;
  /** GPa. */
  readonly bulkModulus: number;
  readonly bulkDerivative: number;
}

/** Energy by the third-order equation of F. Birch, Phys. Rev. 71, 809 (1947); eV for a volume in Å³. */
export function birchMurnaghan(of: EquationOfState, volume: number): number {
  const x = (of.volume / volume) ** (2 / 3);
  const b = of.bulkModulus / gpa;
  return (
    of.energy + ((9 * of.volume * b) / 16) * ((x - 1) ** 3 * of.bulkDerivative + (x - 1) ** 2 * (6 - 4 * x))
  );
}

/**
 * Fits the equation by least squares: it is a polynomial of third degree in x = V^(-2/3), so that the fit is linear
 * and the minimum a root of a quadratic.
 */
export function fit(
  volumes: readonly number[],
  energies: readonly number[],
): EquationOfState & { readonly residual: number } {
  const xs = volumes.map((volume) => volume ** (-2 / 3));
  const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
  // around the middle, where the powers do not lose their digits
  const rows = xs.map((x) => [1, x - middle, (x - middle) ** 2, (x - middle) ** 3]);
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = leastSquares(rows, energies);
  const root = (-2 * c2 + Math.sqrt(4 * c2 * c2 - 12 * c3 * c1)) / (6 * c3);
  const other = -c1 / (2 * c2);
  const t = Number.isFinite(root) && Math.abs(root - other) < Math.abs(middle) ? root : other;
  const x0 = middle + t;
  const [second, third] = [2 * c2 + 6 * c3 * t, 6 * c3];
  const volume = x0 ** (-3 / 2);
  // derivatives of E(V) at the minimum, by x' = -(2/3) x/V
  const d1 = (-2 / 3) * (x0 / volume);
  const d2 = (10 / 9) * (x0 / volume ** 2);
  const e2 = second * d1 ** 2;
  const e3 = third * d1 ** 3 + 3 * second * d1 * d2;
  const fitted = rows.map(([, a = 0, b = 0, c = 0]) => c0 + c1 * a + c2 * b + c3 * c);
  return {
    energy: c0 + c1 * t + c2 * t * t + c3 * t ** 3,
    volume,
    bulkModulus: volume * e2 * gpa,
    bulkDerivative: -1 - (volume * e3) / e2,
    residual: Math.sqrt(
      energies.reduce((sum, e, i) => sum + (e - (fitted[i] ?? 0)) ** 2, 0) / energies.length,
    ),
  };
}

/** Solves the normal equations by elimination with pivots. */
function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): readonly number[] {
  const n = rows[0]?.length ?? 0;
  const at = (row: readonly number[] | undefined, i: number): number => row?.[i] ?? 0;
  const system = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) => rows.reduce((sum, row) => sum + at(row, i) * at(row, j), 0)),
    rows.reduce((sum, row, k) => sum + at(row, i) * at(values, k), 0),
  ]);
  for (let i = 0; i < n; i++) {
    const rest = system.splice(i).sort((a, b) => Math.abs(at(b, i)) - Math.abs(at(a, i)));
    const pivot = (rest.shift() ?? []).map((value, _k, row) => value / at(row, i));
    const eliminate = (row: number[]): number[] => row.map((value, k) => value - at(row, i) * at(pivot, k));
    system.splice(0, system.length, ...system.map(eliminate), pivot, ...rest.map(eliminate));
  }
  return system.map((row) => at(row, n));
}
