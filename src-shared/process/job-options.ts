import { z } from 'zod';
import { readPathPattern } from '../paths/path-pattern.ts';

const count = z
  .number('Must be a whole number.')
  .int('Must be a whole number.')
  .positive('Must be 1 or more.');

/** What may be retrieved: a path or a glob in the work directory. */
const pathPattern = z.string().superRefine((text, context) => {
  const read = readPathPattern(text);
  if (read.kind === 'bad')
    context.addIssue({
      code: 'custom',
      message: `Must be a path or a glob in the work directory: ${read.why}.`,
    });
});

/** One line of text, for what lands in a scheduler directive or on a command line. */
const line = z
  .string()
  .regex(/^[^\n\r\0]*$/, 'Must be one line.')
  .max(1000, 'Must have at most 1000 characters.');

/** What a scheduler directive takes as a name: no blank that could end it, nothing that a shell reads. */
const directiveWord = z
  .string()
  .regex(/^[A-Za-z0-9_.:@%+,=/-]+$/, 'Must have letters, digits and _ . : @ % + , = / - only.')
  .max(200, 'Must have at most 200 characters.');

/**
 * `metadata.options` of a calculation job, by AiiDA's names, because they are stored as attributes of the node
 * (aiida-core 2.9, `calcjobs/calcjob.py`). Memory in kB (1024 bytes), walltime in seconds.
 */
export const jobOptions = z.object({
  resources: z
    .object({
      num_machines: count.default(1),
      num_mpiprocs_per_machine: count.optional(),
      num_cores_per_machine: count.optional(),
      num_cores_per_mpiproc: count.optional(),
      tot_num_mpiprocs: count.optional(),
    })
    .prefault({}),
  max_wallclock_seconds: count.optional(),
  max_memory_kb: count.optional(),
  queue_name: directiveWord.optional(),
  account: directiveWord.optional(),
  qos: directiveWord.optional(),
  priority: directiveWord.optional(),
  withmpi: z.boolean().optional(),
  mpirun_extra_params: z.array(line).default([]),
  import_sys_environment: z.boolean().default(true),
  environment_variables: z
    .record(
      z
        .string()
        .regex(
          /^[A-Za-z_][A-Za-z0-9_]*$/,
          'Names of variables have letters, digits and _ only, and begin with none of the digits.',
        ),
      line,
    )
    .default({}),
  custom_scheduler_commands: z.string().default(''),
  prepend_text: z.string().default(''),
  append_text: z.string().default(''),
  additional_retrieve_list: z.array(pathPattern).default([]),
  rerunnable: z.boolean().optional(),
});

export type JobOptions = z.output<typeof jobOptions>;
export type JobOptionsInput = z.input<typeof jobOptions>;

/** File names that every job has. AiiDA's own, so that its tools find what they look for. */
export const jobFiles = {
  submitScript: '_aiidasubmit.sh',
  schedulerStdout: '_scheduler-stdout.txt',
  schedulerStderr: '_scheduler-stderr.txt',
} as const;
