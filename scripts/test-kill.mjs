#!/usr/bin/env node
// `npm run test:kill -- [--runs N] [--seed S]`: the core is killed at random points while it works with a real sshd and
// a real Slurm (test/kill/main.ts). Prints a line for each run and the sum.
import { spawnSync } from 'node:child_process';
import { inProject, localEnvironment, node24, root } from './support/project.mjs';
import { main } from './support/run.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp();
  const { status } = spawnSync(node24(), [inProject('test', 'kill', 'main.ts'), ...process.argv.slice(2)], {
    cwd: root,
    env: localEnvironment(),
    stdio: 'inherit',
  });
  return status ?? 1;
});
