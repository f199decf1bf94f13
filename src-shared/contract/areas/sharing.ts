import { z } from 'zod';
import { command, query, stream, task } from '../define.ts';
import { errorInfo, nothing, progress, source, time, uuid } from '../common.ts';
import { exportSwitches } from '../../provenance/traversal-rules.ts';
import { anonymousChoice } from './anonymous-choice.ts';
import { archiveAbout } from './archive-about.ts';
import { commentModes, extrasModes } from './import-modes.ts';
import { importOptions } from './import-options.ts';

export const groupRow = z.object({
  uuid,
  label: z.string(),
  typeString: z.string(),
  description: z.string(),
  user: z.string(),
  time,
  count: z.number(),
});
export type GroupRow = z.infer<typeof groupRow>;

const groupLabel = z.string().min(1, 'required').max(255);
const members = z.object({ uuid, nodes: z.array(uuid).min(1).max(100_000) });
const changed = z.object({ changed: z.number() });

export const groupsArea = {
  'groups.list': stream(z.object({ source }), z.array(groupRow)),
  'groups.create': command(
    z.object({ label: groupLabel, description: z.string().default('') }),
    z.object({ uuid }),
  ),
  'groups.update': command(z.object({ uuid, label: groupLabel, description: z.string() }), nothing),
  /** The nodes stay. */
  'groups.remove': command(z.object({ uuid }), nothing),
  'groups.addNodes': command(members, changed),
  'groups.removeNodes': command(members, changed),
};

/** A file that a person chose. The core keeps the path; the window never sees or sends one. */
export const fileHandle = z.object({
  handle: z.string(),
  name: z.string(),
  /** Bytes. */
  size: z.number(),
  /** It is a folder: only where one was asked for, or dropped. */
  folder: z.boolean().optional(),
});
export type FileHandle = z.infer<typeof fileHandle>;

export const exportSelection = z.object({
  what: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('all') }),
    z.object({ kind: z.literal('nodes'), uuids: z.array(uuid).min(1).max(100_000) }),
    z.object({ kind: z.literal('group'), uuid }),
  ]),
  /** Rules that differ from the default. */
  rules: z.partialRecord(z.enum(exportSwitches), z.boolean()).default({}),
  logs: z.boolean().default(true),
  comments: z.boolean().default(true),
  /** An archive leaves without files whose content was purged; otherwise it does not leave where there are some. */
  withoutPurged: z.boolean().optional(),
});
export type ExportSelection = z.infer<typeof exportSelection>;
export type ExportSelectionInput = z.input<typeof exportSelection>;

export const exportPreview = z.object({
  nodes: z.number(),
  links: z.number(),
  files: z.number(),
  bytes: z.number(),
  /** Of the files, those whose content was purged: not among the bytes. */
  purged: z.object({ files: z.number(), bytes: z.number() }),
  groups: z.number(),
  computers: z.number(),
  users: z.number(),
  logs: z.number(),
  comments: z.number(),
  /** How many nodes came along by which rule; `chosen` for those that were selected. */
  byRule: z.array(
    z.object({
      rule: z.string(),
      words: z.string(),
      nodes: z.number(),
      /** Up to five of them. */
      examples: z.array(z.object({ uuid, name: z.string() })),
    }),
  ),
  byType: z.array(z.object({ nodeType: z.string(), nodes: z.number() })),
  /** Processes that have not ended and so cannot leave. */
  unsealed: z.array(z.object({ uuid, name: z.string() })),
});
export type ExportPreview = z.infer<typeof exportPreview>;

export const archiveInfo = z.object({
  version: z.string(),
  /** The AiiDA whose format the archive follows; empty where it does not say. */
  aiidaVersion: z.string(),
  /** The program that wrote it, with its version: “Stemma 0.1.0”, “AiiDA 2.6.3”; empty where it does not say. */
  writtenBy: z.string(),
  about: archiveAbout,
  nodes: z.number(),
  links: z.number(),
  groups: z.number(),
  computers: z.number(),
  users: z.number(),
  logs: z.number(),
  comments: z.number(),
  files: z.number(),
});
export type ArchiveInfo = z.infer<typeof archiveInfo>;

/** `changed`: here with another content. */
const mergeCounts = z.object({ new: z.number(), identical: z.number(), changed: z.number() });

/** What an archive has that is merged, each kind by itself. */
export const mergedKinds = [
  'nodes',
  'links',
  'groups',
  'computers',
  'users',
  'logs',
  'comments',
  'files',
  'authInfos',
] as const;
export type MergedKind = (typeof mergedKinds)[number];

/**
 * Why something stands in the way: what is here is another thing under the same UUID, a process had not ended when the
 * archive was made, or the archive contradicts itself.
 */
export const conflictReasons = ['differs', 'not-ended', 'damaged'] as const;
export type ConflictReason = (typeof conflictReasons)[number];

