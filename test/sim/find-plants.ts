import { runCrew } from './crew.ts';
import { plants } from './plants/plants.ts';
import type { Plant } from './plants/plant.ts';
import type { SeedReport } from './run-seed.ts';
import { scenarioOf } from './scenario.ts';

/** Whoever plants a fault finds it within so many seeds, or the simulator is too weak. */
async function find(plant: Plant, root: string, seeds: number, workers: number): Promise<SeedReport | null> {
  const { where, ...patch } = plant;
  let found: SeedReport | null = null;
  function* numbers(): Generator<number> {
    for (let seed = 1; seed <= seeds; seed++) {
      if (where === undefined || scenarioOf(seed).places.some(where)) yield seed;
    }
  }
  await runCrew(numbers(), {
    root,
    workers,
    plant: patch,
    verbose: false,
    onReport(report) {
      if (report.violation !== null && (found === null || report.seed < found.seed)) found = report;
      return found === null;
    },
  });
  return found;
}

/** Plants each fault and looks for it. @returns the exit status */
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
  const missed: string[] = [];
  for (const plant of chosen) {
    const started = performance.now();
    let found: SeedReport | null;
    try {
      found = await find(plant, root, seeds, workers);
    } catch (error) {
      missed.push(plant.name);
      say(`ERROR      ${plant.name}: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
    if (found === null || found.violation === null) {
      missed.push(plant.name);
      say(`NOT FOUND  ${plant.name} (${plant.says}) in ${seeds} seeds, ${took}`);
    } else {
      const { promise, words } = found.violation;
      say(`found      ${plant.name} by seed ${found.seed}, ${promise}: ${words.slice(0, 150)} (${took})`);
    }
  }
  process.stdout.write(
    `planted ${missed.length === 0 ? 'passed' : 'failed'}: ${chosen.length - missed.length} of ${chosen.length} faults were found within ${seeds} seeds` +
      `${missed.length === 0 ? '' : `; not ${missed.join(', ')}`}\n`,
  );
  return missed.length === 0 ? 0 : 1;
}
