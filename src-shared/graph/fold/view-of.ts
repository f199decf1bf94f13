import { flowLink, isCall, Link, linkCount, nodeCount } from '../columns.ts';
import { graphIndex, isInside, linksAt } from '../graph-index.ts';
import { flowEnds, flows } from './flow-ends.ts';
import { drawnCaller, type Folded, Role } from './folded.ts';

/** Data that is not drawn, as it stands at one drawn process. */
export interface Chip {
  /** Index of the process in the view. */
  readonly host: number;
  readonly side: 'in' | 'out';
  readonly kind: 'private' | 'hub';
  /** Nodes of the graph: all private ones of a side together, each hub for itself. */
  readonly data: readonly number[];
}

/** What is drawn of a folded graph. Indices are those of the view unless they are called nodes of the graph. */
export interface View {
  readonly folded: Folded;
  /** The node of the graph that each drawn node is or stands for. */
  readonly node: Uint32Array;
  /** The drawn node that shows each node of the graph, or -1. */
  readonly shownBy: Int32Array;
  /** Nodes of the graph that each drawn node stands for, itself first. */
  readonly members: readonly (readonly number[])[];
  /** The drawn workflow that called each drawn process, or -1. */
  readonly caller: Int32Array;
  /** Lines between drawn nodes: links of one type between the same two nodes are one line. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Codes of `Link`, or `flowLink`. */
  readonly type: Uint8Array;
  /**
   * 1 where the line says nothing that is not seen without it, once workflows are drawn around what they called: the
   * call itself, data handed on to a called process, and data returned that a called process created.
   */
  readonly implied: Uint8Array;
  /** The links of the graph in each line; for a flow, the data nodes of the graph on it. */
  readonly carries: readonly (readonly number[])[];
  /** 1 where the system that the line comes from did not record all that is in it. */
  readonly inferred: Uint8Array;
  readonly chips: readonly Chip[];
  /** Links of each drawn node to nodes that are not here or outside. */
  readonly stubIn: Uint32Array;
  readonly stubOut: Uint32Array;
}

interface Line {
  from: number;
  to: number;
  type: number;
  carries: number[];
}

/** @param hiddenTypes flags by link type (and `flowLink`): lines of these types are left out */
export function viewOf(folded: Folded, hiddenTypes: Uint8Array = new Uint8Array(flowLink + 1)): View {
  const { graph } = folded;
  const node: number[] = [];
  const shownBy = new Int32Array(nodeCount(graph)).fill(-1);
  for (let i = 0; i < nodeCount(graph); i++) {
    if (folded.role[i] === Role.drawn) shownBy[i] = node.push(i) - 1;
  }
  const members: number[][] = node.map((head) => [head]);
  for (let i = 0; i < nodeCount(graph); i++) {
    if (folded.role[i] !== Role.merged) continue;
    shownBy[i] = shownBy[folded.head[i] as number] as number;
    members[shownBy[i] as number]?.push(i);
  }
  const callsHidden = hiddenTypes[Link.callCalc] === 1 && hiddenTypes[Link.callWork] === 1;
  const caller = Int32Array.from(node, (head) => {
    const above = callsHidden ? -1 : drawnCaller(folded, head);
    return above === -1 ? -1 : (shownBy[above] as number);
  });
  const lines = new Lines(hiddenTypes);
  const chips = new Chips();
  const stubIn = new Uint32Array(node.length);
  const stubOut = new Uint32Array(node.length);
  const add = (stubs: Uint32Array, at: number, links: number): void => {
    stubs[at] = (stubs[at] as number) + links;
  };
  for (let i = 0; i < nodeCount(graph); i++) {
    const at = shownBy[i] as number;
    if (at === -1) continue;
    add(stubIn, at, graph.hiddenIncoming[i] as number);
    add(stubOut, at, graph.hiddenOutgoing[i] as number);
  }
  for (let link = 0; link < linkCount(graph); link++) {
    const a = graph.from[link] as number;
    const b = graph.to[link] as number;
    const from = shownBy[a] as number;
    const to = shownBy[b] as number;
    if (from !== -1 && to !== -1) {
      if (from !== to) lines.add(from, to, graph.linkType[link] as number, link);
    } else if (from !== -1) {
      if (folded.role[b] === Role.outside) add(stubOut, from, 1);
      else chips.add(from, 'out', folded.role[b] as number, b);
    } else if (to !== -1) {
      if (folded.role[a] === Role.outside) add(stubIn, to, 1);
      else chips.add(to, 'in', folded.role[a] as number, a);
    }
  }
  for (let i = 0; i < nodeCount(graph); i++) {
    if (folded.role[i] !== Role.onFlow) continue;
    const { sources, users } = flowEnds(folded, i);
    for (const source of sources) {
      for (const user of users) {
        if (flows(folded, source, user)) {
          lines.add(shownBy[source] as number, shownBy[user] as number, flowLink, i);
        }
      }
    }
  }
  const all = lines.sorted();
  return {
    folded,
    node: Uint32Array.from(node),
    shownBy,
    members,
    caller,
    from: Uint32Array.from(all, (line) => line.from),
    to: Uint32Array.from(all, (line) => line.to),
    type: Uint8Array.from(all, (line) => line.type),
    implied: Uint8Array.from(all, (line) => (isImplied(folded, node, caller, line) ? 1 : 0)),
    carries: all.map((line) => line.carries),
    inferred: Uint8Array.from(all, (line) => Number(isInferred(folded, line))),
    chips: chips.all(),
    stubIn,
    stubOut,
  };
}

