import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Outcome } from './bench.ts';
import { Draft, type Layer } from './draft.ts';
import { makeMutant, mutantOf, type Mutant } from './mutant.ts';
import type { Sources } from './sources.ts';

/** One mutant and what came of it. */
export interface Shot {
  readonly mutant: Mutant;
  readonly done: readonly string[];
  readonly bytes: Buffer;
  readonly outcome: Outcome;
}

export async function shoot(bench: Bench, mutant: Mutant): Promise<Shot> {
  const { bytes, done } = makeMutant(mutant, bench.scratch);
  const prime = mutant.primed ? new Draft(mutant.source, bench.scratch).bytes() : null;
  return { mutant, done, bytes, outcome: await bench.run({ bytes, prime, route: mutant.route }) };
}

const kindsOf = ({ outcome }: Shot): string =>
  [...new Set(outcome.findings.map(({ kind }) => kind))].toSorted().join(',');

/**
 * The same finding again in a process that has met nothing else, with as few faults as it takes: each one is left out
 * once, and so is the sound archive before.
 * @returns null where it is not found again: then what that process had met before matters
 */
export async function smaller(bench: Bench, shot: Shot): Promise<Shot | null> {
  let best = await shoot(bench, shot.mutant);
  if (kindsOf(best) !== kindsOf(shot)) return null;
  const attempt = async (mutant: Mutant): Promise<void> => {
    const next = await shoot(bench, mutant);
    if (kindsOf(next) === kindsOf(shot)) best = next;
  };
  if (best.mutant.primed) await attempt({ ...best.mutant, primed: false });
  for (const one of shot.mutant.faults) {
    if (best.mutant.faults.length === 1) break;
    await attempt({ ...best.mutant, faults: best.mutant.faults.filter((fault) => fault !== one) });
  }
  return best;
}

/** Writes what was found where it cannot get into the project. */
export function keep(folder: string, { mutant, done, bytes, outcome }: Shot): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${mutant.seed}-${mutant.layer}.aiida`);
  writeFileSync(file, bytes);
  const { findings, peak, report } = outcome;
  const words = {
    seed: mutant.seed,
    layer: mutant.layer,
    source: mutant.source.name,
    faults: done,
    primed: mutant.primed,
    findings,
    peak,
    steps: report?.steps ?? null,
  };
  writeFileSync(`${file}.json`, `${JSON.stringify(words, null, 2)}\n`);
  return file;
}

export interface HuntOptions {
  /** Each works on one mutant at a time. */
  readonly benches: readonly Bench[];
  readonly sources: Sources;
  readonly layer: Layer | null;
  readonly seeds: Iterable<number>;
  /** `met`: how many others the same process had met before. */
  readonly onShot: (shot: Shot, bench: Bench, met: number) => Promise<void> | void;
}

/** Mutants until the seeds are used up. */
export async function hunt({ benches, sources, layer, seeds, onShot }: HuntOptions): Promise<void> {
  const rest = seeds[Symbol.iterator]();
  const work = async (bench: Bench): Promise<void> => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) {
      const { met } = bench;
      await onShot(await shoot(bench, mutantOf(next.value, sources, layer)), bench, met);
    }
  };
  await Promise.all(benches.map(work));
}
