import type { FileHandle } from '#shared/contract/areas/sharing.ts';
import {
  flatPorts,
  namespaceSeparator,
  type Port,
  type PortNamespace,
  type ProcessSpec,
} from '#shared/process/ports.ts';
import type { CacheChoice } from '#shared/process/caching-rules.ts';
import { editorsOf, type Editor } from './editors.ts';
import type { RuleDraft } from '#renderer/model/rule-draft.ts';
import { emptyOptions, type OptionsDraft } from './options-draft.ts';
import { optionsFromValue } from './options-input.ts';

/** A stored node that was picked, with what is needed to show it without asking again. */
export interface PickedNode {
  uuid: string;
  pk: number;
  nodeType: string;
  name: string;
  summary: string;
}

/** One input as it is being written. What was typed stays when a person looks at the other source. */
export interface InputDraft {
  source: 'new' | 'node';
  editor: Editor | null;
  text: string;
  files: FileHandle[];
  node: PickedNode | null;
  /** Where the port holds job options: typed here, field by field, and not in `text`. */
  options?: OptionsDraft;
}

/** An input of a dynamic namespace, which a person names. */
export interface NamedInput {
  readonly id: number;
  /** Of the namespace, with its separator; empty at the top. */
  readonly prefix: string;
  name: string;
  input: InputDraft;
}

/** Everything that a form holds, as plain data: what is kept when the page is left. */
export interface LaunchDraft {
  inputs: Record<string, InputDraft>;
  named: NamedInput[];
  label: string;
  description: string;
  /** Only where no code says it; empty for none. */
  computer: string;
  options: OptionsDraft;
  /** As the profile says where it is not there. */
  caching?: CacheChoice;
  /** When to stop the job while it runs. */
  rules: RuleDraft[];
}

/** A default as it would be typed. */
export function spell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? '' : JSON.stringify(value);
  if (typeof value === 'object') return JSON.stringify(value, null, 2);
  return String(value as number | boolean);
}

/** As the port has it: its default as typed text; where nothing can be typed, a node has to be picked. */
export function emptyInput(port: Port): InputDraft {
  const [editor = null] = editorsOf(port);
  return {
    source: editor === null ? 'node' : 'new',
    editor,
    text: spell(port.defaultValue),
    files: [],
    node: null,
    ...(port.holds === 'job-options' ? { options: optionsFromValue(port.defaultValue) } : {}),
  };
}

/** A form that nobody has touched. */
export function emptyDraft(spec: ProcessSpec): LaunchDraft {
  const inputs: Record<string, InputDraft> = {};
  for (const [label, port] of flatPorts(spec.inputs)) inputs[label] = emptyInput(port);
  return { inputs, named: [], label: '', description: '', computer: '', options: emptyOptions(), rules: [] };
}

/** The port that inputs of a dynamic namespace come through. */
export const dynamicPort = (namespace: PortNamespace): Port => ({
  kind: 'port',
  types: namespace.dynamic ?? ['data'],
  required: true,
  help: '',
});

/** The namespace at a prefix such as `pw__`. */
export function namespaceAt(root: PortNamespace, prefix: string): PortNamespace | null {
  let namespace = root;
  for (const name of prefix.split(namespaceSeparator).filter((part) => part !== '')) {
    const next = namespace.ports[name];
    if (next?.kind !== 'namespace') return null;
    namespace = next;
  }
  return namespace;
}

/** The dynamic namespace that takes a flat label which no port has, with the rest of the label as the name. */
export function dynamicHome(
  root: PortNamespace,
  label: string,
): { readonly prefix: string; readonly name: string } | null {
  const parts = label.split(namespaceSeparator);
  for (let depth = parts.length - 1; depth >= 0; depth--) {
    const prefix = parts
      .slice(0, depth)
      .map((part) => part + namespaceSeparator)
      .join('');
    if (namespaceAt(root, prefix)?.dynamic !== undefined)
      return { prefix, name: parts.slice(depth).join(namespaceSeparator) };
  }
  return null;
}
