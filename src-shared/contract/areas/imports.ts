import { z } from 'zod';
import { errorInfo, nothing, progress, time } from '../common.ts';
import { command, stream } from '../define.ts';
import { importOptions } from './import-options.ts';
import { fileHandle, importReport } from './sharing.ts';

/** An import that goes on in the core, whoever looks at it. */
export const importJob = z.object({
  id: z.string(),
  file: fileHandle,
  /** `waiting`: another one is at work; they follow one another. */
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  progress: progress.nullable(),
  /** In the unit of the progress, per second, on the average of its present step; null before there is one. */
  rate: z.number().nullable(),
  /** Of one that is done. */
  report: importReport.nullable(),
  /** Of one that has failed. */
  error: errorInfo.nullable(),
  started: time,
});
export type ImportJob = z.infer<typeof importJob>;

export const importsArea = {
  /** Begins an import that does not end with the window that asked for it. */
  'imports.start': command(
    z.object({ file: z.string(), options: importOptions.prefault({}) }),
    z.object({ id: z.string() }),
  ),
  /** Those that go on, and the last that have ended, the oldest first. */
  'imports.list': stream(nothing, z.array(importJob)),
  /** What is stored of it is taken back; files stay, for the next attempt. */
  'imports.cancel': command(z.object({ id: z.string() }), nothing),
};
