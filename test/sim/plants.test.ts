import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planted } from './plants/load-planted.ts';
import { plants } from './plants/plants.ts';

describe('planted faults', () => {
  it('have names of their own', () => {
    expect(new Set(plants.map(({ name }) => name)).size).toBe(plants.length);
  });

  it.each(plants)('$name fits the code as it is', (plant) => {
    const source = readFileSync(new URL(`../../${plant.file}`, import.meta.url), 'utf8');
    expect(planted(source, plant)).not.toBe(source);
  });
});
