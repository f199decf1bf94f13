import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { guard, readDoneNote } from '#main/computers/job-script/sentinels.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Runs the guard and a command in a folder, with the options of a shebang. @returns its exit status */
function run(folder: string, options: readonly string[], job: string, command: string): number | null {
  const script = join(folder, `job-${job}.sh`);
  writeFileSync(script, [...guard([`stemma_job=${job}`]), command, ''].join('\n'));
  return spawnSync('/bin/bash', [...options, script], { cwd: folder }).status;
}

test.each([[[]], [['-e']], [['-eu']], [['-euo', 'pipefail']]])(
  'a script of bash %j passes its own fence, also a second time, and leaves its note',
  (options) => {
    const folder = temporaryFolder();
    for (const code of [0, 3]) {
      expect(run(folder, options, '7', `echo x >> out; (exit ${code})`)).toBe(code);
      expect(readDoneNote(readFileSync(join(folder, '.done'), 'utf8'))).toMatchObject({
        jobId: '7',
        exitStatus: code,
      });
    }
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('x\nx\n');
    // another job of the attempt ends at the fence, with its exit code
    expect(run(folder, options, '8', 'touch ran')).toBe(97);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  },
);
