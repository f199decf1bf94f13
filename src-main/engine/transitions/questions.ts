/** A workflow asks a person, waits for as long as it takes, and remembers who answered what. */
import type { GivenAnswer, OpenQuestion, Question } from '#shared/process/question.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import { writeStep, type StepRecordOf } from '../../workflows/steps.ts';
import type { Decision } from '../commands.ts';
import type { EngineEvent } from '../events.ts';
import type { Activity, WorkflowState } from '../state.ts';
import type { Draft } from './common.ts';
import { giveAnswer } from './step-answer.ts';

type Of<K extends EngineEvent['kind']> = Extract<EngineEvent, { kind: K }>;
type WorkflowDraft = Draft<WorkflowState>;

/** States of before there were questions lack them. */
const questionsOf = (state: WorkflowState): Readonly<Record<string, OpenQuestion>> => state.questions ?? {};

/** The question that a person should look at first: its own, else one of a process that it called. */
export function askingOf(state: WorkflowState): { readonly words: string; readonly since: number } | null {
  const [own] = Object.values(questionsOf(state));
  if (own !== undefined) return { words: own.question, since: own.since };
  const [below] = Object.entries(state.askedBelow ?? {});
  if (below === undefined) return null;
  const [label, { words, since }] = below;
  return { words: `“${label}” asks: ${words}`, since };
}

/** What the table says of a workflow that waits for a person; null where it waits for none. */
export function askingActivity(state: WorkflowState): Activity | null {
  const asking = askingOf(state);
  if (asking === null) return null;
  return { step: 'step', words: 'needs you', reason: asking.words, since: asking.since, until: null };
}

/** The attribute `process_status` while one of its own questions is open. */
export function askingStatus(state: WorkflowState): string | undefined {
  const [own] = Object.values(questionsOf(state));
  return own === undefined ? undefined : `Waits for a person: ${own.question}`;
}

/** A question that was answered before is answered again from the record. @param known the record under its label */
export function onQuestion(
  draft: WorkflowDraft,
  label: string,
  question: Question,
  known: StepRecordOf | null,
): Decision {
  if (known?.kind === 'question') {
    if (known.answer === null) return draft.keep();
    return giveAnswer(draft, label, known, { kind: 'choice', ...known.answer }).keep();
  }
  const open: OpenQuestion = { ...question, since: draft.now };
  draft.do({ kind: 'record-step', label, record: writeStep({ kind: 'question', ...open, answer: null }) });
  draft.set({ questions: { ...questionsOf(draft.state), [label]: open } });
  draft.do({ kind: 'log', level: 'REPORT', message: `Asks a person: ${question.question}` });
  return draft.attributes({ process_status: askingStatus(draft.state) }).keep();
}

/** The first answer counts; one that comes later, or to nothing that was asked, changes nothing. */
export function onAnswered(draft: WorkflowDraft, event: Of<'answered'>): Decision {
  const { [event.label]: open, ...questions } = questionsOf(draft.state);
  const choice = open?.choices.find(({ name }) => name === event.choice);
  // answered already, in another window; or nothing that was asked
  if (open === undefined || choice === undefined || draft.state.killing) return draft.keep();
  const answer: GivenAnswer = { choice: choice.name, by: event.by, at: draft.now };
  const answers = [
    ...(draft.state.answers ?? []),
    { label: event.label, question: open.question, ...answer },
  ];
  draft.set({ questions, answers });
  draft.attributes({
    process_status: undefined,
    answers: answers.map((one) => ({ ...one, at: new Date(one.at).toISOString() }) satisfies PyJson),
  });
  const words = `${event.by} answered “${choice.label}” to: ${open.question}`;
  draft.do({ kind: 'log', level: 'REPORT', message: words }).note(words);
  const step = { kind: 'question', ...open, answer } as const;
  return giveAnswer(draft, event.label, step, { kind: 'choice', ...answer }).keep();
}

/** A process that it called asks, or asks no more: who looks at the caller must see it too. */
export function onAskedBelow(draft: WorkflowDraft, { label, asking }: Of<'asked-below'>): Decision {
  const { [label]: _, ...others } = draft.state.askedBelow ?? {};
  return draft.set({ askedBelow: asking === null ? others : { ...others, [label]: asking } }).keep();
}
