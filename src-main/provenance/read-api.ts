import type { LinkEnd, LogLine, ProcessRow, ResumedRun } from '#shared/contract/areas/processes.ts';
import type { CodeRow, ComputerRow } from '#shared/contract/areas/computers.ts';
import type { GraphPart, NodeDetail, SearchHit } from '#shared/contract/areas/nodes.ts';
import type { ExportSelection, GroupRow } from '#shared/contract/areas/sharing.ts';
import type { DeletionSelection, DeletionsPage } from '#shared/contract/areas/storage.ts';
import type { Purge } from '#shared/contract/areas/purges.ts';
import type { NodeRef } from '#shared/contract/common.ts';
import type { DisplayState } from '#shared/process/states.ts';
import type { JsonDifference } from '#shared/provenance/json-differences.ts';
import type { LinkType } from '#shared/provenance/links.ts';
import type { TraversalRules } from '#shared/provenance/traversal-rules.ts';

/** What does not go on before a person acts: the engine and the computers know it, not the database. */
export interface InNeed {
  /** UUIDs of processes. */
  readonly processes: readonly string[];
  /** Labels of computers: every process that waits for one of them. */
  readonly computers: readonly string[];
}

/** How many rows a source has. */
export interface SourceCounts {
  readonly nodes: number;
  readonly links: number;
  readonly groups: number;
  readonly computers: number;
  readonly users: number;
  readonly logs: number;
  readonly comments: number;
}

/** A page of nodes. `typePrefix` is empty for all types; `after` is the `next` of the page before. */
export interface FindNodes {
  /** The filter language. */
  readonly filter: string;
  readonly typePrefix: string;
  /** UUID of a group: only its members. */
  readonly group?: string | null;
  readonly after: string | null;
  readonly limit: number;
}

/** Newest first. `next` is null after the last page. */
export interface NodePage {
  readonly rows: readonly (NodeRef & { readonly label: string; readonly mtime: number })[];
  readonly next: string | null;
  /** As far as it was counted: see `exact`. */
  readonly total: number;
  readonly exact: boolean;
}

/** A part of the graph around one node, `limit` nodes at most. */
export interface GraphAround {
  readonly uuid: string;
  /** Links to follow at most, in this direction and in the other. */
  readonly up: number;
  readonly down: number;
  readonly linkTypes: readonly LinkType[];
  readonly limit: number;
}

/** A window of the table of processes. */
export interface ProcessQuery {
  readonly filter: string;
  readonly rootsOnly: boolean;
  readonly sort: 'ctime' | 'mtime' | 'name' | 'state' | 'computer' | 'pk';
  readonly descending: boolean;
  /** Of the first row, from 0. */
  readonly offset: number;
  readonly limit: number;
  readonly inNeed?: InNeed;
}

export type StateCounts = Readonly<Record<DisplayState, number>>;

export interface ProcessWindow {
  /** How many rows the filter has, not only those of the window. */
  readonly total: number;
  readonly counts: StateCounts;
  /** Of all processes, whatever the filter is. */
  readonly needsYou: number;
  /** In the order of the window. */
  readonly rows: readonly ProcessRow[];
}

/** Everything stored of one process. JSON comes as text. */
export interface StoredProcess {
  readonly ref: NodeRef;
  readonly row: ProcessRow;
  readonly description: string;
  readonly processType: string;
  readonly attributes: string;
  /** At most 500 each, as of a node. */
  readonly inputs: readonly LinkEnd[];
  readonly outputs: readonly LinkEnd[];
  readonly called: readonly LinkEnd[];
  readonly caller: LinkEnd | null;
  readonly resumed: ResumedRun | null;
  /** The last 2000 lines. */
  readonly log: readonly LogLine[];
  /** The last 2000 events; times in ms since 1970. */
  readonly journal: readonly { readonly time: number; readonly event: string }[];
  /** The engine's state; null once it has ended, and in archives. */
  readonly run: string | null;
}

/** Something that is not the same in two calculations; null where one of them has none. */
export interface CacheDifference {
  /** `code`: the text in which the process is written; null where it was not kept. */
  readonly kind: 'input' | 'computer' | 'attribute' | 'code';
  /** Label of the input, or path of the attribute. */
  readonly name: string;
  readonly here: { readonly uuid: string | null; readonly words: string } | null;
  readonly there: { readonly uuid: string | null; readonly words: string } | null;
  /** Where two inputs of one type differ, at most 30 places. */
  readonly inside: readonly JsonDifference[];
}

/** An earlier calculation of the same type, beside the one that was asked about. */
export interface CacheCandidate {
  readonly node: NodeRef;
  /** By hash: everything that counts is the same. */
  readonly isEqual: boolean;
  readonly isSealed: boolean;
  /** AiiDA's `process_state`. */
  readonly processState: string;
  readonly exitStatus: number | null;
  readonly isTakenOut: boolean;
  /** When the other one was launched. */
  readonly wasOver: boolean;
  readonly equalInputs: number;
  readonly inputs: number;
  readonly differences: readonly CacheDifference[];
}

/** What is stored on a process and the cache. */
export interface CacheFacts {
  readonly processType: string;
  readonly isCalculation: boolean;
  /** What came with an archive has none. */
  readonly hasHash: boolean;
  readonly processState: string;
  readonly exitStatus: number | null;
  /** A person said that it must not be copied. */
  readonly isTakenOut: boolean;
  /** Its launch said that nothing must be taken from the cache. */
  readonly isSwitchedOff: boolean;
  /** Of a copy: whose, and how long that one ran (ms). `node` is null where it has gone. */
  readonly source: {
    readonly uuid: string;
    readonly node: NodeRef | null;
    readonly ranMs: number | null;
  } | null;
  /** How many are copies of it; 1000 stands for all beyond. */
  readonly copies: number;
  /** Candidates that were looked at: the latest of its type, and those with the same inputs. */
  readonly ofType: number;
  readonly nearest: CacheCandidate | null;
}