function isImplied(folded: Folded, node: readonly number[], caller: Int32Array, line: Line): boolean {
  if (isCall(line.type)) return caller[line.to] === line.from;
  const from = node[line.from] as number;
  const to = node[line.to] as number;
  if (line.type === Link.inputWork) return !flowEnds(folded, from).users.includes(to);
  if (line.type !== Link.return) return false;
  const index = graphIndex(folded.graph);
  // Also where the creator is not drawn but its workflow inside this one is: the inner end says more.
  return flowEnds(folded, to).sources.some((source) => isInside(index, source, from));
}

/** Of a flow: whether a link is that leads to or from the data on it. */
function isInferred({ graph }: Folded, { type, carries }: Line): boolean {
  const inferred = (link: number): boolean => graph.linkInferred[link] === 1;
  if (type !== flowLink) return carries.some(inferred);
  const { incoming, outgoing } = graphIndex(graph);
  return carries.some((data) => [incoming, outgoing].some((way) => linksAt(way, data).some(inferred)));
}

class Lines {
  readonly #byKey = new Map<number, Line>();
  readonly #hidden: Uint8Array;

  constructor(hidden: Uint8Array) {
    this.#hidden = hidden;
  }

  add(from: number, to: number, type: number, carried: number): void {
    if (this.#hidden[type] === 1) return;
    // Two indices below 2^22 and a type below 8 stay below 2^53 together.
    const key = (from * 4_194_304 + to) * 8 + type;
    const line = this.#byKey.get(key);
    if (line === undefined) this.#byKey.set(key, { from, to, type, carries: [carried] });
    else line.carries.push(carried);
  }

  sorted(): Line[] {
    return [...this.#byKey.values()].sort((a, b) => a.from - b.from || a.to - b.to || a.type - b.type);
  }
}

class Chips {
  readonly #byKey = new Map<string, Omit<Chip, 'data'> & { readonly data: Set<number> }>();

  add(host: number, side: 'in' | 'out', role: number, data: number): void {
    if (role !== Role.privateChip && role !== Role.hubChip) return;
    const kind = role === Role.hubChip ? 'hub' : 'private';
    const key = kind === 'hub' ? `${host} ${side} ${data}` : `${host} ${side}`;
    const chip = this.#byKey.get(key);
    // One data node may enter a process by two links and counts once.
    if (chip === undefined) this.#byKey.set(key, { host, side, kind, data: new Set([data]) });
    else chip.data.add(data);
  }

  all(): Chip[] {
    const chips = [...this.#byKey.values()].map((chip) => ({ ...chip, data: [...chip.data] }));
    return chips.sort((a, b) => a.host - b.host);
  }
}
