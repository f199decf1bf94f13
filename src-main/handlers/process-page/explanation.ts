/** Why a process waits, or why it failed: the answer first, then the facts, then what can be done. */
import type { QueueState } from '#shared/contract/areas/computers.ts';
import type { Explanation } from '#shared/contract/areas/processes.ts';
import { formatDuration, formatLocal } from '#shared/base/time.ts';
import { isAbsence } from '../../engine/retry.ts';
import type { JobState, RunState, WorkflowState } from '../../engine/state.ts';
import { textOf, type ProcessFacts } from './facts.ts';
import { jobExitStatus } from './scheduler-facts.ts';

type Actions = Explanation['actions'];

const nothing: Explanation = { headline: '', facts: [], lines: [], advice: [], actions: [] };

const fact = (name: string, value: string): { readonly name: string; readonly value: string } => ({
  name,
  value,
});

/** @param queue of the computer where its job belongs; null where that is not running here */
export function explanationOf(
  facts: ProcessFacts,
  now: number,
  queue: Omit<QueueState, 'waiting'> | null = null,
): Explanation | null {
  if (facts.run !== null) return whyItWaits(facts.run, now, queue);
  switch (facts.row.state) {
    case 'failed':
      return whyItFailed(facts);
    case 'excepted':
      return whyItExcepted(facts);
    case 'killed':
      return {
        ...nothing,
        headline: 'A person ended this process before it was done.',
        actions: ['launch-again'],
      };
    default:
      return null;
  }
}

// ------------------------------------------------------------------------------------------------ waiting

function whyItWaits(run: RunState, now: number, queue: Omit<QueueState, 'waiting'> | null): Explanation {
  if (run.kind === 'workflow' && run.changed !== null) return changedCode(run, run.changed);
  if (run.paused) {
    return {
      ...nothing,
      headline: 'Paused: nothing happens until someone presses play.',
      actions: ['play', 'kill'],
    };
  }
  if (run.kind === 'job' && run.lost !== null) return lostJob(run, run.lost);
  const held = run.kind === 'job' && queue !== null ? heldByComputer(run, queue, now) : null;
  // what the computer itself says is newer than what a job heard when it failed because of it
  if (held !== null && (run.retry === null || isAbsence(run.retry.code))) return held;
  if (run.retry !== null) return troubled(run, run.retry, now);
  const { words, reason, since } = run.activity;
  const lasting = since === null ? '' : ` for ${formatDuration(now - since)}`;
  return {
    ...nothing,
    headline: `${capital(words)}${lasting}.`,
    facts: [...(reason === '' ? [] : [fact('Reason', reason)]), ...jobFacts(run)],
    advice: adviceForReason(reason),
  };
}

function changedCode(run: WorkflowState, changed: NonNullable<WorkflowState['changed']>): Explanation {
  return {
    ...nothing,
    headline: `The code of the workflow has changed since it started: step “${changed.label}” asks for something else.`,
    facts: [
      fact('Recorded', changed.recorded),
      fact('Asked now', changed.asked),
      fact('Steps done', String(run.finished)),
    ],
    advice: [
      'Put the former version of the plugin back and play: the workflow goes on where it was.',
      'Or kill it and launch it again with the new version.',
    ],
    actions: ['play', 'kill'],
  };
}

function lostJob(run: JobState, lost: string): Explanation {
  return {
    ...nothing,
    headline: 'The scheduler does not know this job any more, and the job left no sign that it ended.',
    facts: [fact('What was found', lost), ...jobFacts(run)],
    advice: [
      'Look into the work directory: if the job ended, its output is there.',
      'Look again when the cluster is back from maintenance. Assume it lost when you know that it is.',
    ],
    actions: ['look-again', 'assume-lost', 'open-computer'],
  };
}

/** Steps that need the computer wait without failing while it cannot be asked: null where that is not so. */
function heldByComputer(run: JobState, queue: Omit<QueueState, 'waiting'>, now: number): Explanation | null {
  if (run.phase === 'prepare' || run.phase === 'parse') return null;
  const { lastPoll, nextAttempt, unreachableSince } = queue;
  const seen = lastPoll === null ? '' : `${formatLocal(lastPoll)} (${formatDuration(now - lastPoll)} ago)`;
  const facts = [
    fact('Computer', queue.label),
    ...jobFacts(run),
    ...(run.phase === 'run' && seen !== '' ? [fact('Last look at the queue', seen)] : []),
  ];
  const goesOn =
    run.phase === 'run' ? ['The job itself goes on there; its state is as it was last seen.'] : [];
  if (queue.connection === 'paused') {
    return {
      ...nothing,
      headline: `The computer ${queue.label} is paused: nothing happens there until someone resumes it.`,
      facts,
      advice: goesOn,
      actions: ['open-computer', 'kill'],
    };
  }
  if (queue.connection === 'waiting') {
    const { message, hint = '', details = '' } = queue.problem ?? { message: queue.words };
    const since =
      unreachableSince === null
        ? []
        : [
            fact(
              'Out of reach since',
              `${formatLocal(unreachableSince)} (${formatDuration(now - unreachableSince)} ago)`,
            ),
          ];
    const next =
      nextAttempt === null ? [] : [fact('Next attempt', `in ${formatDuration(nextAttempt - now)}`)];
    return {
      headline: message,
      facts: [...since, ...next, ...facts],
      lines: details === '' ? [] : details.split('\n').slice(0, 20),
      advice: [...(hint === '' ? [] : [hint]), ...goesOn],
      actions: ['retry-now', 'kill', 'open-computer'],
    };
  }
  if (queue.connection !== 'needs-you') return null;
  const { message, hint = '', details = '' } = queue.problem ?? { message: queue.words };
  return {
    headline: message,
    facts,
    lines: details === '' ? [] : details.split('\n').slice(0, 20),
    advice: [...(hint === '' ? [] : [hint]), ...goesOn],
    actions: [queue.ask === null ? 'retry-now' : 'sign-in', 'kill', 'open-computer'],
  };
}

