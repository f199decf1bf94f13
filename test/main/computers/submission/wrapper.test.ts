import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { slurm } from '#main/computers/schedulers/slurm/slurm.ts';
import { readSubmitFacts } from '#main/computers/submission/facts.ts';
import { submitScript } from '#main/computers/submission/wrapper.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** What the real script reports where sbatch prints these texts and ends so. */
function reportOf(out: string, err: string, code: number) {
  const folder = temporaryFolder();
  const directory = join(folder, 'a1');
  mkdirSync(directory);
  writeFileSync(join(directory, '.run'), '12');
  for (const [name, text] of Object.entries({ out, err })) writeFileSync(join(folder, name), text);
  const fake = `#!/bin/sh\ncat '${folder}/out'\ncat '${folder}/err' >&2\nexit ${code}\n`;
  writeFileSync(join(folder, 'sbatch'), fake, { mode: 0o755 });
  const stdout = execFileSync('/bin/sh', {
    input: submitScript(slurm, directory, 'tabc', '_job.sh', false),
    encoding: 'utf8',
    env: { PATH: `${folder}:/usr/bin:/bin` },
    stdio: 'pipe',
  });
  return readSubmitFacts(stdout);
}

test.each([
  ['123', ''],
  ['123', 'sbatch: a warning'],
  ['', 'sbatch: error: it failed'],
  ['a\n\nb\n', '\nsbatch: error: it failed\n'],
])('what sbatch says without a line break at its end is not glued to the next word (%j, %j)', (out, err) => {
  const { submission, fence, fresh } = reportOf(out, err, 3);
  const lines = (text = ''): string => text.trimEnd();
  expect([lines(submission?.stdout), lines(submission?.stderr)]).toEqual([lines(out), lines(err)]);
  expect({ exitCode: submission?.exitCode, fence, fresh }).toEqual({ exitCode: 3, fence: '12', fresh: true });
});

test('of pages of a site the beginning and the end are reported: the verdict is at the end', () => {
  const pages = 'All jobs must say how much memory they want — see §4.\n'.repeat(400);
  const verdict = 'sbatch: error: Batch job submission failed: Invalid qos specification';
  const { submission } = reportOf('', `first words\n${pages}${verdict}`, 1);
  expect(submission?.stderr).toMatch(/^first words\n/);
  expect(submission?.stderr.length).toBeLessThan(8100);
  expect(slurm.readSubmission({ exitCode: 1, stdout: '', stderr: submission?.stderr ?? '' })).toMatchObject({
    kind: 'refused',
  });
});
