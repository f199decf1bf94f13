/** Why a process failed: the answer first, then the facts, then what can be done. Why it waits is in wait-words.ts. */
import type { Explanation } from '#shared/contract/areas/processes.ts';
import { textOf, type ProcessFacts } from './facts.ts';
import { jobExitStatus } from './scheduler-facts.ts';
import { whyItWaits } from './wait-words.ts';
import { fact } from './words/pieces.ts';
import { alone, type Surroundings } from './waits.ts';

const nothing: Explanation = { headline: '', tone: 'failed', facts: [], lines: [], advice: [], actions: [] };

/** Null for a process that ended well, and for one that has not ended and is not run here: in an archive, say. */
export function explanationOf(facts: ProcessFacts, around: Surroundings = alone): Explanation | null {
  if (facts.run !== null) return whyItWaits(facts.run, around, facts.called);
  switch (facts.row.state) {
    case 'failed':
      return whyItFailed(facts);
    case 'excepted':
      return whyItExcepted(facts);
    case 'killed':
      return {
        ...nothing,
        headline: killedWords(textOf(facts, 'process_status')),
        actions: ['launch-again'],
      };
    default:
      return null;
  }
}

/** @param status who killed it, where that is known: `Killed by a person` */
const killedWords = (status: string): string =>
  status === ''
    ? 'This process was ended before it was done.'
    : `This process was ended before it was done. ${status}${/[.!?]$/.test(status) ? '' : '.'}`;

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
    ...nothing,
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
    .map(({ label, node }) => ({
      ...fact(`Step ${label}`, `${node.name}: ${node.summary}`),
      process: node.uuid,
    }));
}

function whyItExcepted(facts: ProcessFacts): Explanation {
  const exception = textOf(facts, 'exception');
  return {
    ...nothing,
    headline: exception === '' ? 'The process broke off without saying why.' : exception,
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
