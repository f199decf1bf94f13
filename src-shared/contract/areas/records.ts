import { z } from 'zod';
import { query } from '../define.ts';
import { fileHandle } from './sharing.ts';

/** Other systems whose records can be read. */
export const recordSystems = ['signac', 'Parsl', 'FireWorks', 'Snakemake'] as const;
export type RecordSystem = (typeof recordSystems)[number];

/** What the records of another system hold, before anything is imported. */
export const recordsFound = z.object({
  system: z.enum(recordSystems),
  /** Of their format; empty where it says none. */
  version: z.string(),
  /** By what the system was recognised: a clause. */
  why: z.string(),
  /** What was chosen: the name of a file or folder. */
  name: z.string(),
  processes: z.number(),
  data: z.number(),
  files: z.number(),
  links: z.number(),
  /** Of the links: those that the system did not record itself. */
  inferredLinks: z.number(),
  /** Why links were inferred, each reason once, with how many links. */
  inferred: z.array(z.object({ why: z.string(), links: z.number() })),
  /** What was left out, and what a person should know; at most 100. */
  notes: z.array(z.string()),
  /** The archive that was made of them: to preview, to look into, to import as any other. */
  archive: fileHandle,
});
export type RecordsFound = z.infer<typeof recordsFound>;

export const recordsArea = {
  /**
   * Recognises the records in a chosen folder or file, and makes an archive of them. The same choice gives the same
   * archive until the profile is closed.
   */
  'records.read': query(z.object({ place: z.string() }), recordsFound),
};
