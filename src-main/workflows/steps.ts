import { z } from 'zod';
import type { ErrorInfo } from '#shared/base/errors.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { jobAsk } from './job-ask.ts';

/**
 * What is recorded of a step under its label. On replay the code asks again, and the record answers: the graph is the
 * checkpoint, this is its index.
 */
const order = z.number().optional();
/** What the code said of the job, which must be the same as well. Steps of before it was recorded do not have it. */
const job = jobAsk.optional();
const stepRecord = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    /** The answers of a workflow are numbered 1, 2, … as they are given; absent while there is none. */
    order,
    plugin: z.string(),
    /** Of the process and its inputs: what must be the same when the code asks again. */
    fingerprint: z.string(),
    /** Readable form of the same, for the page that shows what changed. */
    words: z.string(),
    job,
    child: z.number().transform((id) => id as NodeId),
    /** In a resumed run: the process is of the run of this UUID, and why it stands for the step. */
    reused: z.object({ from: z.string(), why: z.string() }).optional(),
    /** In a resumed run: why the step was not taken over. */
    again: z.string().optional(),
  }),
  /** A call that could not begin, as one of a process that is not installed. The code was told so. */
  z.object({
    kind: z.literal('refused'),
    order,
    fingerprint: z.string(),
    words: z.string(),
    job,
    error: z.custom<ErrorInfo>((value) => typeof value === 'object' && value !== null && 'code' in value),
  }),
  z.object({
    kind: z.literal('number'),
    order,
    value: z.number(),
    /** What it is. Steps of before it was recorded do not have it. */
    of: z.enum(['now', 'random']).optional(),
  }),
  z.object({ kind: z.literal('sleep'), order, until: z.number() }),
  z.object({ kind: z.literal('report') }),
  z.object({ kind: z.literal('annotation') }),
  z.object({
    kind: z.literal('question'),
    order,
    question: z.string(),
    facts: z.array(z.object({ name: z.string(), value: z.string() })).readonly(),
    choices: z.array(z.object({ name: z.string(), label: z.string(), help: z.string() })).readonly(),
    since: z.number(),
    /** Null until a person has answered. */
    answer: z.object({ choice: z.string(), by: z.string(), at: z.number() }).nullable(),
  }),
]);

export type StepRecordOf = z.output<typeof stepRecord>;

/** @throws ZodError where the row is not ours */
export const readStep = (json: string): StepRecordOf => stepRecord.parse(JSON.parse(json));

/** The other way; its text is stored and is read by every later version. */
export const writeStep = (step: StepRecordOf): string => JSON.stringify(step);
