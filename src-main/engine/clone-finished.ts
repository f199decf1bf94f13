import { ensure } from '#shared/base/assert.ts';
import { userError } from '#shared/base/errors.ts';
import { cacheExtras } from '#shared/provenance/cache-extras.ts';
import { newUuid, type NodeId, type Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { readPyJson, type PyJson } from '#shared/provenance/python-json.ts';
import type { EngineTransaction, NodeRecord } from './ports.ts';

type Attributes = { readonly [key: string]: PyJson };

/** A calculation that is made again without running. */
export interface CloneRequest {
  /** A calculation that has ended; its outputs are copied with it. */
  readonly source: NodeRecord;
  readonly uuid: Uuid;
  /** Empty: as the source's. */
  readonly label: string;
  readonly description: string;
  /** Microseconds since 1970. */
  readonly ctime: number;
  /** Stored data, by the labels of the links. */
  readonly inputs: Readonly<Record<string, NodeId>>;
  readonly caller: { readonly process: NodeId; readonly label: string } | null;
  readonly hash: string;
}

const attributesOf = (node: NodeRecord): Attributes => readPyJson(node.attributes) as Attributes;

/**
 * A calculation that has ended is made again without running, as AiiDA does it (aiida-core 2.9, `orm/nodes/node.py`,
 * `_store_from_cache`): a node of its own with the attributes and files of the source, linked to the given inputs and
 * to copies of the outputs, and sealed. Both say whose copy they are.
 * @throws StemmaError `not-a-cache-source` where the source is no calculation that has ended
 */
export function cloneFinished(tx: EngineTransaction, request: CloneRequest): NodeId {
  const { source, ctime, caller } = request;
  if (!source.sealed || (source.nodeType !== NodeType.calcJob && source.nodeType !== NodeType.calcFunction)) {
    throw userError({
      code: 'not-a-cache-source',
      message: `Process ${source.uuid} cannot be copied: it is no calculation that has ended.`,
      subject: source.uuid,
    });
  }
  const id = tx.insertNode({
    uuid: request.uuid,
    nodeType: source.nodeType,
    processType: source.processType,
    label: request.label || source.label,
    description: request.description || source.description,
    ctime,
    attributes: { ...attributesOf(source), sealed: false },
    extras: { [cacheExtras.hash]: request.hash, [cacheExtras.cachedFrom]: source.uuid },
    repository: source.repository,
    computer: source.computer,
  });
  for (const [label, input] of Object.entries(request.inputs)) {
    tx.insertLink({ source: input, target: id, type: 'input_calc', label });
  }
  if (caller !== null) {
    tx.insertLink({ source: caller.process, target: id, type: 'call_calc', label: caller.label });
  }
  for (const link of tx.outgoing(source.id)) {
    if (link.type !== 'create') continue;
    const output = ensure(tx.node(link.target), 'an output of the source');
    const copy = tx.insertNode({
      uuid: newUuid(),
      nodeType: output.nodeType,
      processType: output.processType,
      label: output.label,
      description: output.description,
      ctime,
      attributes: attributesOf(output),
      extras: { [cacheExtras.cachedFrom]: output.uuid },
      repository: output.repository,
      computer: output.computer,
    });
    tx.insertLink({ source: id, target: copy, type: 'create', label: link.label });
  }
  const note = { kind: 'note', words: `taken from the cache: a copy of process ${source.uuid}` } as const;
  tx.appendJournal({ process: id, time: Math.floor(ctime / 1000), event: JSON.stringify(note) });
  tx.seal(id);
  return id;
}
