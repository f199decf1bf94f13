import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bench, type Finding } from './bench.ts';
import { bundleVictim } from './bundle.ts';
import { Draft, layers, type Source } from './draft.ts';
import { shoot } from './hunt.ts';
import { renumbered } from './made/example.ts';
import { longRoute, makeMutant, mutantOf } from './mutant.ts';
import { plants, type Plant } from './plant.ts';
import { sources, type Sources } from './sources.ts';

let victim: Awaited<ReturnType<typeof bundleVictim>>;
let bench: Bench;
let all: Sources;

beforeAll(async () => {
  victim = await bundleVictim();
  // a machine that is busy with other tests is slow: only a true hang is one here
  bench = new Bench({ victim: victim.file, stepMs: 170_000, leftMs: 170_000 });
  all = await sources(bench.scratch, true);
});
afterAll(() => {
  bench.dispose();
  rmSync(victim.folder, { recursive: true, force: true });
});

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

  test('starts from archives of every version with which nothing is wrong', async () => {
    const versions = new Set(all.made.map(({ version }) => version));
    expect(versions.size).toBe(17);
    const some = ['main_0001', 'main_0002', '0.1', '0.3', '0.9', '0.13'];
    for (const [i, version] of some.entries()) {
      const made = all.made.find((one) => one.version === version) as Source;
      const source = renumbered(made, i + 1000);
      const bytes = new Draft(source, bench.scratch).bytes();
      const { report, findings } = await bench.run({ bytes, prime: null, route: longRoute });
      expect({ source: source.name, findings }).toEqual({ source: source.name, findings: [] });
      const refused = report?.steps.filter(({ error }) => error !== null);
      expect({ source: source.name, refused }).toEqual({ source: source.name, refused: [] });
      expect(report?.read.arrays).toBeGreaterThan(0);
    }
  });

  /** What each thing that is done on purpose must be found as. */
  const found: Readonly<Record<Plant, Finding>> = {
    crash: 'crash',
    hang: 'hang',
    memory: 'memory',
    'memory of a child': 'memory',
    'write outside': 'write',
    'write in the temporary folder': 'write',
    'original changed': 'write',
    'no words': 'words',
    'lost file': 'unclean',
    'row in the profile': 'unclean',
    'process left': 'left',
    'never ends': 'left',
  };

  for (const plant of plants) {
    test(`finds what is done on purpose: ${plant}`, async () => {
      // what is planted is what takes long: the rest is a file that is no archive, or a small one
      const small = new Draft(all.made[0] as Source, bench.scratch).bytes();
      const bytes = plant === 'lost file' ? small : Buffer.from('no archive');
      const stepMs = plant === 'hang' ? 3000 : 170_000;
      const leftMs = found[plant] === 'left' ? 300 : 170_000;
      const own = new Bench({ victim: victim.file, stepMs, leftMs, mutantsEach: 1 });
      try {
        const route = { ...longRoute, open: false, info: false, preview: false, walkAgain: false };
        const { findings } = await own.run({ bytes, prime: null, route, plant });
        expect(findings.map(({ kind }) => kind)).toContain(found[plant]);
        expect(new Set(findings.map(({ kind }) => kind)).size).toBe(1);
      } finally {
        own.dispose();
      }
    });
  }
});
