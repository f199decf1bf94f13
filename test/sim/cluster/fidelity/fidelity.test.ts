import { afterAll, describe, expect, test } from 'vitest';
import { seededRandom } from '#shared/base/random.ts';
import { askEndNotes, readEndNotes } from '#main/computers/queue/end-notes.ts';
import { direct } from '#main/computers/schedulers/direct/direct.ts';
import { slurm } from '#main/computers/schedulers/slurm/slurm.ts';
import type { Question, WatchedJob } from '#main/computers/schedulers/scheduler.ts';
import { shellQuote } from '#main/computers/shell/quote.ts';
import { readSubmitFacts, type SubmitFacts } from '#main/computers/submission/facts.ts';
import { cancelScript, revokeScript, submitScript } from '#main/computers/submission/wrapper.ts';
import type { ExecAnswer } from '#main/computers/transport.ts';
import { BothSides, never, type Canned, type Side } from './both-sides.ts';
import { buildScript } from './direct-script.ts';
import { drawHistory, pick, sbatchSays, token } from './histories.ts';

/** Another number for other histories: every run of CI has the same. */
const seed = Number(process.env['STEMMA_SIM_SEED'] ?? 20_261_122);
const histories = Number(process.env['STEMMA_FIDELITY_HISTORIES'] ?? 40);

const open: BothSides[] = [];
afterAll(() => {
  for (const sides of open) sides.close();
});

function bothSides(scheduler: 'core.slurm' | 'core.direct'): BothSides {
  const sides = new BothSides(scheduler, seed);
  open.push(sides);
  return sides;
}

const ask = (side: Side, what: string, { script, input }: Question): Promise<ExecAnswer> =>
  side.exec({ what, script, ...(input === undefined ? {} : { input }), signal: never });

/** Whatever reads an answer: what it makes of it, or how it refuses. */
function read<T>(answer: ExecAnswer, reader: (answer: ExecAnswer) => T): unknown {
  try {
    const value: unknown = reader(answer);
    return value instanceof Map ? [...value] : value;
  } catch (thrown) {
    return { code: (thrown as { code?: unknown }).code };
  }
}

/** Times and process numbers are not the same on two machines. */
const plainTree = (tree: ReadonlyMap<string, string | null>): unknown =>
  [...tree]
    .map(([path, text]) => [
      path.replace(/\.refused\.\d+/, '.refused.PID'),
      text?.replaceAll(/[‘’]/g, "'").replace(/^(t\w+) \S+ \d+ \d+\n$/, '$1 HOST PID TIME\n') ?? null,
    ])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));

const ageWord = (age: number | null): string => (age === null ? 'none' : age > 1000 ? 'long' : 'short');

const plainFacts = (facts: SubmitFacts): unknown => ({
  ...facts,
  submission:
    facts.submission === null
      ? null
      : { ...facts.submission, ageSeconds: ageWord(facts.submission.ageSeconds) },
});

/** A process that lives on, known by its number on each side. */
async function liveProcess(side: Side): Promise<string> {
  const script =
    'setsid sleep 300 </dev/null >/dev/null 2>&1 &\n' +
    'while ! kill -s 0 -- -$! 2>/dev/null; do sleep 0.02; done\necho $!';
  return (await ask(side, 'a process', { script })).stdout.trim();
}

const endProcess = async (side: Side, pid: string): Promise<void> => {
  await ask(side, 'its end', { script: `kill -s KILL ${pid}` });
};

