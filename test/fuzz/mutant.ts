import { assertNever } from '#shared/base/assert.ts';
import { Dice } from './dice.ts';
import { Draft, layers, type Fault, type Layer, type Source } from './draft.ts';
import { jsonFaults } from './layers/json.ts';
import { npyFaults, oldNpyFaults } from './layers/npy.ts';
import { oldFaults } from './layers/shapes.ts';
import { pageFaults, sqlFaults } from './layers/sqlite.ts';
import { tarFaults } from './layers/tar.ts';
import { byteFaults, zipFaults } from './layers/zip.ts';
import { renumbered } from './made/example.ts';
import type { Sources } from './sources.ts';

/** What the seed says, before anything is made of it. */
export interface Mutant {
  readonly seed: number;
  readonly layer: Layer;
  readonly source: Source;
  /** In order. SQL comes before bytes, because SQLite would not open what bytes have spoilt. */
  readonly faults: readonly { readonly fault: Fault; readonly seed: number }[];
  /** Whether the sound archive is in the profile before, so that the mutant meets its own nodes. */
  readonly primed: boolean;
  readonly route: Route;
}

/** What a person does with the archive. Not all of it each time: much goes through the same code. */
export interface Route {
  /** Opened in place and looked at. */
  readonly open: boolean;
  /** As on a command line, without a profile. */
  readonly info: boolean;
  readonly preview: boolean;
  readonly import: boolean;
  /** What was imported is looked at. */
  readonly walkAgain: boolean;
}

export const longRoute: Route = { open: true, info: true, preview: true, import: true, walkAgain: true };

const faultsOf: Readonly<Record<Layer, readonly Fault[]>> = {
  // twice the structure for once the bytes
  zip: [...zipFaults, ...zipFaults, ...byteFaults],
  tar: [...tarFaults, ...tarFaults, ...byteFaults],
  sqlite: [...sqlFaults, ...pageFaults],
  json: jsonFaults,
  npy: npyFaults,
};

const layerOdds: readonly Layer[] = [
  ...layers.flatMap((layer) => [layer, layer]),
  'zip',
  'sqlite',
  'sqlite',
  'json',
];

/** Whether an archive has what a layer spoils. */
const fits = (layer: Layer, { entries, container }: Source): boolean => {
  const has = (name: string): boolean => entries.some((entry) => entry.name === name);
  switch (layer) {
    case 'zip':
      return container === 'zip';
    case 'tar':
      return has('data.json');
    case 'sqlite':
      return has('db.sqlite3');
    case 'json':
      return true;
    case 'npy':
      return has('db.sqlite3') || entries.some(({ name }) => name.endsWith('.npy'));
    default:
      return assertNever(layer);
  }
};

const isOld = ({ entries }: Source): boolean => entries.some(({ name }) => name === 'data.json');

function faultsFor(layer: Layer, source: Source): readonly Fault[] {
  if (layer === 'json' && isOld(source)) return [...oldFaults, ...jsonFaults];
  if (layer === 'npy' && isOld(source)) return oldNpyFaults;
  return faultsOf[layer];
}

export function mutantOf(seed: number, { made, real }: Sources, wanted: Layer | null): Mutant {
  const dice = new Dice(seed);
  const drawn = dice.pick(layerOdds);
  const layer = wanted ?? drawn;
  const own = real.length === 0 || dice.chance(0.5);
  const all = (own ? made : real).filter((one) => fits(layer, one));
  // each version as often, however many archives of it there are
  const version = dice.pick([...new Set(all.map((one) => one.version))]);
  const picked = dice.pick(all.filter((one) => one.version === version));
  const source = own ? renumbered(picked, seed) : picked;
  const choice = faultsFor(layer, source);
  const count = dice.pick([1, 1, 1, 2, 3]);
  const faults = Array.from({ length: count }, () => ({
    fault: dice.pick(choice),
    seed: dice.int(2 ** 31),
  })).toSorted((a, b) => Number(pageFaults.includes(a.fault)) - Number(pageFaults.includes(b.fault)));
  const primed = dice.chance(0.12);
  const [open, imported] = dice.pick([
    [true, true],
    [true, true],
    [true, false],
    [false, true],
  ] as const);
  const route: Route = {
    open,
    info: dice.chance(0.1),
    preview: dice.chance(0.12),
    import: imported,
    walkAgain: dice.chance(0.3),
  };
  return { seed, layer, source, faults, primed, route };
}

/** The bytes of the file, and the faults that could be done to it. `folder` is scratch. */
export function makeMutant(
  mutant: Mutant,
  folder: string,
): { readonly bytes: Buffer; readonly done: readonly string[] } {
  const draft = new Draft(mutant.source, folder);
  const done: string[] = [];
  for (const { fault, seed } of mutant.faults) {
    if (applied(fault, draft, new Dice(seed))) done.push(fault.name);
  }
  return { bytes: draft.bytes(), done };
}

/** A fault that meets a value which an earlier one has made too deep for JSON's own functions is left out. */
function applied(fault: Fault, draft: Draft, dice: Dice): boolean {
  try {
    return fault.apply(draft, dice) !== false;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
