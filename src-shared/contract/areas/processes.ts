import { z } from 'zod';
import { command, query, stream } from '../define.ts';
import { linkType, nodeRef, nothing, state, time, uuid, source } from '../common.ts';
import { stopRule, stopRules } from '../../process/stop-rules.ts';
import { counts } from './app.ts';
import { iterationActions } from '../../process/iteration-record.ts';

/** What a process does now, in words and since when. */
export const activity = z.object({
  /** `prepare`, `upload`, …, or `step` for a workflow; empty when it has ended. */
  step: z.string(),
  /** `in queue`, `running`, `waiting for 3 processes` */
  words: z.string(),
  /** The scheduler's or our own reason: `Priority`, `unreachable since 10:32`. */
  reason: z.string(),
  since: time.nullable(),
  /** When something happens next by itself: a poll, a retry. */
  until: time.nullable(),
  /** What happens then: `next try`, `expected to start`, `wakes up`. */
  untilWords: z.string().optional(),
  /** How often it was tried, where it failed. */
  tries: z.number().optional(),
  /** When the computer was last looked at, where that is longer ago than it should be. */
  seen: time.optional(),
  /** It does not go on before a person acts. */
  needsYou: z.boolean().optional(),
});
export type Activity = z.infer<typeof activity>;

export const processRow = z.object({
  uuid,
  pk: z.number(),
  kind: z.enum(['calculation-job', 'calculation-function', 'workflow']),
  name: z.string(),
  label: z.string(),
  state,
  exitStatus: z.number().nullable(),
  activity,
  computer: z.string(),
  caller: uuid.nullable(),
  /** True of a copy from the cache. */
  cached: z.boolean().optional(),
  ctime: time,
  mtime: time,
});
export type ProcessRow = z.infer<typeof processRow>;

export const processTable = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('window'),
    total: z.number(),
    counts,
    /** How many of all processes need a person, whatever the filter is. */
    needsYou: z.number(),
    order: z.array(z.number()),
    rows: z.array(processRow),
  }),
  /** Rows that changed, and the order of PKs in the window where it did. */
  z.object({
    kind: z.literal('change'),
    total: z.number(),
    counts,
    needsYou: z.number(),
    order: z.array(z.number()).nullable(),
    rows: z.array(processRow),
  }),
]);
export type ProcessTableItem = z.infer<typeof processTable>;

export const linkEnd = z.object({
  label: z.string(),
  type: linkType,
  node: nodeRef,
  /** Why the link is thought to be there: only of one that the system did not record which its records came from. */
  inferred: z.string().optional(),
});
export type LinkEnd = z.infer<typeof linkEnd>;

export const logLine = z.object({ time, level: z.string(), source: z.string(), message: z.string() });
export type LogLine = z.infer<typeof logLine>;

/** One line of the life of a process: what was done, when, how long, and how it ended. */
export const processStep = z.object({
  name: z.string(),
  words: z.string(),
  state: z.enum(['done', 'active', 'waiting', 'failed', 'to-come']),
  started: time.nullable(),
  ended: time.nullable(),
  detail: z.string(),
  attempts: z.number(),
});
export type ProcessStep = z.infer<typeof processStep>;

export const explanationActions = [
  'retry-now',
  'play',
  'pause',
  'kill',
  'open-computer',
  'resume-computer',
  'sign-in',
  'show-files',
  'show-code',
  'assume-lost',
  'look-again',
  'launch-again',
  'resume',
] as const;
const explanationAction = z.enum(explanationActions);

