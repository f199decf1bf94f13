import { z } from 'zod';
import { task } from '../define.ts';
import { progress } from '../common.ts';
import { exportSelection, fileHandle } from './sharing.ts';

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

export const waysOutArea = {
  /** Written beside the target and renamed when it is complete. */
  'waysOut.write': task(
    z.object({ selection: exportSelection, form: wayOut, to: z.string() }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('progress'), progress }),
      z.object({ kind: z.literal('done'), file: fileHandle, report: wayOutReport }),
    ]),
  ),
};
