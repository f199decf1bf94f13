import { linkTypes } from '../provenance/links.ts';
import { nodeKinds } from '../provenance/node-types.ts';

/** Codes of the columns: indices into `nodeKinds` and `linkTypes`, spelled out so that inner loops compare numbers. */
export const Kind = {
  data: nodeKinds.indexOf('data'),
  code: nodeKinds.indexOf('code'),
  calculation: nodeKinds.indexOf('calculation'),
  workflow: nodeKinds.indexOf('workflow'),
  unknown: nodeKinds.indexOf('unknown'),
} as const;

export const Link = {
  inputCalc: linkTypes.indexOf('input_calc'),
  inputWork: linkTypes.indexOf('input_work'),
  create: linkTypes.indexOf('create'),
  return: linkTypes.indexOf('return'),
  callCalc: linkTypes.indexOf('call_calc'),
  callWork: linkTypes.indexOf('call_work'),
} as const;

/** The code of what is no link of the database: data that flows from process to process, folded into one line. */
export const flowLink = linkTypes.length;

/** In the column `state`: the node is no process. */
export const noState = 255;

/** From a workflow to a process. @param type a code of {@link Link}, as in the next two */
export const isCall = (type: number): boolean => type === Link.callCalc || type === Link.callWork;

/** From data to a process. */
export const isInput = (type: number): boolean => type === Link.inputCalc || type === Link.inputWork;

/** From a process to data. */
export const isOutput = (type: number): boolean => type === Link.create || type === Link.return;

/**
 * A graph as columns, as the contract's `GraphPart` carries it: index i is one node, j one link from `from[j]` to
 * `to[j]`. Whatever works on graphs takes this and adds arrays of its own; nobody changes one.
 */
export interface GraphColumns {
  /** Codes of {@link Kind}. */
  readonly kind: Uint8Array;
  /** Index into `displayStates`, or {@link noState}. */
  readonly state: Uint8Array;
  /** 1 for a process that was taken from the cache. */
  readonly cached: Uint8Array;
  readonly uuid: readonly string[];
  readonly name: readonly string[];
  readonly summary: readonly string[];
  readonly nodeType: readonly string[];
  /** Links of each node that lead to nodes which are not here. */
  readonly hiddenIncoming: Uint32Array;
  readonly hiddenOutgoing: Uint32Array;
  /** How many of those are calls. */
  readonly hiddenCallers: Uint32Array;
  readonly hiddenCalls: Uint32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Codes of {@link Link}. */
  readonly linkType: Uint8Array;
  readonly linkLabel: readonly string[];
  /** 1 for a link that the system it comes from did not record. */
  readonly linkInferred: Uint8Array;
}

/** Nodes are the whole numbers below this. */
export const nodeCount = (graph: GraphColumns): number => graph.kind.length;

/** Links are the whole numbers below this; between two nodes there may be several. */
export const linkCount = (graph: GraphColumns): number => graph.linkType.length;

/** A code is data too. @param kind a code of {@link Kind}, as in the next one */
export const isData = (kind: number): boolean => kind === Kind.data || kind === Kind.code;

/** Neither this nor {@link isData} is true of what is of an unknown kind. */
export const isProcess = (kind: number): boolean => kind === Kind.calculation || kind === Kind.workflow;
