import type { ObjectHash } from '#shared/provenance/ids.ts';
import { filesOf } from '#shared/provenance/repository-tree.ts';
import type { Leaving, LeavingNode } from '../leaving.ts';
import { definitionOf } from '../process-facts.ts';
import { NameBook } from '../safe-name.ts';
import { pathId } from './entity.ts';

/** A step of a workflow, as its runs show it. */
export interface DefinedStep {
  readonly id: string;
  readonly label: string;
  /** From 1. */
  readonly position: number;
  readonly tool: string;
}

/** What was executed, once for all its runs. */
export interface Definition {
  readonly key: string;
  readonly name: string;
  readonly isWorkflow: boolean;
  /** `@id` in the crate. */
  readonly id: string;
  /** Path in the crate where it is a file. */
  readonly path: string | null;
  /** The first run. */
  readonly example: LeavingNode;
  readonly runs: LeavingNode[];
  /** UUID of the code, for a calculation that ran one. */
  readonly code: LeavingNode | null;
  readonly steps: Map<string, DefinedStep>;
  readonly inputs: Map<string, Parameter>;
  readonly outputs: Map<string, Parameter>;
}

/** An input or output of a workflow, and the data that its runs had there. */
export interface Parameter {
  readonly id: string;
  readonly label: string;
  readonly examples: Set<number>;
}

const stored = 'source_file';
const extensions = { python: '.py', typescript: '.ts', none: '.json' } as const;

export interface StoredSource {
  readonly hash: ObjectHash;
  readonly language: 'python' | 'typescript';
}

/**
 * The stored source of a process: AiiDA keeps the Python module of a process function as `source_file` and notes where
 * in it the function begins; here a workflow or function has its TypeScript under the same name.
 */
export function sourceOf(leaving: Leaving, node: LeavingNode): StoredSource | null {
  for (const [path, hash] of filesOf(leaving.tree(node))) {
    if (path !== stored) continue;
    const isPython = 'function_starting_line_number' in leaving.attributes(node);
    return { hash, language: isPython ? 'python' : 'typescript' };
  }
  return null;
}

/** Definitions of all processes that leave, by process. */
export function defineAll(leaving: Leaving): ReadonlyMap<number, Definition> {
  const byKey = new Map<string, Definition>();
  const byProcess = new Map<number, Definition>();
  const names = new NameBook();
  for (const node of leaving.processes()) {
    const isWorkflow = node.kind === 'workflow';
    const code = isWorkflow
      ? null
      : (leaving.inputs(node).find(({ source }) => source.kind === 'code')?.source ?? null);
    const key = `${definitionOf(node)}\n${code?.uuid ?? ''}`;
    const known = byKey.get(key);
    const definition = known ?? define(leaving, node, { key, isWorkflow, code, names });
    if (known === undefined) byKey.set(key, definition);
    definition.runs.push(node);
    byProcess.set(node.id, definition);
  }
  for (const definition of byKey.values())
    if (definition.isWorkflow) addPorts(leaving, definition, byProcess);
  return byProcess;
}

function define(
  leaving: Leaving,
  node: LeavingNode,
  parts: Pick<Definition, 'key' | 'isWorkflow' | 'code'> & { readonly names: NameBook },
): Definition {
  const { key, isWorkflow, code, names } = parts;
  const name = node.processLabel || definitionOf(node);
  const source = sourceOf(leaving, node);
  const stem = names.take(name);
  const path =
    isWorkflow || source !== null ? `workflows/${stem}${extensions[source?.language ?? 'none']}` : null;
  return {
    key,
    name: code === null ? name : `${name} with ${code.name}`,
    isWorkflow,
    id: path === null ? `#tool-${encodeURIComponent(stem)}` : pathId(path),
    path,
    example: node,
    runs: [],
    code,
    steps: new Map(),
    inputs: new Map(),
    outputs: new Map(),
  };
}

function addPorts(
  leaving: Leaving,
  definition: Definition,
  byProcess: ReadonlyMap<number, Definition>,
): void {
  const { id, runs, steps, inputs, outputs } = definition;
  const port = (ports: Map<string, Parameter>, way: string, label: string, data: LeavingNode): void => {
    if (data.kind !== 'data') return;
    const known = ports.get(label);
    if (known === undefined)
      ports.set(label, { id: `${id}#${way}/${label}`, label, examples: new Set([data.id]) });
    else known.examples.add(data.id);
  };
  for (const run of runs) {
    for (const { label, source } of leaving.inputs(run)) port(inputs, 'input', label, source);
    for (const { label, target } of leaving.outputs(run)) port(outputs, 'output', label, target);
    for (const { label, target } of leaving.called(run)) {
      const tool = byProcess.get(target.id);
      if (tool === undefined) continue;
      const key = stepKey(label, tool);
      if (steps.has(key)) continue;
      steps.set(key, { id: `${id}#step/${steps.size + 1}`, label, position: steps.size + 1, tool: tool.id });
    }
  }
}

/** One step of a workflow: calls of one tool under one call label, in whichever run. */
export const stepKey = (label: string, tool: Definition): string => `${label}\n${tool.key}`;
