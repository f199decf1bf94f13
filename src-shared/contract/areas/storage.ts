import { z } from 'zod';
import { command, query, stream, task } from '../define.ts';
import { nothing, progress, time, uuid } from '../common.ts';
import { deleteSwitches } from '../../provenance/traversal-rules.ts';

export const deletionSelection = z.object({
  what: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('nodes'), uuids: z.array(uuid).min(1).max(100_000) }),
    /** The members of a group; the group itself stays. */
    z.object({ kind: z.literal('group'), uuid }),
    /** All that a table shows, by the filter language, as `nodes.find` has it; `roots`: no process that was called. */
    z.object({
      kind: z.literal('fitting'),
      filter: z.string().max(2000),
      typePrefix: z.string().max(255).default(''),
      roots: z.boolean().default(false),
    }),
  ]),
  /** Rules that differ from the default. */
  rules: z.partialRecord(z.enum(deleteSwitches), z.boolean()).default({}),
});
export type DeletionSelection = z.infer<typeof deletionSelection>;
export type DeletionSelectionInput = z.input<typeof deletionSelection>;

const doomedNode = z.object({ uuid, name: z.string(), nodeType: z.string() });

/** Exactly what a deletion would take away. */
export const deletionPreview = z.object({
  /** Stands for all of it, and is all that the deletion is given: it refuses where something has changed since. */
  digest: z.string(),
  nodes: z.number(),
  links: z.number(),
  memberships: z.number(),
  logs: z.number(),
  comments: z.number(),
  /** Of files that no other node has: free once the deletion cannot be taken back any more. */
  files: z.number(),
  bytes: z.number(),
  /** How many nodes go by which rule, with up to five of them; `chosen` for those that were selected. */
  byRule: z.array(
    z.object({ rule: z.string(), words: z.string(), nodes: z.number(), examples: z.array(doomedNode) }),
  ),
  byType: z.array(z.object({ nodeType: z.string(), nodes: z.number() })),
  /** Why it cannot be done, each with some nodes; empty where it can. */
  obstacles: z.array(z.object({ message: z.string(), count: z.number(), nodes: z.array(doomedNode) })),
});
export type DeletionPreview = z.infer<typeof deletionPreview>;

/** What was deleted and can be restored. */
export const deletion = z.object({
  uuid,
  time,
  nodes: z.number(),
  links: z.number(),
  memberships: z.number(),
  logs: z.number(),
  comments: z.number(),
  files: z.number(),
  bytes: z.number(),
  byType: z.array(z.object({ nodeType: z.string(), nodes: z.number() })),
  /** Names of up to five of the nodes that were selected. */
  examples: z.array(z.string()),
});
export type Deletion = z.infer<typeof deletion>;

/** Some of the deletions that can be taken back, the newest first; `skip` of them are newer. */
export const deletionsPage = z.object({
  rows: z.array(deletion),
  skip: z.number(),
  /** Of all deletions, those on other pages included; and the nodes of them. */
  total: z.number(),
  nodes: z.number(),
});
export type DeletionsPage = z.infer<typeof deletionsPage>;

const share = { nodes: z.number(), files: z.number(), bytes: z.number() };

/** Where the room on the disk goes. A file that several nodes have counts once, at the oldest of them. */
export const storageReport = z.object({
  nodes: z.number(),
  /** Bytes of the database. */
  database: z.number(),
  /** Of all files together, those that nothing names included. */
  files: z.number(),
  bytes: z.number(),
  /**
   * What freeing space lets go of: files that nothing names, and purged content that was removed for good. Without what the
   * app itself holds while it runs, as the texts of its plugins.
   */
  unnamed: z.object({ files: z.number(), bytes: z.number() }),
  /** What can be restored; `bytes` of files become free when it is let go. */
  deleted: z.object({ deletions: z.number(), nodes: z.number(), bytes: z.number() }),
  /**
   * Purged content that is set aside and can be restored: its room is free when it is removed for good. With how much of
   * each purge is here again, by an archive or because it was written again.
   */
  purged: z.object({
    files: z.number(),
    bytes: z.number(),
    purges: z.array(z.object({ uuid, files: z.number(), bytes: z.number() })),
  }),
  /** Bytes inside of the database and of the index of files that nothing uses: freeing space gives them back. */
  loose: z.number(),
  /** Bytes; null where the system does not say. */
  freeRoom: z.number().nullable(),
  byType: z.array(z.object({ nodeType: z.string(), ...share })),
  byAge: z.array(z.object({ age: z.enum(['week', 'month', 'year', 'older']), ...share })),
  /** The 50 largest. A node in several groups counts in each. */
  byGroup: z.array(z.object({ uuid, label: z.string(), ...share })),
  /** At most 50 each. */
  largestNodes: z.array(
    z.object({ uuid, name: z.string(), nodeType: z.string(), files: z.number(), bytes: z.number() }),
  ),
  largestFiles: z.array(
    z.object({ uuid, name: z.string(), nodeType: z.string(), hash: z.string(), bytes: z.number() }),
  ),
});
export type StorageReport = z.infer<typeof storageReport>;

export const freeReport = z.object({
  files: z.number(),
  bytes: z.number(),
  /** Files that nothing names yet, and that somebody may be about to name: they are looked at the next time. */
  held: z.number(),
  /** Bytes that the index of files gave back to the disk. */
  compacted: z.number(),
  /** Bytes of the database of the profile. */
  database: z.object({ before: z.number(), after: z.number() }),
  /** Somebody stopped it: the rest is found the next time. */
  stopped: z.boolean(),
  /** Why room that is free inside of a database stays there, and what to do, in words. */
  unfinished: z.array(z.string()),
});
export type FreeReport = z.infer<typeof freeReport>;

const reporting = <Done extends z.ZodRawShape>(done: Done) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('progress'), progress }),
    z.object({ kind: z.literal('done'), ...done }),
  ]);

export const storageArea = {
  'storage.previewDeletion': query(deletionSelection, deletionPreview),
  /**
   * Deletes what a preview showed, by the digest of that preview: the core has kept what was chosen. Refuses with
   * `deletion-outdated` where something has changed since, or where other previews came after it.
   */
  'storage.delete': task(z.object({ digest: z.string().max(100) }), reporting({ deletion })),
  'storage.deletions': stream(
    z.object({
      skip: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(1000),
    }),
    deletionsPage,
  ),
  /** Puts back what a deletion took away. What has come back since, with an archive, is left as it is. */
  'storage.restore': task(
    z.object({ uuid }),
    reporting({ nodes: z.number(), there: z.number(), links: z.number() }),
  ),
  'storage.report': task(nothing, reporting({ report: storageReport })),
  /** Lets go of files that nothing names, and gives the room back to the disk. */
  'storage.free': task(nothing, reporting({ report: freeReport })),
  /** Ends the freeing that goes on early, which then tells what it has done. */
  'storage.stopFreeing': command(nothing, nothing),
  /** Lets go of deletions for good. */
  'storage.forget': task(
    z.object({
      what: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('these'), uuids: z.array(uuid).min(1).max(1000) }),
        z.object({ kind: z.literal('all') }),
      ]),
    }),
    reporting({ nodes: z.number() }),
  ),
};
