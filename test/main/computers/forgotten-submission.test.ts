import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Attempt, SubmitOutcome } from '#main/engine/ports.ts';
import { JobBench } from '../../support/job-bench.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const daysAgo = (days: number): number => Date.now() - days * 86_400_000;

/** Accounting has one job, which ended so many days ago, and keeps jobs for as long as it says. */
function site({
  bookedDaysAgo,
  keeps,
}: {
  readonly bookedDaysAgo: number;
  readonly keeps: string;
}): JobBench {
  const folder = temporaryFolder();
  const put = (name: string, lines: string): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  put('sbatch', `echo x >> ${folder}/submissions; echo 4711`);
  put('squeue', ':');
  put('scancel', ':');
  put('scontrol', "echo 'ClusterName             = here'");
  put('sacctmgr', `echo 'PurgeJobAfter          = ${keeps}'`);
  put(
    'sacct',
    `for option; do case $option in (--name=*) name=\${option#*=};; (--starttime=*) back=\${option#*now-};; esac; done
[ "\${back%seconds}" -lt ${bookedDaysAgo * 86_400} ] || echo "4711|COMPLETED|1|2|0:0|n1|$name|here"`,
  );
  const bench = new JobBench({
    config: { transport: { type: 'core.local' }, scheduler: 'core.slurm' },
    root: join(folder, 'scratch'),
    knownHosts: join(folder, 'known'),
    environment: { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` },
    patience: { lookUpMs: 0 },
  });
  onTestFinished(() => bench.close());
  return bench;
}

/** The job was submitted, the reply was lost, and its directory was cleaned up; then Stemma begins anew. */
async function afterwards(bench: JobBench, since: number | undefined): Promise<SubmitOutcome> {
  const attempt: Attempt = { ...bench.attempt(), since };
  const directory = await bench.upload(attempt, 'true');
  await bench.submit(attempt, directory);
  rmSync(directory, { recursive: true });
  const outcome = await bench.submit(attempt, directory);
  expect(existsSync(directory)).toBe(false);
  return outcome;
}

test('a job of forty days ago, whose receipt and directory are gone, is found in accounting and not made again', async () => {
  const bench = site({ bookedDaysAgo: 40, keeps: 'NONE' });
  expect(await afterwards(bench, daysAgo(40))).toEqual({ kind: 'accepted', jobId: '4711', recovered: true });
});

test('where accounting may have forgotten it, a person decides', async () => {
  const bench = site({ bookedDaysAgo: 1000, keeps: '30 days' });
  expect(await afterwards(bench, daysAgo(40))).toMatchObject({
    kind: 'vanished',
    message: expect.stringContaining('accounting keeps jobs for 30 days, and this one may be older'),
  });
  // one of ten days ago would be there: there was none
  expect(await afterwards(bench, daysAgo(10))).toMatchObject({ kind: 'void' });
});

test.each([
  ['was noted by a former version without its time', undefined],
  ['seems to be of tomorrow, because our clock was set back', daysAgo(-1)],
])('where the attempt %s, a person decides', async (_, since) => {
  const bench = site({ bookedDaysAgo: 1000, keeps: 'NONE' });
  expect(await afterwards(bench, since)).toMatchObject({
    kind: 'vanished',
    message: expect.stringContaining('it is not known since when'),
  });
});