describe('the real scripts on the virtual cluster answer as on a real machine', () => {
  test(`wrapper, revocation and notes after ${histories} random histories (seed ${seed})`, async () => {
    const sides = bothSides('core.slurm');
    const random = seededRandom(seed);
    const [aliveReal, aliveVirtual] = await sides.each(liveProcess);
    for (let at = 0; at < histories; at++) {
      const directory = `${sides.root}/work ${at}/a1`;
      const history = drawHistory(random);
      const says = sbatchSays(random);
      const questions = Array.from({ length: 2 }, () => pick(random, 'submit', 'again', 'revoke', 'cancel'));
      const [real, virtual] = await sides.each(async (side) => {
        history.apply(side, directory, side === sides.real ? aliveReal : aliveVirtual);
        side.can('sbatch', says);
        side.can('scancel', { out: '', err: '', rc: 0 });
        const seen: unknown[] = [];
        for (const question of questions) seen.push(await askAbout(side, directory, question));
        const jobs = [
          { jobId: '4711', directory },
          { jobId: '1', directory: `${directory}/none` },
        ];
        const notes = await ask(side, 'the notes on the end of jobs', askEndNotes(jobs));
        seen.push(read(notes, ({ stdout }) => readEndNotes(stdout, jobs.length)));
        return { seen, tree: plainTree(side.tree(directory)) };
      });
      expect(virtual, `seed ${seed}, history ${at}: ${questions.join(', ')} after ${history.words}`).toEqual(
        real,
      );
    }
    await endProcess(sides.real, aliveReal);
  });

  async function askAbout(
    side: Side,
    directory: string,
    question: 'submit' | 'again' | 'revoke' | 'cancel',
  ): Promise<unknown> {
    const script = {
      submit: () => submitScript(slurm, directory, token, '_job.sh', false),
      again: () => submitScript(slurm, directory, token, '_job.sh', true),
      revoke: () => revokeScript(directory, token),
      cancel: () => cancelScript(directory, slurm.cancel({ jobId: '4711', directory, token }).script),
    }[question]();
    const answer = await side.exec({ what: 'a question', script, environment: 'user', signal: never });
    return {
      question,
      exitCode: answer.exitCode,
      // each shell and each tool has its own words for the same
      complains: answer.stderr !== '',
      facts: question === 'cancel' ? null : read(answer, ({ stdout }) => plainFacts(readSubmitFacts(stdout))),
    };
  }

  test('lists, accounts and looks of Slurm, whatever its commands say', async () => {
    const sides = bothSides('core.slurm');
    const random = seededRandom(seed + 1);
    const jobs = [
      { jobId: '4711', directory: '/a' },
      { jobId: '4712', directory: '/b' },
    ];
    const lines = ['4711|RUNNING|1767225603|1767228969|n1|None|t', '4712|PENDING|N/A|N/A||Priority|t'];
    const queue = (): Canned =>
      pick<Canned>(
        random,
        { out: '', err: '', rc: 0 },
        { out: `${lines.join('\n')}\n`, err: '', rc: 0 },
        { out: `${lines[0]}\n`, err: 'a warning\n', rc: 0 },
        { out: `${lines[0]}\nrubbish\n`, err: '', rc: 0 },
        { out: '', err: 'slurm_load_jobs error: Unable to contact slurm controller\n', rc: 1 },
        { out: '', err: '', rc: 127 },
      );
    const accounts = (): Canned =>
      pick<Canned>(
        random,
        { out: '', err: '', rc: 0 },
        {
          out: '4711|COMPLETED|1767225603|1767228969|0:0|n1\n4711.batch|COMPLETED|1|2|0:0|n1\n',
          err: '',
          rc: 0,
        },
        { out: '4712|CANCELLED by 1000|Unknown|1767228969|0:0|None assigned\n', err: '', rc: 0 },
        { out: '', err: 'Slurm accounting storage is disabled\n', rc: 1 },
        { out: '', err: 'sacct: error: Problem talking to the database: Connection refused\n', rc: 1 },
        { out: '', err: 'sacct: error: something else\n', rc: 1 },
      );
    const shown = (): Canned =>
      pick<Canned>(
        random,
        { out: '', err: 'slurm_load_jobs error: Invalid job id specified\n', rc: 1 },
        {
          out: 'JobId=4711 JobState=FAILED Reason=NonZeroExitCode ExitCode=1:0 EndTime=1767228969\n',
          err: '',
          rc: 0,
        },
        { out: '', err: 'slurm_load_jobs error: Unable to contact slurm controller\n', rc: 1 },
      );
    const kept = (): Canned =>
      pick<Canned>(
        random,
        { out: 'PurgeEventAfter        = 1 months\nPurgeJobAfter          = NONE\n', err: '', rc: 0 },
        { out: 'PurgeJobAfter          = 30 days*\n', err: '', rc: 0 },
        { out: '', err: 'sacctmgr: error: something else\n', rc: 1 },
      );
    for (let at = 0; at < 12; at++) {
      const canned = { squeue: queue(), sacct: accounts(), scontrol: shown(), sacctmgr: kept() };
      const since = pick(random, null, { agoSeconds: 60 }, { agoSeconds: 60, epochSeconds: 1_700_000_000 });
      const [real, virtual] = await sides.each(async (side) => {
        for (const [command, says] of Object.entries(canned)) side.can(command, says);
        return [
          read(await ask(side, 'the list of jobs', slurm.list(jobs)), (answer) => [
            ...slurm.readListing(answer).jobs,
          ]),
          read(await ask(side, 'accounting', slurm.account(jobs)), (answer) =>
            slurm.readAccounting(answer, jobs),
          ),
          read(
            await ask(side, 'the look for a job by its name', slurm.findByToken(token, since)),
            slurm.readFound,
          ),
        ];
      });
      expect(virtual, `seed ${seed}, round ${at}: ${JSON.stringify(canned)}`).toEqual(real);
    }
  });

  test('jobs without a scheduler: started, listed, ended, cancelled and told from other processes', async () => {
    const sides = bothSides('core.direct');
    const random = seededRandom(seed + 2);
    const bodies = [
      'exit 3',
      ':',
      "'/bin/sh' < in > out",
      ': > begun; sleep 100',
      'kill -s KILL $$',
      'kill -s TERM $$',
    ];
    for (let at = 0; at < 12; at++) {
      const directory = `${sides.root}/direct ${at}/a1`;
      const body = bodies[at % bodies.length] ?? ':';
      const fence = pick(random, 'none', 'none', 'none', 'other', 'revoked');
      const damage = pick(random, 'none', 'none', 'no proc', 'other start', 'other boot', 'other host');
      const ends = random.next() < 0.5;
      const [real, virtual] = await sides.each((side) =>
        directJob(side, directory, { body, fence, damage, ends }),
      );
      const words = JSON.stringify({ body, fence, damage, ends });
      expect(virtual, `seed ${seed}, job ${at}: ${words}`).toEqual(real);
    }
  });
});

