import { z } from 'zod';
import { commentModes, extrasModes, newExtrasModes } from './import-modes.ts';

/** Where all nodes of the archive are put together, those that were here before among them. */
export const importGroup = z.discriminatedUnion('kind', [
  /** A new one of the type `core.import`, named after the time. */
  z.object({ kind: z.literal('new') }),
  /** One that is here, or a new one of that name. */
  z.object({ kind: z.literal('named'), label: z.string().min(1).max(255) }),
  z.object({ kind: z.literal('none') }),
]);
export type ImportGroup = z.infer<typeof importGroup>;

/** How an archive is merged into a profile. What is left out is as AiiDA does it by itself. */
export const importOptions = z.object({
  extrasExisting: z.enum(extrasModes).default('none'),
  extrasNew: z.enum(newExtrasModes).default('import'),
  comments: z.enum(commentModes).default('leave'),
  group: importGroup.default({ kind: 'new' }),
  /** Also how to log in to its computers, for those where that is not known here. Archives seldom have it. */
  authInfos: z.boolean().default(false),
});
export type ImportOptions = z.infer<typeof importOptions>;
export type ImportOptionsInput = z.input<typeof importOptions>;
