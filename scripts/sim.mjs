#!/usr/bin/env node
// `npm run sim -- --seeds 1000`: the real engine on a virtual clock with virtual clusters; test/sim/README.md says how.
import { inProject, localEnvironment, node24 } from './support/project.mjs';
import { main, run } from './support/run.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp();
  return run(node24(), [inProject('test', 'sim', 'main.ts'), ...process.argv.slice(2)], {
    env: localEnvironment(),
  });
});
