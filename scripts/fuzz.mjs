#!/usr/bin/env node
// `npm run fuzz -- --seconds 600`: spoilt archives through the real product; test/fuzz/README.md says how.
import { inProject, localEnvironment, node24 } from './support/project.mjs';
import { main, run } from './support/run.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp();
  return run(node24(), [inProject('test', 'fuzz', 'main.ts'), ...process.argv.slice(2)], {
    env: localEnvironment(),
  });
});