interface DirectCase {
  readonly body: string;
  readonly fence: string;
  readonly damage: string;
  readonly ends: boolean;
}

/** Waits until the job has ended, or is in the middle of its work. */
const settled = (side: Side, { jobId, directory }: WatchedJob): Promise<ExecAnswer> =>
  ask(side, 'a wait', {
    script:
      `i=0\nwhile [ "$i" -lt 400 ] && ! [ -f ${shellQuote(`${directory}/begun`)} ] && ` +
      // before it has a group of its own there is the process
      `{ kill -s 0 -- -${jobId} || kill -s 0 ${jobId}; } 2>/dev/null; do sleep 0.05; i=$((i+1)); done`,
  });

async function directJob(
  side: Side,
  directory: string,
  { body, fence, damage, ends }: DirectCase,
): Promise<unknown> {
  side.write(`${directory}/_job.sh`, buildScript(body));
  side.write(`${directory}/in`, 'echo $((6 * 7))\nexit 4\n');
  if (fence !== 'none') side.write(`${directory}/.run`, fence === 'revoked' ? `revoked-${token}` : '1');
  const submission = submitScript(direct, directory, token, '_job.sh', false);
  const answer = await side.exec({
    what: 'the submission',
    script: submission,
    environment: 'user',
    signal: never,
  });
  const facts = readSubmitFacts(answer.stdout);
  const jobId = facts.submission?.stdout ?? '';
  const job = { jobId, directory, token };
  if (damage !== 'none') {
    const proc = side.tree(directory).get('.submit/proc') ?? '';
    const [pid, host, boot, start] = proc.trim().split(' ');
    const changed = {
      'no proc': null,
      'other start': `${pid} ${host} ${boot} 1\n`,
      'other boot': `${pid} ${host} 0-0 ${start}\n`,
      'other host': `${pid} elsewhere ${boot} ${start}\n`,
    }[damage];
    if (changed === null)
      await ask(side, 'damage', { script: `rm -f ${shellQuote(`${directory}/.submit/proc`)}` });
    else if (changed !== undefined) side.write(`${directory}/.submit/proc`, changed);
  }
  await settled(side, job);
  const list = async (): Promise<unknown> =>
    read(await ask(side, 'the list of jobs', direct.list([job])), (found) => [
      ...direct.readListing(found).jobs.values(),
    ]);
  const before = await list();
  const cancelled = ends ? (await ask(side, 'the end', direct.cancel(job))).exitCode : null;
  const after = await list();
  const notes = read(await ask(side, 'the notes on the end of jobs', askEndNotes([job])), ({ stdout }) =>
    readEndNotes(stdout, 1).map(({ done, fence: held, ...rest }) => ({
      ...rest,
      held: held === jobId ? 'own' : held,
      done: done === null ? null : { exitStatus: done.exitStatus, own: done.jobId === jobId },
    })),
  );
  // nothing is left over, also where it could not be told from another's process
  await ask(side, 'tidying up', { script: `kill -s KILL -- -${jobId} 2>/dev/null; :` });
  return {
    exitCode: answer.exitCode,
    fresh: facts.fresh,
    code: facts.submission?.exitCode,
    before,
    cancelled,
    after,
    notes,
    output: side.tree(directory).get('out') ?? null,
  };
}
