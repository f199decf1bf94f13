import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureRate, report } from './measure.ts';
import { OurCore } from './ours.ts';
import { watchLoop } from './watch-loop.ts';

const folder = mkdtempSync(join(tmpdir(), 'stemma-bench-'));
const ours = await OurCore.start(join(folder, 'profile'));
const loop = watchLoop();
const two = (x: number) => ({ x, y: 2 });

await measureRate(
  { name: 'core.arithmetic.multiply, launched together', unit: 'processes/s', runs: 3 },
  1000,
  () => ours.run('core.arithmetic.multiply', 1000, two),
);
await measureRate(
  { name: 'core.arithmetic.multiply, one after the other', unit: 'processes/s', runs: 3 },
  100,
  async () => {
    for (let i = 0; i < 100; i++) await ours.run('core.arithmetic.multiply', 1, two);
  },
);
await measureRate(
  { name: 'core.arithmetic.add on localhost, launched together', unit: 'jobs/s', runs: 3 },
  100,
  () => ours.run('core.arithmetic.add', 100, two, true),
);
await measureRate(
  { name: 'core.arithmetic.multiply_add on localhost', unit: 'workflows/s', runs: 3 },
  50,
  () => ours.run('core.arithmetic.multiply_add', 50, (x) => ({ ...two(x), z: 1 }), true),
);

const { longestBlockMs, longestGapMs } = loop.stop();
report({
  name: 'engine: longest block of the main event loop',
  unit: 'ms',
  better: 'less',
  samples: [longestBlockMs],
});
report({
  name: 'engine: longest gap, other programs included',
  unit: 'ms',
  better: 'less',
  samples: [longestGapMs],
});
await ours.allWell();
await ours.close();
rmSync(folder, { recursive: true, force: true });
