/** What came of a job: the files that did not come back, and what its parser made of those that did. */
import { coreExitCodes } from '#shared/process/exit-codes.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import type { Decision } from '../commands.ts';
import type { EngineEvent, ReadyOutcome } from '../events.ts';
import { outputProblem } from '../output-check.ts';
import type { JobState } from '../state.ts';
import { createOutputs, excepted, finished, jobOutputs, type Draft } from './common.ts';
import { onParsedStopped, stoppedWith } from './stopping.ts';

type JobDraft = Draft<JobState>;

/** A folder of many links has as many reasons; more lines than these nobody reads. */
const mostWarnings = 20;

/** In the log of the process: what did not come back is no failure before the parser says so. */
export function warnOfFiles(
  draft: JobDraft,
  { unmatched, skipped = [] }: Extract<EngineEvent, { kind: 'retrieved' }>,
): void {
  const warnings = [
    ...unmatched.map((pattern) => `No file matched “${pattern}” in the work directory.`),
    ...skipped.map(({ path, why }) => `“${path}” was not retrieved: ${why}.`),
  ];
  const rest = warnings.length - mostWarnings;
  if (rest > 1) warnings.splice(mostWarnings, rest, `And ${rest} more that were not retrieved.`);
  for (const message of warnings) draft.do({ kind: 'log', level: 'WARNING', message });
}

/** The end of a job. What a rule or the scheduler said of it weighs more than a parser that found outputs. */
export function onParsed(draft: JobDraft, outcome: ReadyOutcome, spec: ProcessSpec): Decision {
  const { end } = draft.state;
  draft.do({ kind: 'journal', entry: { kind: 'leave', phase: 'parse', words: '' } });
  const stopped = stoppedWith(draft.state);
  if (stopped !== null && outcome.kind !== 'outputs') return onParsedStopped(draft, outcome, stopped);
  switch (outcome.kind) {
    case 'threw':
      draft.do({ kind: 'log', level: 'ERROR', message: outcome.stack });
      return draft.end(excepted(outcome.error));
    case 'stopped':
      draft.do({ kind: 'log', level: 'ERROR', message: outcome.message });
      return draft.end(excepted(outcome.message));
    case 'exit':
      createOutputs(draft, outcome.outputs, jobOutputs);
      return draft.end(finished(outcome.status, outcome.message));
    case 'outputs': {
      const problem = outputProblem(spec, outcome.outputs, jobOutputs);
      const invalid = problem?.status === coreExitCodes.invalidOutput.status;
      if (!invalid) createOutputs(draft, outcome.outputs, jobOutputs);
      // a parser that is content does not undo what the scheduler said; a missing output often follows from it
      const reason = end?.schedulerExit ?? problem;
      if (reason !== null) draft.do({ kind: 'log', level: 'ERROR', message: reason.message });
      return draft.end(finished(reason?.status ?? 0, reason?.message ?? ''));
    }
  }
}
