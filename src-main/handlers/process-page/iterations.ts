import { z } from 'zod';
import type { Iteration } from '#shared/contract/areas/processes.ts';
import {
  iterationActions,
  iterationsAttribute,
  type IterationRecord,
} from '#shared/process/iteration-record.ts';
import type { DisplayState } from '#shared/process/states.ts';
import type { ProcessFacts } from './facts.ts';

const iterationRecord = z.object({
  iteration: z.number(),
  process: z.string(),
  exit_status: z.number().nullable(),
  exit_message: z.string(),
  considered: z.array(z.string()),
  handler: z.string().nullable(),
  action: z.enum(iterationActions),
  says: z.string(),
  changes: z.array(
    z.object({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  answer: z.object({ choice: z.string(), by: z.string(), at: z.string() }).nullable(),
});

/** What a restart workflow did, of its attribute; nothing where an archive holds something else under that name. */
export function readIterations(value: unknown): readonly IterationRecord[] {
  const read = z.array(iterationRecord).safeParse(value);
  return read.success ? read.data : [];
}

const over: ReadonlySet<DisplayState> = new Set(['finished', 'failed', 'excepted', 'killed']);
const label = /^iteration_(\d+)$/;

/** The iterations of a restart workflow, with the one that still runs; empty for what is none. */
export function iterationsOf(facts: ProcessFacts): Iteration[] {
  const records = readIterations(facts.attributes[iterationsAttribute]);
  const states = new Map(facts.called.map(({ node }) => [node.uuid as string, node.state]));
  const judged = records.map(
    ({
      exit_status: exitStatus,
      exit_message: exitMessage,
      considered,
      changes,
      answer,
      ...record
    }): Iteration => ({
      ...record,
      state: states.get(record.process) ?? null,
      exitStatus,
      exitMessage,
      considered: [...considered],
      changes: changes.map((change) => ({ ...change })),
      answer: answer === null ? null : { ...answer, at: Date.parse(answer.at) },
    }),
  );
  // another workflow may call its steps so, too
  if (facts.run === null || judged.length === 0) return judged;
  const known = new Set(records.map(({ process }) => process));
  const running = facts.called.filter(({ label: name, node }) => label.test(name) && !known.has(node.uuid));
  return [
    ...judged,
    ...running.map(({ label: name, node }): Iteration => ({
      iteration: Number(label.exec(name)?.[1]),
      process: node.uuid,
      state: node.state,
      action: node.state !== null && over.has(node.state) ? 'undecided' : 'running',
      exitStatus: null,
      exitMessage: '',
      considered: [],
      handler: null,
      says: '',
      changes: [],
      answer: null,
    })),
  ];
}
