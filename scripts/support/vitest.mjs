import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { inProject, localEnvironment, node24 } from './project.mjs';
import { run, runQuietly, say, seconds } from './run.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ counts: Counts, failures: string[], skips: Map<string, string[]> }} Outcome
 */

const linesOfCause = 12;

/**
 * Runs groups of the tests' projects one after the other; the projects of a group run side by side, and what the later
 * ones print is shown when all before them have ended.
 * @param {readonly (readonly string[])[]} groups
 * @param {readonly string[]} filters handed on to vitest
 * @returns {Promise<Outcome>}
 */
export async function runProjects(groups, filters) {
  const folder = mkdtempSync(join(tmpdir(), 'stemma-tests-'));
  const skipsFile = join(folder, 'skips.tsv');
  writeFileSync(skipsFile, '');
  const total = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  try {
    for (const group of groups) {
      const runs = group.map((project, index) =>
        runProject({ project, folder, skipsFile, filters, isShown: index === 0 }),
      );
      for (const outcome of runs) {
        const { project, output, counts, failed, took } = await outcome;
        if (output !== '') say(`\n── ${project} ──\n${output}`);
        say(`${project}: ${words(counts)} in ${took}`);
        for (const key of Object.keys(total)) total[key] += counts[key];
        failures.push(...failed);
      }
    }
    return { counts: total, failures, skips: readSkips(skipsFile) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runProject({ project, folder, skipsFile, filters, isShown }) {
  const since = performance.now();
  const report = join(folder, `${project}.json`);
  const args = [
    inProject('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    '--passWithNoTests',
    ...filters,
  ];
  const env = localEnvironment({ STEMMA_SKIPS: skipsFile });
  if (isShown) say(`\n── ${project} ──`);
  const { status, output } = isShown
    ? { status: await run(node24(), args, { env }), output: '' }
    : await runQuietly(node24(), args, { env });
  const { counts, failed } = readReport(report, project, status, filters.length > 0);
  return { project, output, counts, failed, took: seconds(since) };
}

/** What vitest says of one project; whatever it could not count (a file that does not load) counts as one failure. */
function readReport(file, project, status, isFiltered) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failed = [];
  let report = { testResults: [] };
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    if (status === 0) status = 1;
  }
  for (const suite of report.testResults) {
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') counts.passed++;
      else if (test.status === 'failed') {
        counts.failed++;
        failed.push(`${project}: ${test.fullName}${why(test.failureMessages ?? [])}`);
      } else counts.skipped++;
    }
    if (suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed')) {
      counts.failed++;
      failed.push(`${project}: ${suite.name} does not run: ${(suite.message ?? '').split('\n')[0]}`);
    }
  }
  if (counts.passed + counts.failed + counts.skipped === 0 && !isFiltered && status === 0) {
    counts.failed++;
    failed.push(`${project}: has no tests`);
  }
  if (status !== 0 && counts.failed === 0) {
    counts.failed++;
    failed.push(`${project}: vitest ended with status ${status}`);
  }
  return { counts, failed };
}

/** The first lines of what a test failed with, below its name: whoever reads only the end of a log finds the cause. */
function why(messages) {
  const lines = messages
    .map(stripVTControlCharacters)
    .flatMap((message) => message.split('\n'))
    .filter((line) => line.trim() !== '' && !line.includes('node_modules'));
  return lines
    .slice(0, linesOfCause)
    .map((line) => `\n      ${line.slice(0, 300)}`)
    .join('');
}

/** Names by reason: one absent peer skips many tests. */
function readSkips(file) {
  const byReason = new Map();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [name, reason] = line.split('\t');
    if (reason === undefined) continue;
    const names = byReason.get(reason) ?? [];
    if (!names.includes(name)) byReason.set(reason, [...names, name]);
  }
  return byReason;
}

/** The plain line that closes a run. @param {Counts} counts */
export const words = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * The closing summary, on stdout; `STEMMA_SUMMARY` names a file for who adds up several runs.
 * @param {Outcome} outcome
 * @returns {number} the exit status
 */
export function summarise({ counts, failures, skips }) {
  const lines = [''];
  if (failures.length > 0) lines.push('Failed:', ...failures.map((name) => `  ${name}`), '');
  if (skips.size > 0) {
    lines.push('Skipped:');
    for (const [reason, names] of skips) lines.push(`  ${names.join(', ')}: ${reason}`);
    lines.push('');
  }
  lines.push(words(counts));
  process.stdout.write(`${lines.join('\n')}\n`);
  const file = process.env.STEMMA_SUMMARY ?? '';
  if (file !== '') writeFileSync(file, JSON.stringify(counts));
  return counts.failed === 0 ? 0 : 1;
}
