import { z } from 'zod';
import { nothing, progress, time } from '../common.ts';
import { command, stream, task } from '../define.ts';
import { fileHandle, openedArchive } from './sharing.ts';

/** An archive that was opened before and lies where it lay. */
export const recentArchive = z.object({
  file: fileHandle,
  /** The name of the folder that it is in: tells two of one name apart. Empty where it says nothing. */
  folder: z.string(),
  version: z.string(),
  nodes: z.number(),
  opened: time,
});
export type RecentArchive = z.infer<typeof recentArchive>;

/** What opening an archive tells meanwhile, for a person who waits. */
export const openingsArea = {
  /** As `archives.open`, with its progress. Who stops listening cancels it, and nothing of it stays on the disk. */
  'archives.look': task(
    z.object({ file: z.string() }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('progress'), progress }),
      z.object({ kind: z.literal('done'), archive: openedArchive }),
    ]),
  ),
  /** Those that were opened without being imported, the last one first, at most ten. */
  'archives.recent': stream(nothing, z.array(recentArchive)),
  'archives.forgetRecent': command(nothing, nothing),
};