/** Bytes on the disk of the profile. */
const diskUse = z.object({
  /** Files that are not here yet. */
  files: z.number(),
  /** What the rows add to the database: an estimate, from the size of the archive's own. */
  database: z.number(),
  /** Taken while it runs, and given back: the journal of the transaction. */
  temporary: z.number(),
  /** Free now, for whoever runs this. */
  free: z.number(),
  /** Of which this much has to stay free. */
  keep: z.number(),
});
export type DiskUse = z.infer<typeof diskUse>;

/** What an import would do, or did. */
export const importReport = z.object({
  info: archiveInfo,
  /** When the archive was made, as it says itself: ISO 8601 in its maker's local time. Empty where it says nothing. */
  created: z.string(),
  /** What the archive holds by name, at most 50 of each. */
  names: z.object({
    groups: z.array(z.string()),
    computers: z.array(z.string()),
    /** E-mails */
    users: z.array(z.string()),
  }),
  nodes: mergeCounts,
  links: mergeCounts,
  groups: mergeCounts,
  computers: mergeCounts,
  users: mergeCounts,
  logs: mergeCounts,
  comments: mergeCounts,
  files: mergeCounts,
  /** How a person logs in to a computer; read only where the options ask for it. */
  authInfos: mergeCounts,
  /** Of the files that are new. */
  bytes: z.number(),
  disk: diskUse,
  /** What this import changes of what is here, by its options. */
  updates: z.object({ extras: z.number(), comments: z.number() }),
  /** The same for each option that there is: what a person can choose from. */
  choices: z.object({
    extras: z.record(z.enum(extrasModes), z.number()),
    comments: z.record(z.enum(commentModes), z.number()),
  }),
  /** Nodes and comments that are here with another content, and in what they differ; at most 50. */
  differing: z.array(
    z.object({
      of: z.enum(mergedKinds),
      subject: z.string(),
      name: z.string(),
      what: z.array(z.enum(['label', 'description', 'extras', 'text'])),
    }),
  ),
  /** Files that an earlier import of this archive has stored before it was stopped: they are not copied again. */
  resumed: z.object({ files: z.number(), bytes: z.number() }).nullable(),
  /** Renamed labels, skipped rows, anything a person should know. */
  notes: z.array(z.string()),
  /** What makes the import impossible, with the node it concerns, and what that is called where it has a name. */
  conflicts: z.array(
    z.object({
      of: z.enum(mergedKinds),
      subject: z.string(),
      name: z.string(),
      message: z.string(),
      why: z.enum(conflictReasons),
    }),
  ),
  /** How many of each kind stand in the way; more than are listed where there are very many. */
  conflicting: z.record(z.enum(mergedKinds), z.number()),
  /** The group that holds what came in; null in a preview and where nothing did. */
  group: z.object({ uuid, label: z.string() }).nullable(),
});
export type ImportReport = z.infer<typeof importReport>;

/** An archive that is looked at without being imported. */
export const openedArchive = z.object({
  source: z.string(),
  name: z.string(),
  /** The handle that it was opened by: to import it after all. */
  file: z.string(),
  info: archiveInfo,
  /** Sentences on how it is read and what was left out. */
  notes: z.array(z.string()),
  /**
   * What a look at the whole file has found; then nothing of it is shown any more. A large archive shows its first page
   * while that goes on.
   */
  damage: errorInfo.nullable(),
  opened: time,
});
export type OpenedArchive = z.infer<typeof openedArchive>;

export const archivesArea = {
  'archives.previewExport': query(exportSelection, exportPreview),
  /** Ends with the finished file's handle. */
  'archives.export': task(
    z.object({
      selection: exportSelection,
      to: z.string(),
      compression: z.number().int().min(0).max(9).default(6),
      about: archiveAbout.prefault({}),
      anonymous: anonymousChoice.default(null),
    }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('progress'), progress }),
      z.object({ kind: z.literal('done'), file: fileHandle, info: archiveInfo }),
    ]),
  ),
  /** Compares without storing anything. */
  'archives.previewImport': task(
    z.object({ file: z.string(), options: importOptions.prefault({}) }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('progress'), progress }),
      z.object({ kind: z.literal('done'), report: importReport }),
    ]),
  ),
  /** Ends when who asked goes away; for one that goes on see `imports.start`. */
  'archives.import': task(
    z.object({ file: z.string(), options: importOptions.prefault({}) }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('progress'), progress }),
      z.object({ kind: z.literal('done'), report: importReport }),
    ]),
  ),
  /** Opens without importing; the answer's `source` goes into every call that reads. */
  'archives.open': command(z.object({ file: z.string() }), openedArchive),
  'archives.opened': stream(nothing, z.array(openedArchive)),
  'archives.close': command(z.object({ source: z.string() }), nothing),
  /** The bundled demo project, as a handle to preview and import. */
  'archives.demo': query(nothing, fileHandle),
};
