/**
 * A rule stops a job that runs: the scheduler is asked to cancel it, its end is awaited, and its files come back all the
 * same. Exit status 150 and its precedence over the parser's own are those of AiiDA's monitors (aiida-core 2.9,
 * `engine/processes/calcjobs/monitors.py`).
 */
import { coreExitCodes } from '#shared/process/exit-codes.ts';
import { ruleWords } from '#shared/process/rule-words.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import type { Decision } from '../commands.ts';
import type { EngineEvent, ReadyOutcome } from '../events.ts';
import type { JobObservation, RuleFinding } from '../ports.ts';
import type { ExitReason, JobState } from '../state.ts';
import { createOutputs, jobOutputs, finished, type Draft } from './common.ts';

type JobDraft = Draft<JobState>;

const findingWords = ({ rule, value, line }: RuleFinding): string =>
  value === null ? `${ruleWords(rule)}.` : `${ruleWords(rule)}. It read ${value} in “${line}”.`;

/** Only for a job that runs and is stopped by nothing else yet. */
export function onRuleMet(draft: JobDraft, finding: RuleFinding): Decision {
  const { phase, killing, stopping, lost } = draft.state;
  if (phase !== 'run' || killing || stopping !== undefined || lost !== null) return draft.keep();
  const words = findingWords(finding);
  draft.set({ stopping: { ...finding, since: draft.now, told: false }, retry: null });
  draft.do({ kind: 'drop-effects' });
  draft.do({ kind: 'log', level: 'REPORT', message: `The job is stopped by a rule: ${words}` });
  draft.note(`stopped by a rule: ${words}`);
  draft.attributes({
    process_status: `Being stopped by a rule: ${words}`,
    stopped_by: {
      rule: ruleWords(finding.rule),
      value: finding.value,
      line: finding.line,
      time: new Date(draft.now).toISOString(),
    },
  });
  return draft
    .activity('run', 'being stopped by a rule', { reason: ruleWords(finding.rule) })
    .effect('cancel')
    .keep();
}

/** The scheduler has taken the wish; the job ends when it is seen to have ended. */
export function onStopTold(draft: JobDraft): Decision {
  const { stopping, activity } = draft.state;
  if (stopping === undefined) return draft.keep();
  draft.set({ stopping: { ...stopping, told: true }, retry: null });
  return draft
    .activity('run', 'being stopped by a rule', { reason: ruleWords(stopping.rule), since: activity.since })
    .effect('watch')
    .keep();
}

/**
 * Whether the job had its own end before the rule could stop it. Walltime, memory and a failed node are named by the
 * scheduler, which would have named a cancellation; an exit status may be what the job made of being cancelled.
 */
function endedBefore({ cause, facts }: Extract<JobObservation, { kind: 'ended' }>, told: boolean): boolean {
  switch (cause) {
    case 'walltime':
    case 'memory':
    case 'node-failure':
      return true;
    case 'done':
      return facts.exitStatus === 0 || !told;
    case 'cancelled':
    case 'fence':
    case 'unknown':
      return false;
  }
}

/** Why the job ended, where it was the rule; a job that ended before it could be stopped has its own end. */
export function stopReason(
  draft: JobDraft,
  observation: Extract<JobObservation, { kind: 'ended' }>,
): ExitReason | null {
  const { stopping } = draft.state;
  if (stopping === undefined) return null;
  if (endedBefore(observation, stopping.told)) {
    const message = 'The job had ended before the rule could stop it.';
    draft.do({ kind: 'log', level: 'WARNING', message });
    draft.attributes({ stopped_by: undefined });
    draft.set({ stopping: undefined });
    return null;
  }
  const { status } = coreExitCodes.stoppedByMonitor;
  return { status, message: `Stopped by a rule: ${findingWords(stopping)}` };
}

/** The end of a job that a rule has stopped; null for every other. */
export const stoppedWith = ({ end, stopping }: JobState): ExitReason | null =>
  stopping !== undefined && end?.schedulerExit?.status === coreExitCodes.stoppedByMonitor.status
    ? end.schedulerExit
    : null;

/** Output that was cut off may be more than a parser can take: what it says is kept, and the rule stays the reason. */
export function onParsedStopped(
  draft: JobDraft,
  outcome: Exclude<ReadyOutcome, { kind: 'outputs' }>,
  stopped: ExitReason,
): Decision {
  if (outcome.kind === 'exit') createOutputs(draft, outcome.outputs, jobOutputs);
  const said =
    outcome.kind === 'exit'
      ? `exit status ${outcome.status}: ${outcome.message}`
      : outcome.kind === 'threw'
        ? outcome.stack
        : outcome.message;
  draft.do({
    kind: 'log',
    level: 'WARNING',
    message: `The parser, on the files of the stopped job: ${said}`,
  });
  return draft.end(finished(stopped.status, stopped.message));
}

/** Replaces all rules, also of a job that runs; too late once its files come back. */
export function onSetRules(draft: JobDraft, event: Extract<EngineEvent, { kind: 'set-rules' }>): Decision {
  const { phase, killing, stopping, lost, retry } = draft.state;
  if (phase === 'retrieve' || phase === 'parse' || stopping !== undefined || killing) return draft.keep();
  draft.set({ rules: event.rules });
  draft.attributes({ stop_rules: event.rules.length === 0 ? undefined : rulesAttribute(event.rules) });
  const words =
    event.rules.length === 0
      ? `${event.by} took away the rules that stop the job.`
      : `${event.by} set the rules that stop the job: ${event.rules.map((rule) => ruleWords(rule)).join('; ')}.`;
  draft.do({ kind: 'log', level: 'REPORT', message: words }).note(words);
  // who watches takes the rules up at its beginning; one that waits for its next try begins anyway
  if (phase !== 'run' || lost !== null || retry !== null) return draft.keep();
  return draft.do({ kind: 'drop-effects' }).effect('watch').keep();
}

/** As they stand in the provenance of the job. */
export const rulesAttribute = (rules: readonly object[]): PyJson =>
  rules.map((rule) => rule as { readonly [key: string]: PyJson });
