/** `npm run fuzz`: see README.md. What a person reads while it runs goes to stderr, the verdict to stdout. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Bench } from './bench.ts';
import { layers, type Layer } from './draft.ts';
import { hunt, keep, smaller, type Shot } from './hunt.ts';
import { sources } from './sources.ts';
import { Tally } from './tally.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
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

/** One seed alone is one mutant; otherwise mutants until the time is over. */
function* seedsOf(): Generator<number> {
  const first = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : whole(values.seed, 'seed');
  const count =
    values.count === undefined ? (values.seed === undefined ? Infinity : 1) : whole(values.count, 'count');
  const end = performance.now() + whole(values.seconds, 'seconds') * 1000;
  if (count !== 1) say(`The first seed is ${first}.`);
  const goesOn = (i: number): boolean => (count === Infinity ? performance.now() < end : i < count);
  for (let i = 0; goesOn(i); i++) yield first + i;
}

async function main(): Promise<number> {
  const benches = Array.from({ length: Math.max(1, whole(values.workers, 'workers')) }, () => new Bench());
  const tally = new Tally();
  let told = performance.now();
  let found = 0;
  const onFinding = async (shot: Shot, bench: Bench): Promise<void> => {
    found++;
    const least = await smaller(bench, shot);
    const { seed, layer } = shot.mutant;
    say(`\nSeed ${seed} (${layer}, ${shot.mutant.source.name}; ${least.done.join(' + ')}):`);
    for (const { kind, words } of least.outcome.findings) say(`  ${kind}: ${words.slice(0, 1500)}`);
    say(`  kept in ${keep(values.keep, least)}`);
    const flag = values.layer === undefined ? '' : ` --layer ${layer}`;
    say(`  repeat it with: npm run fuzz -- --seed ${seed}${flag}${values.own ? ' --own' : ''}`);
  };
  try {
    const all = await sources(benches[0]?.scratch ?? tmpdir(), values.own);
    say(`${all.length} archives to spoil.`);
    await hunt({
      benches,
      sources: all,
      layer: layerOf(values.layer),
      seeds: seedsOf(),
      async onShot(shot, bench) {
        tally.add(shot);
        if (values.seed !== undefined && values.count === undefined) {
          say(`${shot.mutant.layer}, ${shot.mutant.source.name}: ${shot.done.join(' + ')}`);
          for (const { step, error, ms } of shot.outcome.report?.steps ?? [])
            say(`  ${step}: ${error === null ? 'well' : `${error.code}: ${error.message}`} (${ms} ms)`);
        }
        if (shot.outcome.findings.length > 0) await onFinding(shot, bench);
        if (performance.now() - told > 10_000) {
          told = performance.now();
          say(tally.line);
        }
      },
    });
  } finally {
    for (const bench of benches) bench.dispose();
  }
  say(tally.table);
  process.stdout.write(`fuzz ${found === 0 ? 'passed' : 'failed'}: ${tally.line}\n`);
  return found === 0 ? 0 : 1;
}

process.exitCode = await main();
