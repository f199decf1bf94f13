import { z } from 'zod';
import { task } from '../define.ts';
import { progress, uuid } from '../common.ts';
import { exportSelection } from './sharing.ts';

/** What is known to say who or where somebody is. */
export const identityKinds = [
  'e-mail',
  'name',
  'login',
  'institution',
  'computer',
  'host',
  'account',
  'folder',
] as const;
export type IdentityKind = (typeof identityKinds)[number];

/**
 * What an anonymised export would replace and what it would not: found by doing all of it without writing. Counts are of
 * everything, lists have at most 200 entries.
 */
export const anonymityReport = z.object({
  /** Most frequent first. `times` counts texts of the database, which are changed. */
  replaced: z.array(
    z.object({ kind: z.enum(identityKinds), was: z.string(), becomes: z.string(), times: z.number() }),
  ),
  replacedCount: z.number(),
  /** How many texts change, by where they stand: “attributes of nodes”. */
  changes: z.array(z.object({ where: z.string(), texts: z.number() })),
  /** Known, and left where they stand in texts: too short or too common a word to be replaced without harm. */
  kept: z.array(z.object({ kind: z.enum(identityKinds), text: z.string(), times: z.number() })),
  /** Files whose content has something of what is replaced elsewhere; content is never changed. */
  files: z.array(z.object({ uuid, node: z.string(), path: z.string(), times: z.number() })),
  /** Files of nodes, and different contents of them. */
  filesCount: z.number(),
  contentsCount: z.number(),
  /** Contents that are not text (pictures, compressed files): looked through byte by byte, never unpacked. */
  notText: z.number(),
});
export type AnonymityReport = z.infer<typeof anonymityReport>;

export const anonymousArea = {
  'archives.previewAnonymous': task(
    exportSelection,
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('progress'), progress }),
      z.object({ kind: z.literal('done'), report: anonymityReport }),
    ]),
  ),
};
