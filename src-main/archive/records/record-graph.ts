import { createHash } from 'node:crypto';
import type { RecordSystem } from '#shared/contract/areas/records.ts';
import type { LinkType } from '#shared/provenance/links.ts';
import { writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { recordsTooLarge } from './record-errors.ts';
import { RecordTimes } from './record-times.ts';
import { uuid5 } from './uuid5.ts';

export interface RecordNode {
  readonly uuid: Uuid;
  readonly nodeType: string;
  readonly label: string;
  readonly attributes: Readonly<Record<string, PyJson>>;
  /** Microseconds since 1970. */
  readonly time: number;
  readonly files: readonly (readonly [path: string, content: Buffer])[];
  /** Links at this node that the system did not record, in words. */
  readonly inferred: string[];
}

interface RecordLink {
  readonly source: RecordNode;
  readonly target: RecordNode;
  readonly type: LinkType;
  readonly label: string;
}

/** What a node is made from. */
export interface Described {
  /** Names it among the records of its system; with the content it makes the UUID. */
  readonly key: string;
  readonly label: string;
  readonly attributes: Readonly<Record<string, PyJson>>;
  /** Microseconds since 1970; 0 where the records do not say. */
  readonly time: number;
  readonly files?: RecordNode['files'];
}

const mostNodes = 1_000_000;
const mostLinks = 4_000_000;

/** How a process of theirs ended, as AiiDA keeps it. */
export const ended = (exitStatus: number, message: string | null): Readonly<Record<string, PyJson>> => ({
  sealed: true,
  process_state: 'finished',
  exit_status: exitStatus,
  ...(message !== null && { exit_message: message }),
});

/** The records of another system as nodes and links of ours. Link types are AiiDA's, so that all of it can leave again. */
export class RecordGraph {
  readonly system: RecordSystem;
  /** Of their format, as far as it says; empty where it does not. */
  readonly version: string;
  readonly nodes: RecordNode[] = [];
  readonly links: RecordLink[] = [];
  readonly notes: string[] = [];
  /** Reads their times, and knows those that could not be read. */
  readonly times = new RecordTimes();
  inferredLinks = 0;
  /** How many links were inferred for which reason. */
  readonly reasons = new Map<string, number>();
  readonly #known = new Map<Uuid, RecordNode>();

  constructor(system: RecordSystem, version: string) {
    this.system = system;
    this.version = version;
  }

  data(described: Described): RecordNode {
    return this.#node('data.core.dict.Dict.', described);
  }

  folder(described: Described): RecordNode {
    return this.#node('data.core.folder.FolderData.', described);
  }

  /** AiiDA's base class: their processes are neither jobs nor functions of AiiDA. */
  calculation(described: Described): RecordNode {
    return this.#node('process.calculation.CalculationNode.', described);
  }

  workflow(described: Described): RecordNode {
    return this.#node('process.workflow.WorkflowNode.', described);
  }

  /** @param inferred why it is thought to be there, where the system did not record it; null where it did */
  link(source: RecordNode, target: RecordNode, type: LinkType, label: string, inferred: string | null): void {
    if (this.links.length >= mostLinks) throw recordsTooLarge(`there are more than ${mostLinks} links`);
    this.links.push({ source, target, type, label });
    if (inferred === null) return;
    this.inferredLinks++;
    this.reasons.set(inferred, (this.reasons.get(inferred) ?? 0) + 1);
    const words = `${type} “${label}”: ${inferred}`;
    source.inferred.push(words);
    target.inferred.push(words);
  }

  /** The same node for the same key and content. */
  #node(nodeType: string, { key, label, attributes, time, files = [] }: Described): RecordNode {
    const digest = createHash('sha256').update(writePyJson(attributes));
    for (const [path, content] of files) digest.update(`\0${path}\0`).update(content);
    const uuid = uuid5(`${this.system}\n${nodeType}\n${key}\n${digest.digest('hex')}`);
    const known = this.#known.get(uuid);
    if (known !== undefined) return known;
    if (this.nodes.length >= mostNodes) throw recordsTooLarge(`there are more than ${mostNodes} nodes`);
    const node: RecordNode = {
      uuid,
      nodeType,
      label: label.slice(0, 255),
      attributes,
      time,
      files,
      inferred: [],
    };
    this.nodes.push(node);
    this.#known.set(uuid, node);
    return node;
  }
}
