import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync, cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const project = resolve(import.meta.dirname, '..', '..');

/** A small project with our scripts and our packages, and tests of its own. */
function smallProject(tests: Readonly<Record<string, string>>, groups: string): string {
  const folder = temporaryFolder();
  cpSync(join(project, 'scripts'), join(folder, 'scripts'), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `export default { test: { projects: ['one', 'two'].map((name) => ({ test: { name, include: ['test/' + name + '/*.test.ts'] } })) } };`,
  );
  for (const [name, text] of Object.entries(tests)) {
    const file = join(folder, 'test', name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  writeFileSync(
    join(folder, 'run.mjs'),
    `import { runProjects, summarise } from './scripts/support/vitest.mjs';
     process.exitCode = summarise(await runProjects(${groups}, []));`,
  );
  return folder;
}

function ran(tests: Readonly<Record<string, string>>, groups = `[['one'], ['two']]`) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['run.mjs'], {
    cwd: smallProject(tests, groups),
    encoding: 'utf8',
    env: { ...process.env, STEMMA_SUMMARY: '', STEMMA_SKIPS: '' },
  });
  return { status, output: stdout, progress: stderr };
}

const head = `import { test, expect } from 'vitest'; import { appendFileSync } from 'node:fs';\n`;
const passing = `${head}test('is right', () => { expect(1).toBe(1); });`;

describe('the runner of the tests', () => {
  test('adds up projects and says why tests were skipped', () => {
    const skipping = `${head}appendFileSync(process.env.STEMMA_SKIPS, 'Slurm\\tsbatch not installed\\n');
      test.skip('on a cluster', () => {}); ${passing.replace(head, '')}`;
    const { status, output } = ran({ 'one/a.test.ts': passing, 'two/b.test.ts': skipping });
    expect(output).toContain('  Slurm: sbatch not installed');
    expect(output.trimEnd().split('\n').at(-1)).toBe('2 passed, 0 failed, 1 skipped');
    expect(status).toBe(0);
  });

  test('fails with a test that fails, with a file that does not load, and with a project without tests', () => {
    const failing = `${head}test('is wrong', () => { expect(1).toBe(2); });`;
    const broken = `throw new Error('does not load');`;
    const { status, output } = ran({ 'one/a.test.ts': failing, 'one/b.test.ts': broken });
    expect(output).toContain('  one: is wrong');
    expect(output).toMatch(/ {2}one: .*b\.test\.ts does not run/);
    expect(output).toContain('  two: has no tests');
    expect(output.trimEnd().split('\n').at(-1)).toBe('0 passed, 3 failed, 0 skipped');
    expect(status).toBe(1);
  });
});

describe('projects that run side by side', () => {
  test('are told one after the other, each whole, and added up', () => {
    const talking = `${head}test('speaks', () => { console.log('from the second'); expect(1).toBe(1); });`;
    const { status, output, progress } = ran(
      { 'one/a.test.ts': passing, 'two/b.test.ts': talking },
      `[['one', 'two']]`,
    );
    const [first, second] = progress.split('── two ──');
    expect(first).toContain('one: 1 passed, 0 failed, 0 skipped');
    expect(second).toContain('from the second');
    expect(second).toContain('two: 1 passed, 0 failed, 0 skipped');
    expect(output.trimEnd().split('\n').at(-1)).toBe('2 passed, 0 failed, 0 skipped');
    expect(status).toBe(0);
  });

  test('fail with the one that fails, whichever it is', () => {
    const failing = `${head}test('is wrong', () => { expect(1).toBe(2); });`;
    const { status, output } = ran(
      { 'one/a.test.ts': passing, 'two/b.test.ts': failing },
      `[['one', 'two']]`,
    );
    expect(output).toContain('  two: is wrong');
    expect(status).toBe(1);
  });
});

describe('the scripts', () => {
  test('run under Node 20: they use none of what is newer, and no TypeScript', () => {
    const files = execFileSync('git', ['ls-files', 'scripts'], { cwd: project, encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(files.length).toBeGreaterThan(5);
    for (const file of files.filter((name) => name.endsWith('.mjs'))) {
      const text = readFileSync(join(project, file), 'utf8');
      expect(text, file).not.toMatch(/from '[^']*\.ts'|URL\.parse\(|Promise\.try|import\.meta\.dirname/);
    }
  });

  test('say in words that a benchmark does not exist', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/bench.mjs', '--only', 'nothing'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/There is no “nothing”|There are no benchmarks/);
  });
});
