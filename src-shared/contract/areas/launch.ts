import { z } from 'zod';
import { command, query } from '../define.ts';
import { nothing, time, uuid } from '../common.ts';
import type { JobOptionsInput } from '../../process/job-options.ts';
import { cacheChoices } from '../../process/caching-rules.ts';
import type { StopRuleInput } from '../../process/stop-rules.ts';
import { valueTypes } from '../../process/ports.ts';
import type { PortNamespace } from '../../process/ports.ts';

/** The specification of a process as the plugin host describes it; its own type lives in `process/ports.ts`. */
export const processSpec = z.object({
  id: z.string(),
  kind: z.enum(['calculation-job', 'calculation-function', 'workflow']),
  label: z.string(),
  processType: z.string(),
  summary: z.string(),
  version: z.string(),
  inputs: z.custom<PortNamespace>((value) => typeof value === 'object' && value !== null),
  outputs: z.custom<PortNamespace>((value) => typeof value === 'object' && value !== null),
  exitCodes: z.array(
    z.object({
      status: z.number(),
      label: z.string(),
      message: z.string(),
      invalidatesCache: z.boolean().optional(),
    }),
  ),
});

/** The value of one port: a stored node, or a literal that becomes a node when the process is launched. */
export const inputValue = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('node'), uuid }),
  z.object({ kind: z.literal('value'), type: z.enum(valueTypes), value: z.json() }),
  /** A list or a dictionary as JSON text, because 1 and 1.0 differ and JavaScript's numbers lose that. */
  z.object({ kind: z.literal('json'), text: z.string().max(4_000_000) }),
  z.object({ kind: z.literal('file'), name: z.string().min(1).max(255), content: z.instanceof(Uint8Array) }),
  /** Files that a person chose, by their handles: one as a file, or any number as a folder. */
  z.object({
    kind: z.literal('chosen'),
    as: z.enum(['file', 'folder']),
    files: z.array(z.string()).min(1).max(1000),
  }),
]);
export type InputValue = z.infer<typeof inputValue>;

export const launchRequest = z.object({
  plugin: z.string().min(1),
  /** By flat label: `pw__structure`. */
  inputs: z.record(z.string(), inputValue),
  label: z.string().max(255).default(''),
  description: z.string().default(''),
  /** Only where no code says it. */
  computer: uuid.optional(),
  /** Only for calculation jobs. What is wrong with them comes back as issues, field by field, like all the rest. */
  options: z.custom<JobOptionsInput>((value) => typeof value === 'object' && value !== null).optional(),
  /** When to stop the job while it runs. Wrong ones come back as issues, too. */
  rules: z.custom<readonly StopRuleInput[]>((value) => Array.isArray(value)).optional(),
  /** Whether an equal calculation that has ended may stand for it; as the profile says where it is not given. */
  caching: z.enum(cacheChoices).optional(),
  /** Only for workflows: the run that failed, whose finished steps are taken over. */
  resume: z
    .object({
      from: uuid,
      /** Labels of steps that run again in any case; those of a sub-workflow as `label/inner`. */
      again: z.array(z.string().max(1000)).max(1000).default([]),
    })
    .optional(),
});
export type LaunchRequest = z.infer<typeof launchRequest>;
export type LaunchRequestInput = z.input<typeof launchRequest>;

export const inputIssue = z.object({
  /** Flat label of a port, `options.…` or `computer`; empty where it concerns the whole form. */
  field: z.string(),
  message: z.string(),
});
export type InputIssue = z.infer<typeof inputIssue>;

export const resumeStep = z.object({
  /** Label of the step; `label/inner` for a step of a sub-workflow. */
  path: z.string(),
  /** Class of the process. */
  name: z.string(),
  /** `later`: the code comes to it only after what runs again. */
  verdict: z.enum(['reused', 'again', 'later']),
  why: z.string(),
  /** The process of the former run. */
  former: uuid.nullable(),
});
export type ResumeStep = z.infer<typeof resumeStep>;

export const resumePlan = z.object({
  from: uuid,
  /** How many of each. */
  reused: z.number(),
  again: z.number(),
  later: z.number(),
  /** In the order in which the code asks; at most 500. */
  steps: z.array(resumeStep),
});
export type ResumePlan = z.infer<typeof resumePlan>;

export const launchPreview = z.object({
  issues: z.array(inputIssue),
  /** Null for what runs no job, and while there are issues. */
  job: z
    .object({
      computer: z.string(),
      scheduler: z.string(),
      workDirectory: z.string(),
      /** The job script, byte for byte as it would be submitted; `{…}` stands for what only the launch gives. */
      script: z.string(),
      files: z.array(
        z.object({ path: z.string(), size: z.number(), text: z.string().nullable(), origin: z.string() }),
      ),
      retrieve: z.array(z.string()),
    })
    .nullable(),
  /** What the cache has for it; not there for workflows, and while there are issues. */
  cache: z
    .object({
      words: z.string(),
      /** Whether nothing would run. */
      taken: z.boolean(),
      /** The calculation that has the same inputs; null where there is none that may be taken. */
      equal: z.object({ uuid, name: z.string(), ctime: time }).nullable(),
    })
    .optional(),
  /** Where a former run is resumed, and there are no issues. */
  resume: resumePlan.optional(),
});
export type LaunchPreview = z.infer<typeof launchPreview>;

export const launchArea = {
  'launch.processes': query(nothing, z.array(processSpec)),
  /** Validates, and shows the exact script and files. Stores nothing. */
  'launch.preview': query(launchRequest, launchPreview),
  'launch.submit': command(launchRequest, z.object({ uuid })),
  /** The request that would launch the same again, for the form. */
  'launch.again': query(z.object({ uuid }), launchRequest),
};
