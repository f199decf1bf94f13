import { errorInfo } from '#shared/base/errors.ts';
import type { DataValue, NodeFiles } from '#shared/plugin/index.ts';
import { flatPorts, namespaceSeparator, type PortNamespace } from '#shared/process/ports.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { readPyJson, toPlain, type PlainJson } from '#shared/provenance/python-json.ts';
import type { NodeForPlugin, PluginInputs } from '../../engine/ports.ts';

export type ReadObject = (hash: ObjectHash) => Promise<Uint8Array>;

/** The node behind a value that plugin code was given; how a value finds its way back into the graph. */
export const nodeOf = new WeakMap<object, NodeForPlugin>();

/**
 * The files of a node as plugin code reads them: when it asks, not before. @throws in `bytes` and `text`, with the
 * paths that there are
 */
export function nodeFiles(
  files: readonly (readonly [path: string, content: ObjectHash | Uint8Array])[],
  read: ReadObject,
): NodeFiles {
  const contents = new Map(files);
  const bytes = async (path: string): Promise<Uint8Array> => {
    const content = contents.get(path);
    if (content === undefined)
      throw new Error(`There is no file “${path}”. There are: ${[...contents.keys()].join(', ')}`);
    return typeof content === 'string' ? read(content) : content;
  };
  return {
    list: () => [...contents.keys()],
    bytes,
    text: async (path) => new TextDecoder().decode(await bytes(path)),
  };
}

/** A stored node as plugin code sees it, with the shorthands of its type. */
export function dataValue(node: NodeForPlugin, read: ReadObject): DataValue {
  const attributes = toPlain(readPyJson(node.attributes)) as { readonly [key: string]: PlainJson };
  const value = {
    uuid: node.uuid,
    nodeType: node.nodeType,
    label: node.label,
    attributes,
    files: nodeFiles(node.files, read),
    ...shorthands(node, attributes),
  };
  nodeOf.set(value, node);
  return value;
}

function shorthands(
  { nodeType, computer }: NodeForPlugin,
  attributes: { readonly [key: string]: PlainJson },
): Record<string, unknown> {
  if (nodeType.startsWith('data.core.dict.')) return { value: attributes };
  if (nodeType.startsWith('data.core.list.')) return { value: attributes['list'] };
  if (nodeType.startsWith('data.core.singlefile.')) return { filename: attributes['filename'] };
  if (nodeType.startsWith('data.core.remote.')) return { remotePath: attributes['remote_path'], computer };
  if (nodeType.startsWith('data.core.code.')) {
    return { computer, executable: attributes['filepath_executable'] ?? attributes['remote_exec_path'] };
  }
  return 'value' in attributes ? { value: attributes['value'] } : {};
}

/** Flat labels back into namespaces. A namespace is always there; an optional port that was not given is undefined. */
export function inputValues(inputs: PluginInputs, spec: PortNamespace, read: ReadObject): never {
  const root: Record<string, unknown> = {};
  for (const [label] of flatPorts(spec)) place(root, spec, label, undefined);
  makeNamespaces(root, spec);
  for (const [label, node] of Object.entries(inputs)) place(root, spec, label, dataValue(node, read));
  return root as never;
}

function makeNamespaces(root: Record<string, unknown>, spec: PortNamespace): void {
  for (const [name, port] of Object.entries(spec.ports)) {
    if (port.kind !== 'namespace') continue;
    const inner = (root[name] ?? {}) as Record<string, unknown>;
    root[name] = inner;
    makeNamespaces(inner, port);
  }
}

function place(root: Record<string, unknown>, spec: PortNamespace, label: string, value: unknown): void {
  for (const [name, port] of Object.entries(spec.ports)) {
    if (port.kind !== 'namespace' || !label.startsWith(name + namespaceSeparator)) continue;
    const inner = (root[name] ?? {}) as Record<string, unknown>;
    root[name] = inner;
    place(inner, port, label.slice(name.length + namespaceSeparator.length), value);
    return;
  }
  root[label] = value;
}

/** An error of plugin code, as text for the process node and its log. */
export function thrown(error: unknown): {
  readonly kind: 'threw';
  readonly error: string;
  readonly stack: string;
} {
  const { message } = errorInfo(error);
  const name = error instanceof Error ? error.name : 'Error';
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : message;
  return { kind: 'threw', error: `${name}: ${message}`, stack };
}
