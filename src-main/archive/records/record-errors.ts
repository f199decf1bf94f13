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
export const recordsDamaged = (subject: string, why: string): StemmaError =>
  userError({ code: 'records-damaged', message: `The records cannot be read: ${why}.`, subject, hint });

/** They ask for more than the budgets of `RecordFiles`: bytes, entries, or depth of folders. */
export const recordsTooLarge = (why: string): StemmaError =>
  userError({ code: 'records-too-large', message: `The records are too large to import: ${why}.`, hint });
