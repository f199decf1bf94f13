#!/usr/bin/env node
// `npm run test:faults -- [--only KIND] [--stride N] [--offset N]`: each call to the disk, to SQLite and to another program
// fails once, in turn, while a workflow runs (test/faults/sweep.ts). Prints a JSON line for each run and the sum.
import { spawnSync } from 'node:child_process';
import { inProject, localEnvironment, node24, root } from './support/project.mjs';
import { main } from './support/run.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp();
  const faults = inProject('test', 'support', 'faults', 'install.ts');
  const sweep = inProject('test', 'faults', 'sweep.ts');
  const { status } = spawnSync(node24(), ['--import', faults, sweep, ...process.argv.slice(2)], {
    cwd: root,
    env: localEnvironment(),
    stdio: 'inherit',
  });
  return status ?? 1;
});