function troubled(run: RunState, retry: NonNullable<RunState['retry']>, now: number): Explanation {
  const since = `${formatLocal(retry.since)} (${formatDuration(now - retry.since)} ago)`;
  const next = retry.until === null ? 'when you have acted' : `in ${formatDuration(retry.until - now)}`;
  const signIn = retry.code === 'auth-needed' || retry.code.startsWith('host-key');
  const actions: Actions = [signIn ? 'sign-in' : 'retry-now', 'kill'];
  if (run.kind === 'job') actions.push('open-computer');
  return {
    ...nothing,
    headline: retry.message,
    facts: [
      fact('Since', since),
      fact('Attempts', String(retry.failures)),
      fact('Next attempt', next),
      ...jobFacts(run),
    ],
    advice: retry.hint === '' ? [] : [retry.hint],
    actions,
  };
}

function jobFacts(run: RunState): Explanation['facts'] {
  if (run.kind !== 'job') return [];
  const out: { readonly name: string; readonly value: string }[] = [];
  if (run.jobId !== null) out.push(fact('Job', run.jobId));
  if (run.facts !== null && run.facts.schedulerState !== '')
    out.push(fact('Scheduler state', run.facts.schedulerState));
  // what a person needs who looks for the job by hand
  if (run.lost !== null || run.retry?.code === 'submission-unconfirmed') {
    out.push(fact('Name in the scheduler', run.attempt.token));
    if (run.directory !== null) out.push(fact('Work directory', run.directory));
  }
  return out;
}

const reasons: readonly (readonly [RegExp, string])[] = [
  [/^Priority$/, 'Other jobs are ahead in the queue. Nothing is wrong.'],
  [/^Resources$/, 'The job waits for free nodes. Fewer nodes or a shorter walltime may start it sooner.'],
  [
    /^QOS|^Assoc/,
    'A limit of your account or quality of service is reached. The job starts when others end.',
  ],
  [/^Dependency/, 'The job waits for another job.'],
  [/^JobHeld/, 'The job is held: release it on the cluster, or ask the administrators.'],
  [/^ReqNodeNotAvail|Maint|Reserved/, 'Nodes are reserved or in maintenance.'],
  [/^PartitionTimeLimit/, 'The walltime is longer than the queue allows: the job will not start.'],
  [/^PartitionNodeLimit/, 'More nodes are asked for than the queue has: the job will not start.'],
  [/^BeginTime/, 'The job has a begin time that has not come yet.'],
];

const adviceForReason = (reason: string): string[] =>
  reasons.filter(([pattern]) => pattern.test(reason)).map(([, advice]) => advice);

// ------------------------------------------------------------------------------------------------ failed

const adviceByStatus: Readonly<Record<number, string>> = {
  110: 'Ask for more memory, or for fewer processes on a machine.',
  120: 'Ask for a longer walltime, or restart from what was written.',
  131: 'Check the account under the options, and with your cluster.',
  140: 'A node of the cluster failed. Launch it again.',
  141: 'The scheduler said no: its words are below.',
  142: 'Someone cancelled the job on the cluster.',
};

/** What a shell means by the exit status of a script (POSIX, 2.8.2). */
const adviceByJob: Readonly<Record<number, string>> = {
  126: 'An executable was found on the computer, but the account may not execute it. Test the code.',
  127: 'A command was not found on the computer. Test the code; does it want a module loaded in its prepend text? The shell’s own words are in _scheduler-stderr.txt, or where the calculation sends its errors.',
};

function whyItFailed(facts: ProcessFacts): Explanation {
  const { exitStatus } = facts.row;
  const message = textOf(facts, 'exit_message');
  const advice = [adviceByStatus[exitStatus ?? 0], adviceByJob[jobExitStatus(facts) ?? 0]];
  return {
    headline: message === '' ? `It ended with exit status ${exitStatus}.` : message,
    facts: [fact('Exit status', String(exitStatus)), ...failedStep(facts)],
    lines: worstLines(facts),
    advice: advice.filter((one) => one !== undefined),
    actions: ['launch-again'],
  };
}

/** For a workflow: which of its steps failed, because that is where to look next. */
function failedStep(facts: ProcessFacts): Explanation['facts'] {
  return facts.called
    .filter(({ node }) => node.state === 'failed' || node.state === 'excepted')
    .map(({ label, node }) => fact(`Step ${label}`, `${node.name}: ${node.summary}`));
}

function whyItExcepted(facts: ProcessFacts): Explanation {
  const exception = textOf(facts, 'exception');
  return {
    headline: exception === '' ? 'The process broke off without saying why.' : exception,
    facts: [],
    lines: worstLines(facts),
    advice: ['This is a defect of the plugin, not of your input: its author can use the lines below.'],
    actions: ['launch-again'],
  };
}

const levels = new Set(['ERROR', 'CRITICAL', 'WARNING']);

function worstLines(facts: ProcessFacts): string[] {
  const lines = facts.log
    .filter(({ level }) => levels.has(level))
    .flatMap(({ message }) => message.split('\n'));
  return lines.slice(0, 20);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
