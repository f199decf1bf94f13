import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bench } from './bench.ts';
import { Draft, layers, type Source } from './draft.ts';
import { shoot } from './hunt.ts';
import { makeMutant, mutantOf } from './mutant.ts';
import { sources } from './sources.ts';

let bench: Bench;
let all: readonly Source[];

beforeAll(async () => {
  // a machine that is busy with other tests is slow: only a true hang is one here
  bench = new Bench(170_000);
  all = await sources(bench.scratch, true);
});
afterAll(() => bench.dispose());

/** One of each layer, always the same. `npm run fuzz` draws others. */
const seeds = [1];

describe('a spoilt archive harms nothing', () => {
  for (const layer of layers) {
    test(`when it is wrong in the layer ${layer}`, async () => {
      for (const seed of seeds) {
        const { outcome, done } = await shoot(bench, mutantOf(seed, all, layer));
        expect({ seed, layer, done, findings: outcome.findings }).toEqual({
          seed,
          layer,
          done,
          findings: [],
        });
      }
    });
  }
});

describe('the fuzzer', () => {
  test('makes the same file of the same seed', () => {
    for (const layer of layers) {
      for (let seed = 1; seed < 5; seed++) {
        const [one, two] = [1, 2].map(() => makeMutant(mutantOf(seed, all, layer), bench.scratch).bytes);
        expect({ seed, layer, same: one !== undefined && two?.equals(one) }).toEqual({
          seed,
          layer,
          same: true,
        });
      }
    }
  });

  test('starts from archives with which nothing is wrong', async () => {
    const sound = new Draft(all[1] as Source, bench.scratch).bytes();
    const { report, findings } = await bench.run(sound, null);
    expect(findings).toEqual([]);
    expect(report?.steps.filter(({ error }) => error !== null)).toEqual([]);
    expect(report?.read.arrays).toBeGreaterThan(0);
  });
});
