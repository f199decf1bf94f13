#!/usr/bin/env node
// `npm run test:cut -- --jobs 200`: so many jobs are submitted to a real Slurm through a real sshd, and the link is cut
// after each `sbatch` was read and before its reply came back. Each must run exactly once.
import { parseArgs } from 'node:util';
import { main } from './support/run.mjs';
import { runProjects, summarise } from './support/vitest.mjs';
import { setUp } from './setup.mjs';

const { values } = parseArgs({ options: { jobs: { type: 'string', default: '200' } } });

await main(async () => {
  await setUp();
  process.env.STEMMA_CUT_JOBS = values.jobs;
  process.env.STEMMA_SEED ??= 'random';
  return summarise(await runProjects([['cluster']], ['cut-replies']));
});
