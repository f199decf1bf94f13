import { z } from 'zod';
import { command, query } from '../define.ts';
import { linkType, nodeRef, nothing, source, time, uuid } from '../common.ts';
import { linkEnd } from './processes.ts';

export const fileEntry = z.object({
  path: z.string(),
  kind: z.enum(['file', 'directory']),
  /** null for directories, and where the object is missing */
  size: z.number().nullable(),
  /** Where a person has purged the content: when, and whether it can be restored on the storage page. */
  purged: z.object({ time, restorable: z.boolean() }).optional(),
  hash: z.string(),
});
export type FileEntry = z.infer<typeof fileEntry>;

export const comment = z.object({ uuid, user: z.string(), ctime: time, mtime: time, content: z.string() });

export const nodeDetail = z.object({
  ref: nodeRef,
  label: z.string(),
  description: z.string(),
  processType: z.string(),
  user: z.string(),
  computer: z.string(),
  computerUuid: z.string(),
  mtime: time,
  /** JSON text as stored: read it with `readPyJson`, because 1 and 1.0 differ. */
  attributes: z.string(),
  extras: z.string(),
  files: z.array(fileEntry),
  incoming: z.array(linkEnd),
  outgoing: z.array(linkEnd),
  /** Links beyond those listed (at most 500 on either side). */
  moreIncoming: z.number(),
  moreOutgoing: z.number(),
  groups: z.array(z.object({ uuid, label: z.string() })),
  comments: z.array(comment),
});
export type NodeDetail = z.infer<typeof nodeDetail>;

/** How many nodes there are of one type, for the tree of types beside the list. */
export const typeCount = z.object({ nodeType: z.string(), processType: z.string(), count: z.number() });
export type TypeCount = z.infer<typeof typeCount>;

export const nodesArea = {
  /** Nodes by the filter language, newest first; `after` is the cursor of the page before. */
  'nodes.find': query(
    z.object({
      source,
      filter: z.string().max(2000).default(''),
      /** Prefix of a node type; empty for all. */
      typePrefix: z.string().max(255).default(''),
      /** Only the members of this group: labels of groups may repeat. */
      group: uuid.nullable().default(null),
      after: z.string().nullable().default(null),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    z.object({
      rows: z.array(nodeRef.extend({ label: z.string(), mtime: time })),
      next: z.string().nullable(),
      total: z.number(),
      exact: z.boolean(),
    }),
  ),
  'nodes.types': query(z.object({ source }), z.array(typeCount)),
  'nodes.get': query(z.object({ source, uuid }), nodeDetail),
  /** By the beginning of a UUID (at least 4 characters) or by PK. */
  'nodes.resolve': query(z.object({ source, text: z.string().min(1).max(36) }), z.array(nodeRef)),
  /** A part of a file. `bytes` is shorter than asked at the end of the file. */
  'nodes.readFile': query(
    z.object({
      source,
      uuid,
      path: z.string().min(1),
      offset: z.number().int().min(0).default(0),
      length: z.number().int().min(1).max(4_000_000).default(256_000),
    }),
    z.object({ size: z.number(), bytes: z.instanceof(Uint8Array) }),
  ),
  'nodes.setLabel': command(z.object({ uuid, label: z.string().max(255) }), nothing),
  'nodes.setDescription': command(z.object({ uuid, description: z.string().max(100_000) }), nothing),
  /** `value` null takes the extra away. Keys that begin with `_aiida` are not for people. */
  'nodes.setExtra': command(
    z.object({
      uuid,
      key: z
        .string()
        .min(1)
        .max(255)
        .regex(/^(?!_aiida)[^.]+$/, 'no dots, and not _aiida…'),
      value: z.json().nullable(),
    }),
    nothing,
  ),
  'nodes.addComment': command(
    z.object({ uuid, content: z.string().min(1).max(100_000) }),
    z.object({ uuid }),
  ),
  'nodes.removeComment': command(z.object({ uuid }), nothing),
};

/** Everything at once, for the search box: processes, data, groups and computers by words. */
export const searchHit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('node'), node: nodeRef, matched: z.string() }),
  z.object({ kind: z.literal('group'), uuid, label: z.string(), count: z.number() }),
  z.object({ kind: z.literal('computer'), uuid, label: z.string(), hostname: z.string() }),
]);
export type SearchHit = z.infer<typeof searchHit>;

export const searchArea = {
  'search.words': query(
    z.object({ source, words: z.string().max(500), limit: z.number().int().min(1).max(100).default(30) }),
    z.array(searchHit),
  ),
};

/**
 * A part of the graph as columns. Index i in `pk` and its siblings is one node; `from[j]` and `to[j]` are indices of
 * the ends of link j. `depth` counts links from the root: negative for ancestors, positive for descendants.
 */
export const graphPart = z.object({
  root: z.number(),
  pk: z.instanceof(Uint32Array),
  /** Index into `nodeKinds`. */
  kind: z.instanceof(Uint8Array),
  /** Index into `displayStates`, 255 for what is no process. */
  state: z.instanceof(Uint8Array),
  /** 1 for a process that was taken from the cache. */
  cached: z.instanceof(Uint8Array),
  depth: z.instanceof(Int32Array),
  uuid: z.array(z.string()),
  name: z.array(z.string()),
  summary: z.array(z.string()),
  nodeType: z.array(z.string()),
  /** Microseconds since 1970, as float64. */
  ctime: z.instanceof(Float64Array),
  /** Links of each node that lead out of this part. */
  hiddenIncoming: z.instanceof(Uint32Array),
  hiddenOutgoing: z.instanceof(Uint32Array),
  /** How many of those are calls: of the node by a workflow, and by the node. */
  hiddenCallers: z.instanceof(Uint32Array),
  hiddenCalls: z.instanceof(Uint32Array),
  from: z.instanceof(Uint32Array),
  to: z.instanceof(Uint32Array),
  /** Index into `linkTypes`. */
  linkType: z.instanceof(Uint8Array),
  linkLabel: z.array(z.string()),
  /** 1 for a link that the system it comes from did not record. */
  linkInferred: z.instanceof(Uint8Array),
  /** Of the root, in the whole graph, along the link types asked for. */
  ancestors: z.number(),
  descendants: z.number(),
  /** The limit was reached and nodes further out are missing. */
  truncated: z.boolean(),
});
export type GraphPart = z.infer<typeof graphPart>;

export const graphArea = {
  /** The neighbourhood of a node: `up` links back, `down` links forward, nearest first, at most `limit` nodes. */
  'graph.around': query(
    z.object({
      source,
      uuid,
      up: z.number().int().min(0).max(1000).default(2),
      down: z.number().int().min(0).max(1000).default(2),
      linkTypes: z
        .array(linkType)
        .default(['input_calc', 'input_work', 'create', 'return', 'call_calc', 'call_work']),
      limit: z.number().int().min(1).max(5000).default(400),
    }),
    graphPart,
  ),
};
