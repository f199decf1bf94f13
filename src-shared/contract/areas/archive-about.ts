import { z } from 'zod';
import { aboutLimits } from '../../provenance/archive-words.ts';

/** What a person says of an archive; empty where nothing was said. */
export const archiveAbout = z.object({
  title: z.string().trim().max(aboutLimits.title).default(''),
  /** Whoever answers for the content, in the form they like to be named in. */
  author: z.string().trim().max(aboutLimits.author).default(''),
  description: z.string().trim().max(aboutLimits.description).default(''),
  /** SPDX identifier or address of the licence. */
  licence: z.string().trim().max(aboutLimits.licence).default(''),
});
export type ArchiveAbout = z.infer<typeof archiveAbout>;