/** Why it waits or why it failed: the answer first, then the facts, then what can be done. */
export const explanation = z.object({
  headline: z.string(),
  /** Which of four pictures: it goes on, it waits, it waits for a person, it has failed. */
  tone: z.enum(['goes-on', 'waits', 'needs-you', 'failed']),
  /** Since when it is so. */
  since: time.optional(),
  /** What happens next by itself, and when; without a time where that is not known. */
  next: z.object({ words: z.string(), at: time.optional() }).optional(),
  /** How often it was tried. */
  tries: z.number().optional(),
  /** When the computer last answered, where what is said here rests on that. */
  seen: time.optional(),
  facts: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      /** The process that the fact is about, for a link. */
      process: uuid.optional(),
    }),
  ),
  /** Lines of a log or of scheduler output that say the most. */
  lines: z.array(z.string()),
  advice: z.array(z.string()),
  actions: z.array(explanationAction),
  /** A question of a workflow, to be answered by one of its choices: `processes.answer`. */
  question: z
    .object({
      /** Of the step that asks. */
      label: z.string(),
      choices: z.array(z.object({ name: z.string(), label: z.string(), help: z.string() })),
    })
    .optional(),
  /** What an action leads to, where a person must choose between them. */
  consequences: z.partialRecord(explanationAction, z.string()).optional(),
});
export type Explanation = z.infer<typeof explanation>;

/** A rule that stops the job, and how far it is. */
export const ruleOnPage = z.object({
  rule: stopRule,
  /** After “stop the job when”. */
  words: z.string(),
  /** The last number that it read, as text. */
  last: z.object({ value: z.string(), line: z.string() }).nullable(),
  checked: time.nullable(),
  problem: z.string(),
});
export type RuleOnPage = z.infer<typeof ruleOnPage>;
/** A run that resumes a former one: what it took over, and why the rest ran. */
export const resumedRun = z.object({
  from: uuid,
  /** Null where the former run is not here. */
  run: nodeRef.nullable(),
  steps: z.array(
    z.object({ label: z.string(), reused: z.boolean(), why: z.string(), node: nodeRef.nullable() }),
  ),
});
export type ResumedRun = z.infer<typeof resumedRun>;

