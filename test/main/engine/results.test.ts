import { describe, expect, it } from 'vitest';
import type { EngineEvent, ReadyData } from '#main/engine/events.ts';
import { jobTransition } from '#main/engine/transitions/job.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import { attributesOf, commands, hash, jobState, spec } from './samples.ts';

const file: ReadyData = {
  nodeType: 'data.core.singlefile.SinglefileData.',
  attributes: '{}',
  label: '',
  files: [['a', hash]],
};
/** It allows any output, as `core.shell` does. */
const open: ProcessSpec = { ...spec(), outputs: { ...spec().outputs, dynamic: ['data'] } };
const parsed = (event: EngineEvent) => jobTransition(jobState({ phase: 'parse' }), event, 1_000_000, open);

describe('the outputs of a job', () => {
  it('may not have the name of one that every job has: it ends with exit code 10, in words', () => {
    const decision = parsed({ kind: 'ran', outcome: { kind: 'outputs', outputs: { retrieved: file } } });
    expect(commands(decision, 'create')).toEqual([]);
    expect(attributesOf(decision)).toMatchObject({
      process_state: 'finished',
      exit_status: 10,
      exit_message: 'The output “retrieved” has a name that is taken: every job has one of that name.',
    });
  });

  it('that no link can have do not undo the exit code of its own that it ends with', () => {
    const outputs = { retrieved: file, 'a b': file, good: file };
    const outcome = { kind: 'exit', status: 303, message: 'not there', outputs } as const;
    const decision = parsed({ kind: 'ran', outcome });
    expect(commands(decision, 'create').map(({ label }) => label)).toEqual(['good']);
    expect(attributesOf(decision)).toMatchObject({ exit_status: 303, exit_message: 'not there' });
    expect(commands(decision, 'log').map(({ message }) => message)).toEqual([
      'The output “retrieved” was not kept: its name is taken.',
      'The output “a b” was not kept: its name is not valid.',
    ]);
  });
});

it('what was not retrieved stands in the log with its reason, and many of them are summed up', () => {
  const links = Array.from({ length: 30 }, (_, n) => ({ path: `link${n}`, why: 'it is a link' }));
  const decision = jobTransition(
    jobState({ phase: 'retrieve' }),
    { kind: 'retrieved', files: [], unmatched: ['*.dat'], skipped: links },
    1_000_000,
    spec(),
  );
  const messages = commands(decision, 'log').map(({ message }) => message);
  expect(messages).toHaveLength(21);
  expect([messages[0], messages[1], messages[20]]).toEqual([
    'No file matched “*.dat” in the work directory.',
    '“link0” was not retrieved: it is a link.',
    'And 11 more that were not retrieved.',
  ]);
});
