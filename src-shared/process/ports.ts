/** The types of value that a port takes; each is one or more of AiiDA's data classes. */
export const valueTypes = [
  'int',
  'float',
  'bool',
  'str',
  'list',
  'dict',
  'file',
  'folder',
  'remote',
  'structure',
  'array',
  'code',
  'data',
] as const;
export type ValueType = (typeof valueTypes)[number];

/** Limits that a form can show and check while a person types. All of them must hold. */
export interface PortLimits {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** A regular expression (no flags) that the whole text must match, and how to say so. */
  readonly pattern?: { readonly source: string; readonly words: string } | undefined;
  readonly choices?: readonly (string | number)[] | undefined;
}

/** One input or output, as AiiDA's InputPort and OutputPort. Serialisable: functions stay in the plugin. */
export interface Port {
  readonly kind: 'port';
  /** Any of these; `data` takes every data node. */
  readonly types: readonly ValueType[];
  readonly required: boolean;
  readonly help: string;
  /** A plain JSON value of one of the types; only for inputs. */
  readonly defaultValue?: unknown;
  readonly limits?: PortLimits | undefined;
  /** Physical unit, shown beside the field: `eV`, `Å`, `s`. */
  readonly unit?: string | undefined;
  /** Text over several lines. */
  readonly multiline?: boolean | undefined;
  /**
   * What a dictionary is made of, where that is known. A form then has a field for each part, and what is wrong with a
   * part is said under its name: `options.queue_name`.
   */
  readonly holds?: 'job-options' | undefined;
}

/** Ports under a common name. The label of a link joins the names with two underscores: `pw__structure`. */
export interface PortNamespace {
  readonly kind: 'namespace';
  readonly ports: Readonly<Record<string, Port | PortNamespace>>;
  readonly required: boolean;
  readonly help: string;
  /** Set where names not listed are taken too; the value says of which types. */
  readonly dynamic?: readonly ValueType[] | undefined;
}

/** One way in which a process may end. `{name}` in the message is filled in by whoever ends it. */
export interface ExitCodeSpec {
  readonly status: number;
  readonly label: string;
  readonly message: string;
  readonly invalidatesCache?: boolean | undefined;
}

export type ProcessKind = 'calculation-job' | 'calculation-function' | 'workflow';

/** What a person or a form must know of a process before it runs. */
export interface ProcessSpec {
  /** The name by which it is launched: `core.arithmetic.add`. */
  readonly id: string;
  readonly kind: ProcessKind;
  /** AiiDA's `process_label`, a class or function name: `ArithmeticAddCalculation`. */
  readonly label: string;
  /** AiiDA's `process_type`: `aiida.calculations:core.arithmetic.add`. */
  readonly processType: string;
  readonly summary: string;
  readonly version: string;
  readonly inputs: PortNamespace;
  readonly outputs: PortNamespace;
  readonly exitCodes: readonly ExitCodeSpec[];
}

export const namespaceSeparator = '__';

/** Each port with its flat label, depth first. */
export function* flatPorts(
  namespace: PortNamespace,
  prefix = '',
): Generator<readonly [label: string, port: Port]> {
  for (const [name, port] of Object.entries(namespace.ports)) {
    if (port.kind === 'port') yield [`${prefix}${name}`, port];
    else yield* flatPorts(port, `${prefix}${name}${namespaceSeparator}`);
  }
}

/** The port that takes a flat label, a dynamic namespace's included; null where none does. */
export function portAt(namespace: PortNamespace, label: string): Port | null {
  const direct = namespace.ports[label];
  if (direct?.kind === 'port') return direct;
  for (const [name, port] of Object.entries(namespace.ports)) {
    if (port.kind === 'namespace' && label.startsWith(`${name}${namespaceSeparator}`)) {
      return portAt(port, label.slice(name.length + namespaceSeparator.length));
    }
  }
  if (namespace.dynamic === undefined) return null;
  return { kind: 'port', types: namespace.dynamic, required: false, help: namespace.help };
}
