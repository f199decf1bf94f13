import { expect, test } from 'vitest';
import { explanationOf } from '#main/handlers/process-page/explanation.ts';
import type { ProcessFacts } from '#main/handlers/process-page/facts.ts';

test.each([
  ['Killed by a person', 'This process was ended before it was done. Killed by a person.'],
  [
    'Killed by a person, with the workflow that called it',
    'This process was ended before it was done. Killed by a person, with the workflow that called it.',
  ],
  // as in profiles of former versions, and in archives
  [undefined, 'This process was ended before it was done.'],
])('a process that was killed says by whom, where that was noted (%s)', (status, headline) => {
  const facts = { run: null, row: { state: 'killed' }, attributes: { process_status: status } };
  expect(explanationOf(facts as unknown as ProcessFacts)?.headline).toBe(headline);
});
