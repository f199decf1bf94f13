#!/usr/bin/env node
// `npm test`: everything but the exchange with AiiDA (`npm run test:peers`). Words after `--` choose test files.
import { main } from './support/run.mjs';
import { installPeers } from './support/debian-peers.mjs';
import { runProjects, summarise } from './support/vitest.mjs';
import { setUp } from './setup.mjs';
import { buildWhenStale } from './build.mjs';

await main(async () => {
  await setUp();
  await installPeers();
  await buildWhenStale();
  // what talks to a real cluster waits more than it works: the unit tests take the time in between
  return summarise(await runProjects([['unit', 'cluster'], ['e2e']], process.argv.slice(2)));
});
