#!/usr/bin/env node
// `npm run test:peers`: archives go to AiiDA and come from it, crates to rocrate-validator. The tests install
// both for themselves.
import { main } from './support/run.mjs';
import { runProjects, summarise } from './support/vitest.mjs';
import { setUp } from './setup.mjs';
import { buildWhenStale } from './build.mjs';

await main(async () => {
  await setUp();
  await buildWhenStale();
  return summarise(await runProjects([['aiida']], process.argv.slice(2)));
});
