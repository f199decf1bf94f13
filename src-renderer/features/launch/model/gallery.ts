import { flatPorts, type PortNamespace, type ProcessKind, type ProcessSpec } from '#shared/process/ports.ts';
import { fuzzyFilter } from '#renderer/model/fuzzy.ts';
import { typeWords } from './editors.ts';

export const kindWords: Readonly<Record<ProcessKind, string>> = {
  'calculation-job': 'Calculation job',
  'calculation-function': 'Calculation function',
  workflow: 'Workflow',
};

/** Where it runs, in one clause. */
export const placeWords: Readonly<Record<ProcessKind, string>> = {
  'calculation-job': 'runs as a job on a computer',
  'calculation-function': 'runs on this machine',
  workflow: 'runs other processes and returns their data',
};

export interface Glance {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
}

/** The namespaces that take names of one's own: `nodes.*`. */
function* dynamicPorts(namespace: PortNamespace, prefix = ''): Generator<Glance> {
  const { dynamic } = namespace;
  if (dynamic !== undefined) yield { name: `${prefix}*`, type: typeWords(dynamic), required: false };
  for (const [name, inner] of Object.entries(namespace.ports)) {
    if (inner.kind === 'namespace') yield* dynamicPorts(inner, `${prefix}${name}.`);
  }
}

/** The inputs of a process in a line: the required ones first. */
export function glanceOf({ inputs }: ProcessSpec): readonly Glance[] {
  const ports = [...flatPorts(inputs)].map(([label, { types, required, defaultValue }]) => ({
    name: label.replaceAll('__', '.'),
    type: typeWords(types),
    required: required && defaultValue === undefined,
  }));
  return [
    ...ports.filter(({ required }) => required),
    ...ports.filter(({ required }) => !required),
    ...dynamicPorts(inputs),
  ];
}

/** What was launched here last comes first, then what ran most, then the rest by name. */
export function sortSpecs(
  specs: readonly ProcessSpec[],
  recent: readonly string[],
  runs: ReadonlyMap<string, number>,
): readonly ProcessSpec[] {
  const place = ({ id }: ProcessSpec): number => {
    const at = recent.indexOf(id);
    return at < 0 ? recent.length : at;
  };
  const count = ({ processType }: ProcessSpec): number => runs.get(processType) ?? 0;
  return specs.toSorted(
    (a, b) => place(a) - place(b) || count(b) - count(a) || a.id.localeCompare(b.id, 'en', { numeric: true }),
  );
}

/** By name, loosely, and by whole words of what is said about it. The best come first, else the order stays. */
export function searchSpecs(specs: readonly ProcessSpec[], typed: string): readonly ProcessSpec[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const byName = fuzzyFilter(specs, typed, ({ id }) => id);
  const byWords = specs.filter((spec) => {
    const text = `${spec.id} ${spec.label} ${spec.summary} ${kindWords[spec.kind]}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return [...new Set([...byName, ...byWords])];
}

/** How many processes of each process type there are. */
export function countRuns(
  types: readonly { readonly processType: string; readonly count: number }[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { processType, count } of types) {
    if (processType !== '') counts.set(processType, (counts.get(processType) ?? 0) + count);
  }
  return counts;
}
