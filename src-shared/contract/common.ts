import { z } from 'zod';
import { displayStates } from '../process/states.ts';
import { linkTypes } from '../provenance/links.ts';
import { nodeKinds } from '../provenance/node-types.ts';

/** Milliseconds since 1970-01-01 UTC. */
export const time = z.number();

export const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'no UUID');

/** Where nodes are read from: the open profile, or the handle of an archive that is open read-only. */
export const source = z.string().max(100).default('profile');

export const linkType = z.enum(linkTypes);
export const nodeKind = z.enum(nodeKinds);
export const state = z.enum(displayStates);

export const nothing = z.object({});

export const errorInfo = z.object({
  family: z.enum(['user', 'operational', 'unexpected']),
  code: z.string(),
  message: z.string(),
  subject: z.string().optional(),
  hint: z.string().optional(),
  details: z.string().optional(),
});

/** A node as a row, a link's end or a search hit. */
export const nodeRef = z.object({
  uuid,
  /** PK in the source it came from. */
  pk: z.number(),
  kind: nodeKind,
  nodeType: z.string(),
  /** What to call it: its label, else the process label, else the class name. */
  name: z.string(),
  /** A short reading of its content: `5`, `Si2`, `12 files`. Empty where there is none. */
  summary: z.string(),
  /** Only for processes. */
  state: state.nullable(),
  /** A process that did not run: an equal one that had ended stands for it. */
  cached: z.boolean().optional(),
  ctime: time,
});
export type NodeRef = z.infer<typeof nodeRef>;

/** Progress of something that takes more than a second. `total` is null where it is not known. */
export const progress = z.object({
  done: z.number(),
  total: z.number().nullable(),
  unit: z.enum(['bytes', 'nodes', 'files', 'steps']),
  words: z.string(),
});
export type Progress = z.infer<typeof progress>;
