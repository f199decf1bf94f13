import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { displayStates, type DisplayState } from '#shared/process/states.ts';
import { type LinkType, linkTypes } from '#shared/provenance/links.ts';
import { type NodeKind, nodeKind, nodeKinds } from '#shared/provenance/node-types.ts';

interface Node {
  readonly name: string;
  readonly summary: string;
  readonly nodeType: string;
  readonly state: DisplayState | null;
  readonly cached: boolean;
  readonly hiddenIncoming: number;
  readonly hiddenOutgoing: number;
  readonly hiddenCallers: number;
  readonly hiddenCalls: number;
}

/** Builds a graph node by node, for tests. Nodes are numbers from 0; UUIDs and times follow from the number. */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #links: { from: number; to: number; type: LinkType; label: string }[] = [];

  get size(): number {
    return this.#nodes.length;
  }

  node(nodeType: string, name: string, more: Partial<Omit<Node, 'nodeType' | 'name'>> = {}): number {
    const none = { hiddenIncoming: 0, hiddenOutgoing: 0, hiddenCallers: 0, hiddenCalls: 0 };
    const rest = { summary: '', state: null, cached: false, ...none, ...more };
    return this.#nodes.push({ nodeType, name, ...rest }) - 1;
  }

  data(className: string, summary = '', name = className): number {
    return this.node(`data.core.${className.toLowerCase()}.${className}.`, name, { summary });
  }

  code(label: string): number {
    return this.node('data.core.code.installed.InstalledCode.', label);
  }

  job(name: string, state: DisplayState = 'finished'): number {
    return this.node('process.calculation.calcjob.CalcJobNode.', name, { state });
  }

  calcfunction(name: string, state: DisplayState = 'finished'): number {
    return this.node('process.calculation.calcfunction.CalcFunctionNode.', name, { state });
  }

  workchain(name: string, state: DisplayState = 'finished'): number {
    return this.node('process.workflow.workchain.WorkChainNode.', name, { state });
  }

  link(from: number, to: number, type: LinkType, label: string): void {
    this.#links.push({ from, to, type, label });
  }

  kindOf(node: number): NodeKind {
    return nodeKind(this.#nodes[node]?.nodeType ?? '');
  }

  /** Data into a process, with the link type that its kind asks for. */
  input(data: number, process: number, label: string): void {
    this.link(data, process, this.kindOf(process) === 'workflow' ? 'input_work' : 'input_calc', label);
  }

  inputs(process: number, data: Readonly<Record<string, number>>): void {
    for (const [label, node] of Object.entries(data)) this.input(node, process, label);
  }

  /** Data that a calculation creates. */
  output(calculation: number, label: string, className: string, summary = ''): number {
    const data = this.data(className, summary);
    this.link(calculation, data, 'create', label);
    return data;
  }

  returns(workflow: number, data: number, label: string): void {
    this.link(workflow, data, 'return', label);
  }

  call(workflow: number, process: number, label = 'CALL'): void {
    this.link(workflow, process, this.kindOf(process) === 'workflow' ? 'call_work' : 'call_calc', label);
  }

  part(root = 0, more: Partial<GraphPart> = {}): GraphPart {
    const nodes = this.#nodes;
    const links = this.#links;
    return {
      root,
      pk: Uint32Array.from(nodes, (_, i) => i + 1),
      kind: Uint8Array.from(nodes, (node) => nodeKinds.indexOf(nodeKind(node.nodeType))),
      state: Uint8Array.from(nodes, (node) =>
        node.state === null ? 255 : displayStates.indexOf(node.state),
      ),
      cached: Uint8Array.from(nodes, (node) => Number(node.cached)),
      depth: new Int32Array(nodes.length),
      uuid: nodes.map((_, i) => uuidOf(i)),
      name: nodes.map((node) => node.name),
      summary: nodes.map((node) => node.summary),
      nodeType: nodes.map((node) => node.nodeType),
      ctime: Float64Array.from(nodes, (_, i) => 1_700_000_000_000_000 + i * 1_000_000),
      hiddenIncoming: Uint32Array.from(nodes, (node) => node.hiddenIncoming),
      hiddenOutgoing: Uint32Array.from(nodes, (node) => node.hiddenOutgoing),
      hiddenCallers: Uint32Array.from(nodes, (node) => node.hiddenCallers),
      hiddenCalls: Uint32Array.from(nodes, (node) => node.hiddenCalls),
      from: Uint32Array.from(links, (link) => link.from),
      to: Uint32Array.from(links, (link) => link.to),
      linkType: Uint8Array.from(links, (link) => linkTypes.indexOf(link.type)),
      linkLabel: links.map((link) => link.label),
      linkInferred: new Uint8Array(links.length),
      ancestors: 0,
      descendants: 0,
      truncated: false,
      ...more,
    };
  }
}

/** The UUID of the node with this number. */
export const uuidOf = (node: number): string =>
  `${node.toString(16).padStart(8, '0')}-0000-4000-8000-${node.toString(16).padStart(12, '0')}`;
