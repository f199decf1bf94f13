import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCore } from '#main/core.ts';
import { connectClient } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { parseUuid } from '#shared/provenance/ids.ts';
import { measureRate, report } from './measure.ts';
import { watchLoop } from './watch-loop.ts';

const folder = mkdtempSync(join(tmpdir(), 'stemma-bench-'));
const core = await openCore({ profileDirectory: join(folder, 'profile'), shell: 'none' });
const [near, far] = memoryPair();
core.serve(far);
const client = connectClient<Contract>(near);
const loop = watchLoop();

// a window is open and follows, as it would be
const watching = (async () => {
  for await (const _ of client.listen('processes.table', {})) continue;
})();

let computer = '';
for await (const rows of client.listen('computers.list', {})) {
  computer = rows[0]?.uuid ?? '';
  break;
}
const code = await client.call('codes.create', { label: 'bash', computer, executable: '/bin/bash' });
const value = (number: number) => ({ kind: 'value', type: 'int', value: number }) as const;

async function run(plugin: string, count: number, inputs: object): Promise<void> {
  const launched = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      client.call('launch.submit', { plugin, inputs: { ...inputs, x: value(i), y: value(2) } }),
    ),
  );
  await Promise.all(launched.map(({ uuid }) => core.engine.ended(parseUuid(uuid))));
}

await measureRate(
  { name: 'core.arithmetic.multiply, launched together', unit: 'processes/s', runs: 3 },
  1000,
  () => run('core.arithmetic.multiply', 1000, {}),
);
await measureRate(
  { name: 'core.arithmetic.multiply, one after the other', unit: 'processes/s', runs: 3 },
  100,
  async () => {
    for (let i = 0; i < 100; i++) await run('core.arithmetic.multiply', 1, {});
  },
);
const withCode = { code: { kind: 'node', uuid: code.uuid } };
await measureRate(
  { name: 'core.arithmetic.add on localhost, launched together', unit: 'jobs/s', runs: 3 },
  100,
  () => run('core.arithmetic.add', 100, withCode),
);
await measureRate(
  { name: 'core.arithmetic.multiply_add on localhost', unit: 'workflows/s', runs: 3 },
  50,
  () => run('core.arithmetic.multiply_add', 50, { ...withCode, z: value(1) }),
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
client.close();
await watching.catch(() => {});
await core.close();
rmSync(folder, { recursive: true, force: true });
