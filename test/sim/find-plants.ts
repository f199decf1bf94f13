import { runCrew } from './crew.ts';
import type { Plant } from './plants/plant.ts';
import { plants } from './plants/plants.ts';
import type { SeedReport } from './run-seed.ts';
import { scenarioOf } from './scenario.ts';
import { stratumOf } from './strata.ts';

interface Search {
  readonly plant: Plant;
  readonly found: SeedReport | null;
  /** How many seeds were run for it. */
  readonly tried: number;
  readonly seconds: number;
  /** It could not be planted. */
  readonly error: string | null;
}

/** Seeds that may show it, those of its kind of world first. */
function* seedsFor({ where, uses, first }: Plant, seeds: number): Generator<number> {
  const fits = (seed: number): boolean => {
    if (where === undefined && uses === undefined) return true;
    const scenario = scenarioOf(seed);
    return (
      (where === undefined || scenario.places.some(where)) && (uses === undefined || uses(scenario.uses))
    );
  };
  for (const best of first === undefined ? [false] : [true, false]) {
    for (let seed = 1; seed <= seeds; seed++) {
      if ((first !== undefined && stratumOf(seed) === first) === best && fits(seed)) yield seed;
    }
  }
}

/** On one thread: which seed finds it does not depend on how fast others are. */
async function search(plant: Plant, root: string, seeds: number): Promise<Search> {
  const { name, file, find, replace, says } = plant;
  const started = performance.now();
  let found: SeedReport | null = null;
  let tried = 0;
  let error: string | null = null;
  try {
    await runCrew(seedsFor(plant, seeds), {
      root,
      workers: 1,
      plant: { name, file, find, replace, says },
      verbose: false,
      onReport(report) {
        tried++;
        if (report.violation !== null) found = report;
        return found === null;
      },
    });
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  return { plant, found, tried, seconds: (performance.now() - started) / 1000, error };
}

function row({ plant, found, tried, seconds, error }: Search): string {
  const violation = (found as SeedReport | null)?.violation ?? null;
  const how =
    error !== null
      ? `ERROR: ${error}`
      : violation === null || found === null
        ? `NOT FOUND (${plant.says})`
        : `seed ${String(found.seed).padStart(3)}  ${violation.promise}: ${violation.words.slice(0, 90)}`;
  return `  ${plant.name.padEnd(27)} ${String(tried).padStart(3)} tried ${seconds.toFixed(1).padStart(6)} s  ${how}`;
}

/** Plants each fault and looks for it, several at once. @returns the exit status */
export async function findPlants(
  root: string,
  only: string | null,
  seeds: number,
  workers: number,
  say: (words: string) => void,
): Promise<number> {
  const chosen = plants.filter(({ name }) => only === null || name === only);
  if (chosen.length === 0)
    throw new Error(`There is no plant “${only}”: ${plants.map(({ name }) => name).join(', ')}.`);
  const searches = new Map<string, Search>();
  const left = chosen.values();
  const work = async (): Promise<void> => {
    for (const plant of left) {
      const done = await search(plant, root, seeds);
      searches.set(plant.name, done);
      say(row(done));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, workers) }, work));
  const all = chosen.map(({ name }) => searches.get(name)).filter((one) => one !== undefined);
  const missed = all.filter(({ found }) => found === null).map(({ plant }) => plant.name);
  if (chosen.length > 1) process.stdout.write(`${all.map(row).join('\n')}\n`);
  process.stdout.write(
    `planted ${missed.length === 0 ? 'passed' : 'failed'}: found ${chosen.length - missed.length} of ${chosen.length} within ${seeds} seeds` +
      `${missed.length === 0 ? '' : `; not ${missed.join(', ')}`}\n`,
  );
  return missed.length === 0 ? 0 : 1;
}
