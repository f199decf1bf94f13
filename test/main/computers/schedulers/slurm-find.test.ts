import { describe, expect, test } from 'vitest';
import type { LookBack, LookUp } from '#main/computers/schedulers/scheduler.ts';
import { slurm } from '#main/computers/schedulers/slurm/slurm.ts';
import { fail, pathWith, refused, runSh, wide } from './fake-slurm.ts';

const day = 86_400;
const configuration = (kept: string): string =>
  `echo 'PrivateData            = none'\necho 'PurgeEventAfter        = NONE'\necho 'PurgeJobAfter          = ${kept}'`;

interface Site {
  /** Lines of sh; null where there is no such command. */
  readonly sacct?: string | null;
  readonly squeue?: string;
  readonly sacctmgr?: string | null;
  readonly scontrol?: string | null;
}

/** What comes of the real script in a real shell, where the commands of Slurm do as told. */
function find(site: Site, since: LookBack | null = { agoSeconds: 60 }): LookUp {
  const { sacct = ':', squeue = ':', sacctmgr = configuration('NONE'), scontrol = null } = site;
  const path = pathWith({ sacct, squeue, sacctmgr, scontrol });
  const stdout = runSh(`${wide}${slurm.findByToken('abc', since).script}`, path);
  return slurm.readFound({ bytes: new Uint8Array(0), noise: '', ms: 1, exitCode: 0, stdout, stderr: '' });
}

const forgets = (site: Site, since?: LookBack | null): string | null | undefined => {
  const found = find(site, since);
  return 'forgets' in found && found.jobs.length === 0 ? found.forgets : undefined;
};

/** sacct of a site whose job of that name began so many seconds ago: it is shown to who asks back to that. */
const bookedAgo = (seconds: number, cluster = 'here'): string =>
  `case " $* " in *" --allclusters "*) ;; *) exit 0;; esac
for option; do case $option in (--starttime=now-*seconds) back=\${option#--starttime=now-}; back=\${back%seconds};; esac; done
[ "$back" -lt ${seconds} ] || echo '12|COMPLETED|1700000000|1700000060|0:0|n1|abc|${cluster}'`;

test('a sacct that is not on the usual search path is looked for on that of login shells, before there is none', () => {
  const { script } = slurm.findByToken('abc', { agoSeconds: 60 });
  expect(() => runSh(script, pathWith({ sacct: null, squeue: ':' }))).toThrow(
    expect.objectContaining({ status: 127 }),
  );
});

describe('that no job has the name', () => {
  test.each([
    [fail('Slurm accounting storage is disabled'), 'nothing here remembers jobs that have ended'],
    [null, 'nothing here remembers jobs that have ended'],
    [':', null],
  ])('is known where accounting answers (%s), and where none is kept it may have had one', (sacct, why) => {
    expect(find({ sacct })).toEqual({ jobs: [], forgets: why });
  });

  test.each([
    ['NONE', 1000, null],
    ['12 months', 30, null],
    ['12 months*', 30, null],
    ['30 days', 28, null],
    ['30 days', 30, 'accounting keeps jobs for 30 days, and this one may be older'],
    ['30 days*', 30, 'accounting keeps jobs for 30 days, and this one may be older'],
    // the shortest of them
    ['1 months', 27, null],
    ['1 months', 28, 'accounting keeps jobs for 1 month, and this one may be older'],
    ['12 hours', 0, 'accounting keeps jobs for 12 hours, and this one may be older'],
    ['', 0, 'accounting does not tell for how long it keeps jobs'],
    ['for a while', 0, 'accounting does not tell for how long it keeps jobs'],
  ])('is not known where accounting, which keeps %s, may have forgotten one of %i days ago', (...row) => {
    const [kept, days, why] = row;
    expect(forgets({ sacctmgr: configuration(kept) }, { agoSeconds: days * day })).toBe(why);
  });

  test.each([[null], [fail('sacctmgr: error: Problem talking to the database', 1)], ['exit 0']])(
    'is not known where the site does not tell for how long it keeps jobs (%s)',
    (sacctmgr) => {
      expect(forgets({ sacctmgr })).toBe('accounting does not tell for how long it keeps jobs');
    },
  );

  test('is not known where nobody knows since when it may be there, though accounting keeps everything', () => {
    expect(forgets({}, null)).toMatch(/^it is not known since when/);
  });

  test('is not known where the site lets nobody ask so far back', () => {
    const sacct = fail('sacct: error: slurmdbd: Too wide of a date range in query');
    expect(forgets({ sacct })).toBe('accounting does not answer questions that reach so far back');
  });
});

describe('a job that ended long ago', () => {
  test.each([1, 31, 400])('is found by its name where it was submitted %i days ago', (days) => {
    const found = { jobs: [{ jobId: '12', name: 'abc', facts: { state: 'done' } }], forgets: null };
    const scontrol = "echo 'ClusterName             = here'";
    const site = { sacct: bookedAgo(days * day), scontrol };
    expect(find(site, { agoSeconds: days * day })).toMatchObject(found);
    // a day more is asked for than the clocks say, and no less
    expect(find(site, { agoSeconds: (days - 1) * day })).toMatchObject(found);
    expect(find(site, { agoSeconds: (days - 1) * day - 1 })).toMatchObject({ jobs: [] });
  });

  test('is found where our clock was set back, by the clock of the computer; and the other way round', () => {
    const now = Math.floor(Date.now() / 1000);
    const sacct = bookedAgo(40 * day);
    const ourClockWasSetBack = { agoSeconds: 2 * day, epochSeconds: now - 40 * day };
    const theirClockIsBehind = { agoSeconds: 40 * day, epochSeconds: now + 3 * day };
    for (const since of [ourClockWasSetBack, theirClockIsBehind])
      expect(find({ sacct }, since)).toMatchObject({ jobs: [{ jobId: '12' }] });
    // and that far back counts for what accounting keeps
    const sacctmgr = configuration('30 days');
    for (const since of [ourClockWasSetBack, theirClockIsBehind])
      expect(forgets({ sacctmgr }, since)).toMatch(/30 days/);
  });

  test.each([
    ['here', '12'],
    ['daint', '12;daint'],
  ])('and ran on the cluster %s is job %s', (cluster, jobId) => {
    const scontrol = "echo 'ClusterName             = here'";
    expect(find({ sacct: bookedAgo(0, cluster), scontrol })).toMatchObject({ jobs: [{ jobId }] });
  });
});

test.each([
  [refused, 'sacct: error: Problem talking to the database: Connection refused'],
  ['sacct: fatal: Could not establish a configuration source: not found', undefined],
])(
  'a look that accounting refuses (%s) finds a job that is in the queue, and else is none',
  (text, last = text) => {
    expect(find({ sacct: fail(text) })).toEqual({ unavailable: last });
    const squeue = "echo '12|PENDING|N/A|N/A||Priority|t'";
    expect(find({ sacct: fail(text), squeue })).toMatchObject({
      jobs: [{ jobId: '12', facts: { state: 'queued' } }],
    });
  },
);
