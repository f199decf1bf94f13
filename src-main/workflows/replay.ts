import type { Question } from '#shared/process/question.ts';
import type { ReadyAsk } from '../engine/events.ts';
import { callWords, fingerprint } from './fingerprint.ts';
import { jobChange } from './job-ask.ts';
import type { StepRecordOf } from './steps.ts';

/** What to do with a step that the code asks for, given what is recorded under its label. */
export type Replay =
  | { readonly kind: 'new' }
  | { readonly kind: 'recorded'; readonly step: StepRecordOf }
  /** The code changed between two runs: the recorded answer would be to another question. */
  | { readonly kind: 'changed'; readonly recorded: string; readonly asked: string };

/** The label under which an ask is recorded. Reports have numbers, because a person does not name them. */
export const labelOf = (ask: ReadyAsk): string =>
  ask.kind === 'report' || ask.kind === 'annotation' ? `${ask.kind}:${ask.ordinal}` : ask.label;

/** What was asked, and what could be answered: another set of choices makes another question. */
const questionWords = ({ question, choices }: Pick<Question, 'question' | 'choices'>): string =>
  `question “${question}” (${choices.map(({ name }) => name).join(', ')})`;

type Call = Extract<ReadyAsk, { kind: 'call' }>;

/** What is recorded of a call, and compared when the code asks for it again. */
export const callRecord = ({
  plugin,
  inputs,
  computer,
  options,
}: Call): Pick<Extract<StepRecordOf, { kind: 'call' }>, 'fingerprint' | 'words' | 'job'> => ({
  fingerprint: fingerprint(plugin, inputs),
  words: callWords(plugin, inputs),
  job: { computer, options },
});

/** A recorded step for people. */
export function wordsOf(recorded: StepRecordOf): string {
  switch (recorded.kind) {
    case 'call':
    case 'refused':
      return recorded.words;
    case 'number':
      return recorded.of ?? 'a number (now or random)';
    case 'question':
      return questionWords(recorded);
    case 'sleep':
    case 'report':
    case 'annotation':
      return recorded.kind;
  }
}

/**
 * Whether the code may have the recorded answer. @param recorded what stands under the label of the ask; null where
 * nothing does
 */
export function replay(ask: ReadyAsk, recorded: StepRecordOf | null): Replay {
  if (recorded === null) return { kind: 'new' };
  const same = { kind: 'recorded', step: recorded } as const;
  const changed = (asked: string): Replay => ({
    kind: 'changed',
    recorded: wordsOf(recorded),
    asked,
  });
  switch (ask.kind) {
    case 'call': {
      const words = (): string => callWords(ask.plugin, ask.inputs);
      const isCall = recorded.kind === 'call' || recorded.kind === 'refused';
      if (!isCall || recorded.fingerprint !== fingerprint(ask.plugin, ask.inputs)) return changed(words());
      const change = recorded.job === undefined ? null : jobChange(recorded.job, ask);
      if (change === null) return same;
      return {
        kind: 'changed',
        recorded: `${recorded.words} with ${change.recorded}`,
        asked: `${words()} with ${change.asked}`,
      };
    }
    case 'now':
    case 'random':
      return recorded.kind === 'number' && (recorded.of ?? ask.kind) === ask.kind ? same : changed(ask.kind);
    case 'sleep':
      return recorded.kind === 'sleep' ? same : changed('sleep');
    case 'report':
      return recorded.kind === 'report' ? same : changed('report');
    case 'annotation':
      return recorded.kind === 'annotation' ? same : changed('annotation');
    case 'question': {
      const words = questionWords(ask.question);
      return recorded.kind === 'question' && questionWords(recorded) === words ? same : changed(words);
    }
  }
}
