/** What a picture and a bond need to know of an element. */
export interface Element {
  readonly symbol: string;
  /** Atomic number; 0 for what is no element. */
  readonly number: number;
  /** Standard atomic weight in atomic mass units; of the longest-lived isotope where there is none. */
  readonly mass: number;
  /** In Å. */
  readonly radius: number;
  /** `#rrggbb` */
  readonly colour: string;
  /** Metals bind by other means than pairs of atoms: see `bonds.ts`. */
  readonly metal: boolean;
}

/**
 * In the order of the atomic numbers: symbol, atomic weight, covalent radius in Å, colour. Sources: weights of IUPAC 2016
 * (J. Meija et al., Pure Appl. Chem. 88 (2016) 265); radii of B. Cordero et al., Dalton Trans. (2008) 2832, low spin for
 * Mn, Fe and Co as far as they give two, 0 beyond curium, for which there is none; colours of Jmol
 * (https://jmol.sourceforge.net/jscolors/), known to every crystallographer.
 */
const table = `
  H 1.008 0.31 ffffff, He 4.002602 0.28 d9ffff, Li 6.94 1.28 cc80ff, Be 9.0121831 0.96 c2ff00,
  B 10.81 0.84 ffb5b5, C 12.011 0.76 909090, N 14.007 0.71 3050f8, O 15.999 0.66 ff0d0d,
  F 18.99840316 0.57 90e050, Ne 20.1797 0.58 b3e3f5, Na 22.98976928 1.66 ab5cf2, Mg 24.305 1.41 8aff00,
  Al 26.9815385 1.21 bfa6a6, Si 28.085 1.11 f0c8a0, P 30.973762 1.07 ff8000, S 32.06 1.05 ffff30,
  Cl 35.45 1.02 1ff01f, Ar 39.948 1.06 80d1e3, K 39.0983 2.03 8f40d4, Ca 40.078 1.76 3dff00,
  Sc 44.955908 1.70 e6e6e6, Ti 47.867 1.60 bfc2c7, V 50.9415 1.53 a6a6ab, Cr 51.9961 1.39 8a99c7,
  Mn 54.938044 1.39 9c7ac7, Fe 55.845 1.32 e06633, Co 58.933194 1.26 f090a0, Ni 58.6934 1.24 50d050,
  Cu 63.546 1.32 c88033, Zn 65.38 1.22 7d80b0, Ga 69.723 1.22 c28f8f, Ge 72.63 1.20 668f8f,
  As 74.921595 1.19 bd80e3, Se 78.971 1.20 ffa100, Br 79.904 1.20 a62929, Kr 83.798 1.16 5cb8d1,
  Rb 85.4678 2.20 702eb0, Sr 87.62 1.95 00ff00, Y 88.90584 1.90 94ffff, Zr 91.224 1.75 94e0e0,
  Nb 92.90637 1.64 73c2c9, Mo 95.95 1.54 54b5b5, Tc 97.90721 1.47 3b9e9e, Ru 101.07 1.46 248f8f,
  Rh 102.9055 1.42 0a7d8c, Pd 106.42 1.39 006985, Ag 107.8682 1.45 c0c0c0, Cd 112.414 1.44 ffd98f,
  In 114.818 1.42 a67573, Sn 118.71 1.39 668080, Sb 121.76 1.39 9e63b5, Te 127.6 1.38 d47a00,
  I 126.90447 1.39 940094, Xe 131.293 1.40 429eb0, Cs 132.905452 2.44 57178f, Ba 137.327 2.15 00c900,
  La 138.90547 2.07 70d4ff, Ce 140.116 2.04 ffffc7, Pr 140.90766 2.03 d9ffc7, Nd 144.242 2.01 c7ffc7,
  Pm 144.91276 1.99 a3ffc7, Sm 150.36 1.98 8fffc7, Eu 151.964 1.98 61ffc7, Gd 157.25 1.96 45ffc7,
  Tb 158.92535 1.94 30ffc7, Dy 162.5 1.92 1fffc7, Ho 164.93033 1.92 00ff9c, Er 167.259 1.89 00e675,
  Tm 168.93422 1.90 00d452, Yb 173.054 1.87 00bf38, Lu 174.9668 1.87 00ab24, Hf 178.49 1.75 4dc2ff,
  Ta 180.94788 1.70 4da6ff, W 183.84 1.62 2194d6, Re 186.207 1.51 267dab, Os 190.23 1.44 266696,
  Ir 192.217 1.41 175487, Pt 195.084 1.36 d0d0e0, Au 196.966569 1.36 ffd123, Hg 200.592 1.32 b8b8d0,
  Tl 204.38 1.45 a6544d, Pb 207.2 1.46 575961, Bi 208.9804 1.48 9e4fb5, Po 208.98243 1.40 ab5c00,
  At 209.98715 1.50 754f45, Rn 222.01758 1.50 428296, Fr 223.01974 2.60 420066, Ra 226.02541 2.21 007d00,
  Ac 227.02775 2.15 70abfa, Th 232.0377 2.06 00baff, Pa 231.03588 2.00 00a1ff, U 238.02891 1.96 008fff,
  Np 237.04817 1.90 0080ff, Pu 244.06421 1.87 006bff, Am 243.06138 1.80 545cf2, Cm 247.07035 1.69 785ce3,
  Bk 247.07031 0.00 8a4fe3, Cf 251.07959 0.00 a136d4, Es 252.083 0.00 b31fd4, Fm 257.09511 0.00 b31fba,
  Md 258.09843 0.00 b30da6, No 259.101 0.00 bd0d87, Lr 262.11 0.00 c70066, Rf 267.122 0.00 cc0059,
  Db 268.126 0.00 d1004f, Sg 271.134 0.00 d90045, Bh 270.133 0.00 e00038, Hs 269.1338 0.00 e6002e,
  Mt 278.156 0.00 eb0026, Ds 281.165 0.00 eb0026, Rg 281.166 0.00 eb0026, Cn 285.177 0.00 eb0026,
  Nh 286.182 0.00 eb0026, Fl 289.19 0.00 eb0026, Mc 289.194 0.00 eb0026, Lv 293.204 0.00 eb0026,
  Ts 293.208 0.00 eb0026, Og 294.214 0.00 eb0026
`;