/** One run of the process that a restart workflow runs, and what was done about how it ended. */
export const iteration = z.object({
  iteration: z.number(),
  process: uuid,
  /** Of the process. */
  state: state.nullable(),
  /** `running` until it has ended, `undecided` until it has been judged: a person may be asked. */
  action: z.enum([...iterationActions, 'running', 'undecided']),
  exitStatus: z.number().nullable(),
  exitMessage: z.string(),
  /** Handlers that were asked, in their order. */
  considered: z.array(z.string()),
  /** The one that acted. */
  handler: z.string().nullable(),
  says: z.string(),
  /** Null stands for nothing there. */
  changes: z.array(
    z.object({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  answer: z.object({ choice: z.string(), by: z.string(), at: time }).nullable(),
});
export type Iteration = z.infer<typeof iteration>;

export const processDetail = z.object({
  node: nodeRef,
  row: processRow,
  description: z.string(),
  processType: z.string(),
  exitMessage: z.string(),
  exception: z.string(),
  steps: z.array(processStep),
  explanation: explanation.nullable(),
  inputs: z.array(linkEnd),
  outputs: z.array(linkEnd),
  called: z.array(linkEnd),
  /** Of a restart workflow; empty for what is none. */
  iterations: z.array(iteration),
  caller: linkEnd.nullable(),
  /** Null for what resumes no other run. */
  resumed: resumedRun.nullable(),
  /** Scheduler, job id, remote work directory, script, exit status …: name and value for a table. */
  scheduler: z.array(z.object({ name: z.string(), value: z.string() })),
  log: z.array(logLine),
  /** Of a job that has not ended. */
  rules: z.array(ruleOnPage),
  can: z.object({
    pause: z.boolean(),
    play: z.boolean(),
    kill: z.boolean(),
    launchAgain: z.boolean(),
    setRules: z.boolean(),
    /** As a new run that takes over what finished. */
    resume: z.boolean(),
  }),
});
export type ProcessDetail = z.infer<typeof processDetail>;

const cacheValue = z.object({ uuid: uuid.nullable(), words: z.string() }).nullable();
/** Something that is not the same in a calculation (`here`) and in another one (`there`); null: it has none. */
const cacheDifference = z.object({
  kind: z.enum(['input', 'computer', 'attribute', 'code']),
  name: z.string(),
  here: cacheValue,
  there: cacheValue,
  /** Where two dictionaries, lists, structures … differ. */
  inside: z.array(z.object({ path: z.string(), here: z.string().nullable(), there: z.string().nullable() })),
});
export type CacheDifferenceItem = z.infer<typeof cacheDifference>;

/** A process and the cache: whose copy it is, or why it is none; and whether it may be copied itself. */
export const cacheReport = z.object({
  /** `always-runs`: a workflow; its steps are looked up one by one. */
  kind: z.enum(['copy', 'ran', 'always-runs']),
  headline: z.string(),
  detail: z.string(),
  /** Of a copy; null where the source has been deleted. */
  source: nodeRef.nullable(),
  /** How long the source ran, in ms: what the copy saved. */
  savedMs: z.number().nullable(),
  /** The nearest earlier calculation of its type, where it is none itself. */
  nearest: z
    .object({
      node: nodeRef,
      equalInputs: z.number(),
      inputs: z.number(),
      differences: z.array(cacheDifference),
    })
    .nullable(),
  /** Whether equal launches are answered with it, and if not, why. */
  asSource: z.object({
    usable: z.boolean(),
    why: z.string(),
    /** How many are copies of it; 1000 stands for all beyond. */
    copies: z.number(),
    /** What a person can do about it. */
    can: z.enum(['take-out', 'put-back', 'nothing']),
  }),
});
export type CacheReport = z.infer<typeof cacheReport>;
const versionedText = z.object({ text: z.string(), version: z.string() });
const workflowSources = z.object({
  recorded: versionedText.nullable(),
  installed: versionedText.nullable(),
});
export type WorkflowSources = z.infer<typeof workflowSources>;

const many = z.object({ uuids: z.array(uuid).min(1).max(10_000) });
const outcomes = z.object({
  done: z.number(),
  failed: z.array(z.object({ uuid, message: z.string() })),
});

export const processesArea = {
  'processes.table': stream(
    z.object({
      source,
      /** The filter language; empty for everything. */
      filter: z.string().max(2000).default(''),
      /** Only processes that no workflow called. */
      rootsOnly: z.boolean().default(false),
      sort: z.enum(['ctime', 'mtime', 'name', 'state', 'computer', 'pk']).default('ctime'),
      descending: z.boolean().default(true),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    processTable,
  ),
  /** The page of one process; again whenever it changes. */
  'processes.watch': stream(z.object({ source, uuid }), processDetail),
  'processes.cache': query(z.object({ uuid }), cacheReport),
  /** Whether equal launches may be answered with a copy of this calculation. */
  'processes.setCacheSource': command(z.object({ uuid, usable: z.boolean() }), nothing),
  /** The text of a workflow as it was when the run began, and as it is installed now; null where there is none. */
  'processes.workflowSource': query(z.object({ source, uuid }), workflowSources),
  'processes.pause': command(many, outcomes),
  'processes.play': command(many, outcomes),
  'processes.kill': command(many, outcomes),
  /** An action that an explanation offered. */
  'processes.act': command(
    z.object({ uuid, action: z.enum(['retry-now', 'assume-lost', 'look-again']) }),
    nothing,
  ),
  /** Answers a question of a workflow with one of its choices. The first answer counts. */
  'processes.answer': command(
    z.object({ uuid, label: z.string().min(1).max(255), choice: z.string().min(1).max(255) }),
    nothing,
  ),
  /** The rules that stop a running job, all of them. */
  'processes.setRules': command(z.object({ uuid, rules: stopRules }), nothing),
  /** What lies in the work directory of a running job, by path. */
  'processes.remoteFiles': query(
    z.object({ uuid }),
    z.object({
      files: z.array(z.object({ path: z.string(), size: z.number() })),
      /** There are more than are told. */
      isCut: z.boolean(),
    }),
  ),
  /** Bytes of a file in the work directory of a running job: the last, or those from `from` on. */
  'processes.remoteFile': query(
    z.object({
      uuid,
      path: z.string().min(1).max(1000),
      tailBytes: z.number().int().min(1).max(1_000_000).default(64_000),
      /** Bytes that are known already; from there on at most `tailBytes`. */
      from: z.number().int().min(0).optional(),
    }),
    z.object({
      size: z.number(),
      /** Where the bytes begin: 0 where the file has become shorter than `from`. */
      from: z.number(),
      bytes: z.instanceof(Uint8Array),
    }),
  ),
};