export interface ClosureRequest {
  readonly what: ExportSelection['what'];
  readonly rules: TraversalRules;
}

/** What would leave with a selection (aiida-core 2.9, `tools/graph/graph_traversers.py`). */
export interface ExportClosure {
  /** Node ids, ascending. */
  readonly ids: Uint32Array;
  readonly links: number;
  /** First rule that led there -> nodes, and up to five of them; `chosen` for the selection itself. */
  readonly byRule: readonly {
    readonly rule: string;
    readonly nodes: number;
    readonly examples: readonly { readonly uuid: string; readonly name: string }[];
  }[];
  readonly byType: readonly { readonly nodeType: string; readonly nodes: number }[];
  /** At most 100 of the processes that have not ended; `unsealedCount` counts all. */
  readonly unsealed: readonly { readonly uuid: string; readonly name: string }[];
  readonly unsealedCount: number;
  readonly computers: number;
  readonly users: number;
  readonly logs: number;
  readonly comments: number;
  /** SHA-256 of each file, 32 bytes each, ascending and without repetition. */
  readonly objects: Uint8Array;
}

export interface DeletionRequest {
  /** As a person chose it, or the nodes that this meant when it was looked at. */
  readonly what: DeletionSelection['what'] | { readonly kind: 'ids'; readonly ids: Uint32Array };
  readonly rules: TraversalRules;
}

/** What a deletion would take away (aiida-core 2.9, `get_nodes_delete`), and what keeps it from being done. */
export interface DeletionPlan {
  /** Node ids, ascending. */
  readonly ids: Uint32Array;
  /** Of them, those that were chosen, in no order: what a deletion of just this is asked for by. */
  readonly chosen: Uint32Array;
  /** The nodes and all that hangs on them, as a number: another one says that something has changed since. */
  readonly digest: string;
  /** Links with an end among the nodes: none of them stays. */
  readonly links: number;
  readonly memberships: number;
  readonly logs: number;
  readonly comments: number;
  /** First rule that led there -> nodes, and some of them; `chosen` for the selection itself. */
  readonly byRule: readonly {
    readonly rule: string;
    readonly nodes: number;
    readonly examples: readonly DoomedNode[];
  }[];
  readonly byType: readonly { readonly nodeType: string; readonly nodes: number }[];
  /** At most 100 of the processes that have not ended; `unendedCount` counts all. */
  readonly unended: readonly DoomedNode[];
  readonly unendedCount: number;
  /** At most 100 nodes that a process which has not ended still works with, though no link says so. */
  readonly needed: readonly DoomedNode[];
  /** SHA-256 of each file that no other node names, 32 bytes each, ascending and without repetition. */
  readonly onlyTheirs: Uint8Array;
}

export interface DoomedNode {
  readonly uuid: string;
  readonly name: string;
  readonly nodeType: string;
}

export interface GraphCheck {
  readonly problems: readonly {
    readonly code: string;
    readonly subject: string;
    readonly message: string;
  }[];
  readonly checked: Readonly<Record<string, number>>;
}

/**
 * Every question to the database of a profile or of an archive. Each is answered from one state of it; what is not there
 * answers null.
 */
export interface ReadApi {
  counts(input: null): SourceCounts;
  findNodes(input: FindNodes): NodePage;
  nodeTypes(
    input: null,
  ): readonly { readonly nodeType: string; readonly processType: string; readonly count: number }[];
  /** Sizes of files are null: the repository knows them. */
  node(input: { readonly uuid: string }): NodeDetail | null;
  resolveNodes(input: { readonly text: string }): readonly NodeRef[];
  /** null where the node or the file is not there. */
  fileHash(input: { readonly uuid: string; readonly path: string }): string | null;
  searchWords(input: { readonly words: string; readonly limit: number }): readonly SearchHit[];
  graphAround(input: GraphAround): GraphPart | null;
  /** Puts the graph into memory, so that the first question about it does not wait. */
  warmGraph(input: null): { readonly nodes: number; readonly links: number };
  groups(input: null): readonly GroupRow[];
  processWindow(input: ProcessQuery): ProcessWindow;
  stateCounts(input: null): StateCounts;
  process(input: { readonly uuid: string }): StoredProcess | null;
  /** null where the node is no process. */
  cacheFacts(input: { readonly uuid: string }): CacheFacts | null;
  /** @param input.hidden also those that are hidden */
  codes(input: { readonly hidden: boolean }): readonly CodeRow[];
  computerRows(input: null): readonly ComputerRow[];
  exportClosure(input: ClosureRequest): ExportClosure;
  deletionPlan(input: DeletionRequest): DeletionPlan;
  /** Newest first. */
  deletions(input: { readonly skip: number; readonly limit: number }): DeletionsPage;
  /** Newest first. */
  purges(input: null): readonly Purge[];
  /** SHA-256 of every file that a node names, 32 bytes each, ascending and without repetition. */
  objects(input: null): { readonly hashes: Uint8Array };
  checkGraph(input: null): GraphCheck;
}

/** The same from outside: in a thread, or in a process of its own. */
export type Reader = {
  readonly [Method in keyof ReadApi]: (
    input: Parameters<ReadApi[Method]>[0],
    signal?: AbortSignal,
  ) => Promise<ReturnType<ReadApi[Method]>>;
};

export interface SlowQuery {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** How long it took. */
  readonly ms: number;
  readonly sql: string;
}