const nonMetals = new Set('H He B C N O F Ne Si P S Cl Ar Ge As Se Br Kr Sb Te I Xe At Rn Ts Og'.split(' '));

/** For elements whose radius nobody has measured. */
const unknownRadius = 1.6;

const elements: ReadonlyMap<string, Element> = new Map(
  table
    .trim()
    .split(/,\s+/)
    .map((row, i): readonly [string, Element] => {
      const [symbol = '', mass = '', radius = '', colour = ''] = row.split(' ');
      const element = {
        symbol,
        number: i + 1,
        mass: Number(mass),
        radius: Number(radius) || unknownRadius,
        colour: `#${colour}`,
        metal: !nonMetals.has(symbol),
      };
      return [symbol, element];
    }),
);

/** Deuterium and tritium are written as if they were elements. */
const isotopes: Readonly<Record<string, Element>> = {
  D: { symbol: 'D', number: 1, mass: 2.014, radius: 0.31, colour: '#ffffc0', metal: false },
  T: { symbol: 'T', number: 1, mass: 3.016, radius: 0.31, colour: '#ffffa0', metal: false },
};

/** Undefined for what is none, such as `X`. */
export const elementOf = (symbol: string): Element | undefined =>
  elements.get(symbol) ?? (Object.hasOwn(isotopes, symbol) ? isotopes[symbol] : undefined);

/** What is no element is drawn small and pink, as Jmol draws it. */
const dummy: Element = { symbol: 'X', number: 0, mass: 0, radius: 0.5, colour: '#ff1493', metal: false };

/** A picture has to draw something for every atom. */
export const elementOrDummy = (symbol: string): Element => elementOf(symbol) ?? dummy;
