#!/usr/bin/env node
// `npm run test:faults -- [--only KIND] [--stride N] [--offset N]`: each call to the disk, to SQLite and to another program
// fails once, in turn, while a workflow runs (test/faults/sweep.ts); then each piece that comes or goes by the link to a
// real sshd and a real Slurm (test/faults/link-sweep.ts; `--only link`). Prints a JSON line for each run and the sums.
import { spawnSync } from 'node:child_process';
import { inProject, localEnvironment, node24, root } from './support/project.mjs';
import { main } from './support/run.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp();
  const args = process.argv.slice(2);
  const at = args.indexOf('--only');
  const only = at < 0 ? null : args[at + 1];
  if (only === 'link') return swept([inProject('test', 'faults', 'link-sweep.ts'), ...args.toSpliced(at, 2)]);
  const faults = inProject('test', 'support', 'faults', 'install.ts');
  const status = swept(['--import', faults, inProject('test', 'faults', 'sweep.ts'), ...args]);
  if (only !== null) return status;
  return swept([inProject('test', 'faults', 'link-sweep.ts'), ...args]) || status;
});

function swept(args) {
  const { status } = spawnSync(node24(), args, { cwd: root, env: localEnvironment(), stdio: 'inherit' });
  return status ?? 1;
}
