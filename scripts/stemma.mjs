#!/usr/bin/env node
// The command `stemma` of a clone: sets up and builds what is missing, then hands over to the built command.
import { inProject, node24 } from './support/project.mjs';
import { main, run } from './support/run.mjs';
import { setUp } from './setup.mjs';
import { buildWhenStale } from './build.mjs';

await main(async () => {
  await setUp();
  await buildWhenStale();
  // In the folder of the caller: the arguments are paths as the caller sees them.
  return run(node24(), [inProject('out', 'main', 'stemma.js'), ...process.argv.slice(2)], {
    cwd: process.cwd(),
  });
});
