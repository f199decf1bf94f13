#!/usr/bin/env node
// `npm run screens -- --out DIR`: pictures of each viewer on real archives; test/screens/README.md says how.
import { inProject, localEnvironment, node24 } from './support/project.mjs';
import { main, run } from './support/run.mjs';
import { buildWhenStale } from './build.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp();
  await buildWhenStale();
  return run(node24(), [inProject('test', 'screens', 'main.ts'), ...process.argv.slice(2)], {
    env: localEnvironment(),
  });
});
