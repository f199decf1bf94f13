/** The inputs of a process between two runs: flat labels to values, and what a handler changed. */
import { namespaceSeparator, type PortNamespace } from '../../process/ports.ts';
import type { DataDraft } from '../../provenance/data-drafts.ts';
import { toPlain, type PyJson } from '../../provenance/python-json.ts';
import type { IterationRecord } from '../../process/iteration-record.ts';
import type { DataValue } from '../values.ts';
import type { Change } from './handler.ts';

export type FlatInputs = Readonly<Record<string, DataValue | DataDraft>>;
export type Options = { readonly [name: string]: unknown };
type Changes = IterationRecord['changes'];

const isData = (value: object): value is DataValue | DataDraft =>
  'nodeType' in value && typeof value.nodeType === 'string' && 'attributes' in value;

/** Values of namespaces by flat label. */
export function flatInputs(values: Readonly<Record<string, unknown>>, prefix = ''): FlatInputs {
  const flat: Record<string, DataValue | DataDraft> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'object' || value === null) continue;
    if (isData(value)) flat[prefix + name] = value;
    else {
      const inner = value as Readonly<Record<string, unknown>>;
      Object.assign(flat, flatInputs(inner, prefix + name + namespaceSeparator));
    }
  }
  return flat;
}

/** Flat labels back into namespaces, each of which is there even when it is empty. */
export function nestedInputs(spec: PortNamespace, flat: FlatInputs): Readonly<Record<string, unknown>> {
  const nested: Record<string, unknown> = {};
  const inner: Record<string, Record<string, DataValue | DataDraft>> = {};
  for (const [name, port] of Object.entries(spec.ports)) if (port.kind === 'namespace') inner[name] = {};
  for (const [label, value] of Object.entries(flat)) {
    const home = Object.keys(inner).find((name) => label.startsWith(name + namespaceSeparator));
    const within = home === undefined ? undefined : inner[home];
    if (home === undefined || within === undefined) nested[label] = value;
    else within[label.slice(home.length + namespaceSeparator.length)] = value;
  }
  for (const [name, port] of Object.entries(spec.ports)) {
    if (port.kind === 'namespace') nested[name] = nestedInputs(port, inner[name] ?? {});
  }
  return nested;
}

const longest = 200;
const short = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** A node in a few words: its value where it has one, else what it is and which. */
function words(node: DataValue | DataDraft): string {
  const { nodeType } = node;
  // a draft tells 1.0 from 1
  const attributes = toPlain(node.attributes as PyJson) as DataValue['attributes'];
  const { value, list, remote_path: path, filename } = attributes;
  if (value !== undefined) return short(JSON.stringify(value));
  if (list !== undefined) return short(JSON.stringify(list));
  if (typeof path === 'string') return path;
  if (typeof filename === 'string') return filename;
  if (nodeType.startsWith('data.core.dict.')) return short(JSON.stringify(attributes));
  const type = nodeType.split('.').at(-2) ?? nodeType;
  return 'uuid' in node ? `${type} ${node.uuid.slice(0, 8)}` : type;
}

/** @throws where a handler names no input by its flat label */
export function changedInputs(
  before: FlatInputs,
  change: NonNullable<Change['inputs']>,
): { readonly inputs: FlatInputs; readonly changes: Changes } {
  const inputs: Record<string, DataValue | DataDraft> = { ...before };
  const changes: Changes[number][] = [];
  for (const [name, value] of Object.entries(change)) {
    const former = before[name];
    if (value === null) delete inputs[name];
    else if (isData(value)) inputs[name] = value;
    else throw new Error(`A handler changes inputs by flat label: “${name}” is a namespace.`);
    changes.push({
      name,
      before: former === undefined ? null : words(former),
      after: value === null ? null : words(value),
    });
  }
  return { inputs, changes };
}

const isRecord = (value: unknown): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Options with a change; dictionaries such as `resources` by their members. */
export function changedOptions(
  before: Options,
  change: Options,
  prefix = 'options.',
): { readonly options: Options; readonly changes: Changes } {
  const options: Record<string, unknown> = { ...before };
  const changes: Changes[number][] = [];
  for (const [name, value] of Object.entries(change)) {
    const former = before[name];
    if (value === undefined) continue;
    if (isRecord(value)) {
      const inner = changedOptions(isRecord(former) ? former : {}, value, `${prefix}${name}.`);
      options[name] = inner.options;
      changes.push(...inner.changes);
      continue;
    }
    if (value === null) delete options[name];
    else options[name] = value;
    const text = (one: unknown): string | null =>
      one === undefined || one === null ? null : short(JSON.stringify(one));
    if (text(former) !== text(value)) {
      changes.push({ name: prefix + name, before: text(former), after: text(value) });
    }
  }
  return { options, changes };
}
