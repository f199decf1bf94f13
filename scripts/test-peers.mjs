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
  const files = process.argv.slice(2);
  // where no file is named, the tests that take a sample of the real archives take all of them
  if (files.length === 0) process.env.STEMMA_ALL_ARCHIVES ??= '1';
  return summarise(await runProjects([['aiida']], files));
});
