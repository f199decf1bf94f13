import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Plant } from './plant.ts';

/** The plant does not fit the code any more. */
export class RottenPlant extends Error {
  constructor({ name, file }: Plant, count: number) {
    super(`The plant “${name}” does not fit ${file}: its text occurs ${count} times, not once.`);
  }
}

/** The source with the fault in it. @throws RottenPlant */
export function planted(source: string, plant: Plant): string {
  const count = source.split(plant.find).length - 1;
  if (count !== 1) throw new RottenPlant(plant, count);
  return source.replace(plant.find, () => plant.replace);
}

/** From here on this thread loads the file of the plant with the fault in it. */
export function loadPlanted(plant: Plant, root: string): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.startsWith('file:') || fileURLToPath(url) !== `${root}/${plant.file}`) return loaded;
      return { ...loaded, source: planted(Buffer.from(loaded.source as Uint8Array).toString(), plant) };
    },
  });
}
