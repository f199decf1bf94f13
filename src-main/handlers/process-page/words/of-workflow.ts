/** A workflow waits: for an answer, for its steps, or for its former code. */
import type { Explanation, LinkEnd } from '#shared/contract/areas/processes.ts';
import { fact, lastsSince, plain, stepsDone, type Facts, type Of } from './pieces.ts';

/** The replayed code asks for something else than is recorded; to go on would mix two versions in one run. */
export const codeChanged = ({ run, changed }: Of<'code-changed'>): Explanation => ({
  ...plain,
  tone: 'needs-you',
  headline: `The code of the workflow has changed since it started: step “${changed.label}” asks for something else.`,
  ...lastsSince(run),
  facts: [
    fact('Recorded', changed.recorded),
    fact('Asked now', changed.asked),
    fact('Steps done', String(run.finished)),
  ],
  advice: [],
  actions: ['show-code', 'resume', 'play', 'kill'],
  consequences: {
    'show-code': 'The code of this run and the code that is installed, side by side.',
    resume:
      'Starts a new run with the code that is installed; what this run finished is taken over where it is the same.',
    play: 'Asks once more: with the former version of the plugin back in place, the workflow goes on where it was.',
    kill: 'Ends the workflow. What its steps have stored stays; launch it again to use the new code.',
  },
});

/** Only the first question is asked; how many come after it is said. */
export const question = ({ run, label, question: asked }: Of<'question'>): Explanation => ({
  ...plain,
  tone: 'needs-you',
  headline: asked.question,
  since: asked.since,
  next: { words: 'waits for your answer, for as long as it takes' },
  facts: [
    ...asked.facts.map(({ name, value }) => fact(name, value)),
    ...stepsDone(run),
    ...moreQuestions(Object.keys(run.questions ?? {}).length - 1),
  ],
  question: { label, choices: asked.choices.map((choice) => ({ ...choice })) },
  actions: ['kill'],
});

const moreQuestions = (count: number): Facts =>
  count === 0 ? [] : [fact('Then', count === 1 ? 'one more question' : `${count} more questions`)];

/** A process that it called, or one below that, asks a person. */
export function questionBelow({ below }: Of<'question-below'>, called: readonly LinkEnd[]): Explanation {
  const child = called.find((end) => end.label === below.label);
  return {
    ...plain,
    tone: 'needs-you',
    headline: `Its step “${below.label}” asks a person.`,
    since: below.since,
    next: { words: 'waits for your answer, for as long as it takes' },
    facts: [
      fact('It asks', below.words),
      ...(child === undefined
        ? []
        : [{ ...fact('Answer it there', child.node.name), process: child.node.uuid }]),
    ],
    actions: ['kill'],
  };
}

/** So many of the steps that it waits for are named. */
const mostNamed = 8;

/** Steps that have not ended, the first few by name. */
export function waitsForChildren({ run, labels }: Of<'children'>, called: readonly LinkEnd[]): Explanation {
  const named = labels.slice(0, mostNamed).map((label): Facts[number] => {
    const child = called.find((end) => end.label === label);
    return child === undefined
      ? fact(`Step ${label}`, 'has begun')
      : {
          name: `Step ${label}`,
          value: `${child.node.name}${child.node.state === null ? '' : `: ${child.node.state}`}`,
          process: child.node.uuid,
        };
  });
  const more = labels.length - named.length;
  return {
    ...plain,
    headline:
      labels.length === 1 ? `Waiting for its step “${labels[0]}”.` : `Waiting for ${labels.length} steps.`,
    ...lastsSince(run),
    facts: [...named, ...(more > 0 ? [fact('And', `${more} more`)] : []), ...stepsDone(run)],
    advice: ['Why a step waits stands on its own page.'],
    actions: ['pause', 'kill'],
  };
}
