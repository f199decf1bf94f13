import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureRate, report, sized } from './measure.ts';
import { OurCore } from './ours.ts';
import { watchLoop } from './watch-loop.ts';

const folder = mkdtempSync(join(tmpdir(), 'stemma-bench-'));
const ours = await OurCore.start(join(folder, 'profile'));
const loop = watchLoop();
const two = (x: number) => ({ x, y: 2 });
const [many, some, few] = [sized(1000, 20), sized(100, 3), sized(50, 2)];

await measureRate(
  { name: 'core.arithmetic.multiply, launched together', unit: 'processes/s', runs: 3 },
  many,
  () => ours.run('core.arithmetic.multiply', many, two),
);
await measureRate(
  { name: 'core.arithmetic.multiply, one after the other', unit: 'processes/s', runs: 3 },
  some,
  async () => {
    for (let i = 0; i < some; i++) await ours.run('core.arithmetic.multiply', 1, two);
  },
);
await measureRate(
  { name: 'core.arithmetic.add on localhost, launched together', unit: 'jobs/s', runs: 3 },
  some,
  () => ours.run('core.arithmetic.add', some, two, true),
);
await measureRate(
  { name: 'core.arithmetic.multiply_add on localhost', unit: 'workflows/s', runs: 3 },
  few,
  () => ours.run('core.arithmetic.multiply_add', few, (x) => ({ ...two(x), z: 1 }), true),
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
