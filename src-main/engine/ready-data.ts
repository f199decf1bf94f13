import type { ObjectHash } from '#shared/provenance/ids.ts';
import { readPyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { treeOf } from '#shared/provenance/repository-tree.ts';
import { newUuid, type ComputerId, type NodeId } from '#shared/provenance/ids.ts';
import type { FunctionOutcome, EngineTransaction, MadeData, ObjectStore } from './ports.ts';
import type { ReadyData, ReadyOutcome } from './events.ts';

/** Stores the files of what plugin code made; one wait for the disk for all of them. */
export async function makeReady(
  objects: ObjectStore,
  made: Readonly<Record<string, MadeData>>,
): Promise<Record<string, ReadyData>> {
  const fresh: Uint8Array[] = [];
  for (const { files } of Object.values(made)) {
    for (const { content } of files) if (typeof content !== 'string') fresh.push(content);
  }
  const stored = fresh.length === 0 ? [] : await objects.putMany(fresh);
  let next = 0;
  const hashOf = (content: Uint8Array | ObjectHash): ObjectHash => {
    if (typeof content === 'string') return content;
    const object = stored[next++];
    if (object === undefined) throw new Error('The repository answered for fewer objects than it was given');
    return object.hash;
  };
  const ready: Record<string, ReadyData> = {};
  for (const [label, { nodeType, attributes, label: name, files }] of Object.entries(made)) {
    ready[label] = {
      nodeType,
      attributes,
      label: name,
      files: files.map(({ path, content }) => [path, hashOf(content)] as const),
    };
  }
  return ready;
}

/** The outcome of plugin code with the files of its outputs stored. */
export async function outcomeReady(objects: ObjectStore, outcome: FunctionOutcome): Promise<ReadyOutcome> {
  if (outcome.kind === 'outputs' || outcome.kind === 'exit') {
    return { ...outcome, outputs: await makeReady(objects, outcome.outputs) };
  }
  return outcome;
}

/** Stores a data node. @param ctime microseconds since 1970 */
export function insertData(
  tx: EngineTransaction,
  data: ReadyData,
  ctime: number,
  computer: ComputerId | null = null,
): NodeId {
  return tx.insertNode({
    uuid: newUuid(),
    nodeType: data.nodeType,
    processType: null,
    label: data.label,
    description: '',
    ctime,
    attributes: readPyJson(data.attributes) as { readonly [key: string]: PyJson },
    repository: treeOf(data.files),
    computer,
  });
}
