import { z } from 'zod';
import { query, task } from '../define.ts';
import { progress, source, uuid } from '../common.ts';
import { scriptKinds } from './script-kinds.ts';
import { exportSelection, fileHandle } from './sharing.ts';

export const processCsvColumns = [
  'pk',
  'uuid',
  'state',
  'name',
  'activity',
  'computer',
  'elapsed',
  'ctime',
  'mtime',
] as const;
export const dataCsvColumns = ['pk', 'uuid', 'name', 'content', 'type', 'ctime', 'mtime'] as const;

/** In what form provenance leaves for readers that are not AiiDA. */
export const wayOut = z.discriminatedUnion('kind', [
  z.object({
    /** An RO-Crate 1.1 with the Workflow Run Crate profiles. */
    kind: z.literal('crate'),
    /** A folder, or the same in one zip. */
    packed: z.boolean(),
    /** Empty: one is made from what is in it. */
    title: z.string().max(500).default(''),
    description: z.string().max(10_000).default(''),
    /** SPDX identifier or address of the licence; empty: none was stated, and the crate says so. */
    licence: z.string().max(500).default(''),
  }),
  z.object({
    /** A tree of folders for people: numbered steps, inputs, outputs. */
    kind: z.literal('folders'),
    packed: z.boolean(),
  }),
  /** One JSON document after the W3C submission PROV-JSON. */
  z.object({ kind: z.literal('prov') }),
]);
export type WayOut = z.infer<typeof wayOut>;

/** What was written. */
export const wayOutReport = z.object({
  nodes: z.number(),
  processes: z.number(),
  files: z.number(),
  bytes: z.number(),
  /** What a person should know of what was left out or put in another form. */
  notes: z.array(z.string()),
});
export type WayOutReport = z.infer<typeof wayOutReport>;

/** A table as a person sees it: its filter, its order and its columns; all of its rows. */
export const tableView = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('processes'),
    filter: z.string().max(2000).default(''),
    rootsOnly: z.boolean().default(false),
    sort: z.enum(['ctime', 'mtime', 'name', 'state', 'computer', 'pk']).default('ctime'),
    descending: z.boolean().default(true),
    /** In the order in which they are shown. */
    columns: z
      .array(z.enum(processCsvColumns))
      .min(1)
      .default([...processCsvColumns]),
  }),
  z.object({
    kind: z.literal('data'),
    filter: z.string().max(2000).default(''),
    typePrefix: z.string().max(255).default(''),
    group: uuid.nullable().default(null),
    columns: z
      .array(z.enum(dataCsvColumns))
      .min(1)
      .default([...dataCsvColumns]),
  }),
]);
export type TableView = z.infer<typeof tableView>;

export const waysOutArea = {
  /** Written beside the target and renamed when it is complete. */
  'waysOut.write': task(
    z.object({ selection: exportSelection, form: wayOut, to: z.string() }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('progress'), progress }),
      z.object({ kind: z.literal('done'), file: fileHandle, report: wayOutReport }),
    ]),
  ),
  /** CSV after RFC 4180; times in ISO 8601 and UTC, durations in seconds. */
  'waysOut.table': task(
    z.object({ source, table: tableView, to: z.string() }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('progress'), progress }),
      z.object({ kind: z.literal('done'), file: fileHandle, rows: z.number() }),
    ]),
  ),
  /** A text that runs a process again with the same inputs, and what it needs that it cannot bring along. */
  'waysOut.script': query(
    z.object({ source, uuid, kind: z.enum(scriptKinds) }),
    z.object({ name: z.string(), text: z.string(), needs: z.array(z.string()).readonly() }),
  ),
};
