import { userError, type StemmaError } from '#shared/base/errors.ts';

const hint = 'Nothing was changed.';

/** Nothing in the folder or file is of a system whose records are read here. */
export const noRecords = (name: string, why: string): StemmaError =>
  userError({
    code: 'no-records',
    message: `“${name}” holds no records that can be read here: ${why}.`,
    subject: name,
    hint: 'A signac project, the monitoring.db of Parsl, a workflow of FireWorks as JSON, or a folder with .snakemake.',
  });

/** The records are there, and contradict their own format. @param subject the file */
/** FireWorks writes the same workflow in either form; its own reader turns one into the other without loss. */
export const yamlNotRead = (name: string): StemmaError =>
  userError({
    code: 'no-records',
    message: `“${name}” is YAML, which is not read here. FireWorks writes the same workflow as JSON.`,
    subject: name,
    hint: `Where FireWorks is installed: python -c "from fireworks import Workflow as W; W.from_file('in.yaml').to_file('out.json')"`,
  });

export const recordsDamaged = (subject: string, why: string): StemmaError =>
  userError({ code: 'records-damaged', message: `The records cannot be read: ${why}.`, subject, hint });

/** They ask for more than the budgets of `RecordFiles`: bytes, entries, or depth of folders. */
export const recordsTooLarge = (why: string): StemmaError =>
  userError({ code: 'records-too-large', message: `The records are too large to import: ${why}.`, hint });
