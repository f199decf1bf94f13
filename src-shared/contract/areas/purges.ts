import { z } from 'zod';
import { nothing, progress, time, uuid } from '../common.ts';
import { stream, task } from '../define.ts';

/** Of which nodes the content of files is purged; what stands in no condition is not asked. */
export const purgeSelection = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('nodes'), uuids: z.array(uuid).min(1).max(100_000) }),
  z.object({
    kind: z.literal('rule'),
    /** The beginning of the node type; empty for any. */
    nodeType: z.string().default(''),
    /** Label of the link by which a calculation made the node, `retrieved` for instance; empty for any node. */
    createdAs: z.string().default(''),
    /** Of the node. */
    olderThanDays: z.number().min(0).nullable().default(null),
    /** Bytes of each file. */
    largerThan: z.number().int().min(0).nullable().default(null),
    group: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('any') }),
        z.object({ kind: z.literal('in'), uuid }),
        z.object({ kind: z.literal('not-in'), uuid }),
        /** In no group at all. */
        z.object({ kind: z.literal('in-none') }),
      ])
      .default({ kind: 'any' }),
  }),
]);
export type PurgeSelection = z.infer<typeof purgeSelection>;
export type PurgeSelectionInput = z.input<typeof purgeSelection>;

const node = z.object({ uuid, name: z.string(), nodeType: z.string() });
const amount = z.object({ files: z.number(), bytes: z.number() });

/** Exactly what a purge would take away, and what it leaves. A file that several nodes have counts once. */
export const purgePreview = z.object({
  /** Stands for all of it; the purge is given it back and refuses where something has changed since. */
  digest: z.string(),
  /** Nodes of which at least one file is purged. */
  nodes: z.number(),
  files: z.number(),
  bytes: z.number(),
  /** Files that stay because another node, one that can be restored, or the engine has them too. */
  shared: amount.extend({ holders: z.array(node) }),
  /** Files that were written or found since the start, and may be about to be named by somebody else. */
  held: amount,
  /** Files of the chosen nodes whose content was purged before. */
  purgedBefore: z.number(),
  /** Chosen nodes that are left alone, because a process that has not ended works with them. */
  active: z.number(),
  /** Processes with an input among the nodes: they cannot be run again from it. */
  runs: z.number(),
  byType: z.array(z.object({ nodeType: z.string(), nodes: z.number(), bytes: z.number() })),
  /** At most 20. */
  largest: z.array(node.extend({ files: z.number(), bytes: z.number() })),
});
export type PurgePreview = z.infer<typeof purgePreview>;

/** The record of a purge. */
export const purge = z.object({
  uuid,
  time,
  /** `restorable`: the content is set aside and still takes its room. */
  state: z.enum(['restorable', 'final']),
  /** What was chosen. */
  words: z.string(),
  nodes: z.number(),
  files: z.number(),
  bytes: z.number(),
  runs: z.number(),
  byType: z.array(z.object({ nodeType: z.string(), nodes: z.number(), bytes: z.number() })),
  /** Names of up to five of the nodes. */
  examples: z.array(z.string()),
});
export type Purge = z.infer<typeof purge>;

const reporting = <Done extends z.ZodRawShape>(done: Done) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('progress'), progress }),
    z.object({ kind: z.literal('done'), ...done }),
  ]);

export const purgesArea = {
  'purges.preview': task(purgeSelection, reporting({ preview: purgePreview })),
  /** Refuses with `purge-outdated` where the digest is not that of this moment. */
  'purges.purge': task(z.object({ selection: purgeSelection, digest: z.string() }), reporting({ purge })),
  /** Newest first, at most 1000; those that cannot be restored any more stay as a record. */
  'purges.list': stream(nothing, z.array(purge)),
  /** `there`: files that were here again already. */
  'purges.restore': task(z.object({ uuid }), reporting({ ...amount.shape, there: z.number() })),
  /** Purged content that can be restored is removed for good: its room is free once space is freed. */
  'purges.forget': task(z.object({ uuids: z.array(uuid).min(1).max(1000) }), reporting(amount.shape)),
};
