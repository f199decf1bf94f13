import { Dice } from './dice.ts';
import { Draft, type Fault, type Layer, type Source } from './draft.ts';
import { jsonFaults } from './layers/json.ts';
import { npyFaults } from './layers/npy.ts';
import { pageFaults, sqlFaults } from './layers/sqlite.ts';
import { madeHere } from './sources.ts';
import { byteFaults, tarFaults, zipFaults } from './layers/zip.ts';

/** What the seed says, before anything is made of it. */
export interface Mutant {
  readonly seed: number;
  readonly layer: Layer;
  readonly source: Source;
  /** In order. SQL comes before bytes, because SQLite would not open what bytes have spoilt. */
  readonly faults: readonly { readonly fault: Fault; readonly seed: number }[];
  /** Whether the sound archive is in the profile before, so that the mutant meets its own nodes. */
  readonly primed: boolean;
}

const faultsOf: Readonly<Record<Layer, readonly Fault[]>> = {
  // twice the structure for once the bytes
  zip: [...zipFaults, ...zipFaults, ...byteFaults],
  sqlite: [...sqlFaults, ...pageFaults],
  json: jsonFaults,
  npy: npyFaults,
};

const layerOdds: readonly Layer[] = [
  'zip',
  'zip',
  'zip',
  'sqlite',
  'sqlite',
  'sqlite',
  'json',
  'json',
  'json',
  'npy',
];

export function mutantOf(seed: number, sources: readonly Source[], wanted: Layer | null): Mutant {
  const dice = new Dice(seed);
  const layer = dice.pick(layerOdds);
  const used = wanted ?? layer;
  const drawn = dice.chance(0.4) ? dice.pick(sources.slice(0, madeHere)) : dice.pick(sources);
  const fits = used === 'zip' || used === 'json' || drawn.entries.some(({ name }) => name === 'db.sqlite3');
  const source = fits ? drawn : dice.pick(sources.slice(0, madeHere));
  const choice =
    used === 'zip' && source.container !== 'zip' ? [...tarFaults, ...byteFaults] : faultsOf[used];
  const count = dice.pick([1, 1, 1, 2, 3]);
  const faults = Array.from({ length: count }, () => ({
    fault: dice.pick(choice),
    seed: dice.int(2 ** 31),
  })).toSorted((a, b) => Number(pageFaults.includes(a.fault)) - Number(pageFaults.includes(b.fault)));
  return { seed, layer: used, source, faults, primed: dice.chance(0.2) };
}

/** The bytes of the file, and the faults that could be done to it. `folder` is scratch. */
export function makeMutant(
  mutant: Mutant,
  folder: string,
): { readonly bytes: Buffer; readonly done: readonly string[] } {
  const draft = new Draft(mutant.source, folder);
  const done: string[] = [];
  for (const { fault, seed } of mutant.faults) {
    if (fault.apply(draft, new Dice(seed)) !== false) done.push(fault.name);
  }
  return { bytes: draft.bytes(), done };
}
