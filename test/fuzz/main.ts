/** `npm run fuzz`: see README.md. What a person reads while it runs goes to stderr, the verdict to stdout. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Bench } from './bench.ts';
import { bundleVictim } from './bundle.ts';
import { layers, type Layer } from './draft.ts';
import { hunt, keep, smaller, type Shot } from './hunt.ts';
import { sources } from './sources.ts';
import { Tally } from './tally.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    only: { type: 'string' },
    count: { type: 'string' },
    layer: { type: 'string' },
    workers: { type: 'string', default: '2' },
    own: { type: 'boolean', default: false },
    keep: { type: 'string', default: join(tmpdir(), 'stemma-fuzz-findings') },
  },
});

const say = (words: string): void => {
  process.stderr.write(`${words}\n`);
};

function whole(text: string, name: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`--${name} takes a whole number, not “${text}”.`);
}

function layerOf(text: string | undefined): Layer | null {
  if (text === undefined) return null;
  const layer = layers.find((one) => one === text);
  if (layer === undefined) throw new Error(`--layer takes one of ${layers.join(', ')}, not “${text}”.`);
  return layer;
}

const first = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : whole(values.seed, 'seed');
const only = values.only === undefined ? null : whole(values.only, 'only');

/** Mutant number n of a seed has the seed n further: until the time is over, or so many. */
function* seedsOf(): Generator<number> {
  if (only !== null) {
    yield first + only;
    return;
  }
  const count = values.count === undefined ? null : whole(values.count, 'count');
  const end = performance.now() + whole(values.seconds, 'seconds') * 1000;
  const goesOn = (i: number): boolean => (count === null ? performance.now() < end : i < count);
  for (let i = 0; goesOn(i); i++) yield first + i;
}

const flags = [
  ...(values.layer === undefined ? [] : [`--layer ${values.layer}`]),
  ...(values.own ? ['--own'] : []),
].join(' ');

function tellSteps(shot: Shot): void {
  say(`${shot.mutant.layer}, ${shot.mutant.source.name}: ${shot.done.join(' + ')}`);
  for (const { step, error, ms } of shot.outcome.report?.steps ?? [])
    say(`  ${step}: ${error === null ? 'well' : `${error.code}: ${error.message}`} (${ms} ms)`);
}

async function tellFinding(shot: Shot, bench: Bench, met: number): Promise<void> {
  const { seed, layer } = shot.mutant;
  const alone = await smaller(bench, shot);
  const least = alone ?? shot;
  say(
    `\nMutant ${seed - first} of seed ${first} (${layer}, ${shot.mutant.source.name}; ${least.done.join(' + ')}):`,
  );
  for (const { kind, words } of least.outcome.findings) say(`  ${kind}: ${words.slice(0, 1500)}`);
  if (alone === null) say(`  not found again by itself: the process had met ${met} others before`);
  say(`  kept in ${keep(values.keep, least)}`);
  say(`  repeat it with: npm run fuzz -- --seed ${first} --only ${seed - first} ${flags}`);
}

async function main(): Promise<number> {
  say('Building the product with the fuzzer in it …');
  const { folder, file } = await bundleVictim();
  const workers = Math.max(1, whole(values.workers, 'workers'));
  const benches = Array.from({ length: workers }, () => new Bench({ victim: file }));
  const tally = new Tally();
  const since = performance.now();
  let told = since;
  let found = 0;
  try {
    const all = await sources(benches[0]?.scratch ?? tmpdir(), values.own);
    say(`${all.made.length} archives made here and ${all.real.length} real ones. The seed is ${first}.`);
    await hunt({
      benches,
      sources: all,
      layer: layerOf(values.layer),
      seeds: seedsOf(),
      async onShot(shot, bench, met) {
        tally.add(shot);
        if (only !== null) tellSteps(shot);
        if (shot.outcome.findings.length > 0) {
          found++;
          await tellFinding(shot, bench, met);
        }
        if (performance.now() - told > 10_000) {
          told = performance.now();
          say(tally.line);
        }
      },
    });
    for (const bench of benches) {
      for (const { kind, words } of await bench.finish()) {
        found++;
        say(`\nAt the end: ${kind}: ${words}`);
      }
    }
  } finally {
    for (const bench of benches) bench.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
  say(tally.table);
  const took = Math.round((performance.now() - since) / 1000);
  process.stdout.write(
    `${tally.summary}\nfuzz ${found === 0 ? 'passed' : 'failed'}: seed ${first}, ${took} s, ${tally.line}\n`,
  );
  return found === 0 ? 0 : 1;
}

process.exitCode = await main();
