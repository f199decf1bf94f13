#!/usr/bin/env node
// All that must be right before `main` takes a change: every test with every peer, a round of the simulator and of the
// benchmarks, then the checks of the text.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, run, runQuietly, say, seconds } from './support/run.mjs';
import { words } from './support/vitest.mjs';

/** With the files to run of each; none are all. What AiiDA takes many minutes for is run by hand: `npm run test:peers`. */
const suites = [
  ['test', []],
  ['test:peers', ['--', 'round-trip', 'own-runs']],
];
const checks = ['types', 'lint', 'format:check', 'rules', 'unused', 'size'];

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stemma-ci-'));
  const total = { passed: 0, failed: 0, skipped: 0 };
  const wrong = [];
  try {
    for (const [script, files] of suites) {
      const summary = join(folder, `${script.replace(':', '-')}.json`);
      const since = performance.now();
      const status = await npmRun(script, { ...process.env, STEMMA_SUMMARY: summary }, files);
      say(`npm run ${script} took ${seconds(since)}`);
      const counts = readCounts(summary);
      if (counts === null || (status !== 0 && counts.failed === 0)) wrong.push(`npm run ${script}`);
      for (const key of Object.keys(total)) total[key] += counts?.[key] ?? 0;
    }
    const since = performance.now();
    const simulated = [
      ['--seeds', '200'],
      ['--seeds', '10', '--replay'],
    ];
    for (const args of simulated) {
      const words = `npm run sim -- ${args.join(' ')}`;
      if ((await npmRun('sim', { ...process.env }, ['--', ...args])) !== 0) wrong.push(words);
    }
    say(`npm run sim took ${seconds(since)}`);
    const begun = performance.now();
    if ((await npmRun('bench', { ...process.env }, ['--', '--smoke'])) !== 0)
      wrong.push('npm run bench -- --smoke');
    say(`npm run bench -- --smoke took ${seconds(begun)}`);
    for (const check of checks) {
      const since = performance.now();
      const { status, output } = await runQuietly('npm', ['run', '--silent', check], { env: process.env });
      say(`${check}: ${status === 0 ? 'clean' : 'not clean'} (${seconds(since)})`);
      if (status === 0) continue;
      say(output);
      wrong.push(`npm run ${check}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (wrong.length > 0) process.stdout.write(`\nNot right: ${wrong.join(', ')}\n`);
  process.stdout.write(`\n${words(total)}\n`);
  return total.failed === 0 && wrong.length === 0 ? 0 : 1;
});

function npmRun(script, env, args = []) {
  return run('npm', ['run', '--silent', script, ...args], { env });
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
