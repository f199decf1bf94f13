import type { Port, PortLimits, PortNamespace, ValueType } from '../process/ports.ts';
import type {
  BoolValue,
  CodeValue,
  DataValue,
  DictValue,
  FileValue,
  ListValue,
  NumberValue,
  RemoteValue,
  StrValue,
} from './values.ts';

/** A port that knows, for the type checker only, what plugin code receives through it. */
export interface TypedPort<Value> extends Port {
  readonly carries?: Value;
}

/**
 * A namespace whose ports TypeScript knows, so that `inputs` has their types. `carriesMore` exists for the types only.
 */
export interface TypedNamespace<Ports extends PortRecord, Dynamic> extends PortNamespace {
  readonly ports: Ports;
  readonly carriesMore?: Dynamic;
}

/** Ports by name; a namespace is one port with ports in it, and its flat labels have `__` between. */
export type PortRecord = Readonly<Record<string, Port | PortNamespace>>;

/** What `run`, `prepare` and `parse` receive for a record of ports. */
export type InputsOf<Ports extends PortRecord> = {
  readonly [Name in keyof Ports]: Ports[Name] extends TypedNamespace<infer Inner, infer Dynamic>
    ? InputsOf<Inner> & ([Dynamic] extends [DataValue] ? Readonly<Record<string, Dynamic>> : unknown)
    : Ports[Name] extends TypedPort<infer Value>
      ? Value
      : never;
};

interface Options extends PortLimits {
  readonly help?: string;
  readonly defaultValue?: unknown;
  readonly unit?: string;
  readonly multiline?: boolean;
  /** What a dictionary is made of: the form has a field for each part. */
  readonly holds?: Port['holds'];
}

function make<Value>(types: readonly ValueType[], required: boolean, options: Options): TypedPort<Value> {
  const { help = '', defaultValue, unit, multiline, holds, ...limits } = options;
  return { kind: 'port', types, required, help, defaultValue, unit, multiline, holds, limits };
}

/** A required port has a value when the process runs; a default fills it. An optional one may be undefined. */
const pair =
  <Value extends DataValue>(...types: ValueType[]) =>
  (options: Options = {}): TypedPort<Value> =>
    make<Value>(types, true, options);

/** Makes ports. Each is required; {@link optional} loosens one. */
export const port = {
  int: pair<NumberValue>('int'),
  float: pair<NumberValue>('float'),
  /** An Int or a Float. */
  number: pair<NumberValue>('int', 'float'),
  bool: pair<BoolValue>('bool'),
  str: pair<StrValue>('str'),
  list: pair<ListValue>('list'),
  dict: pair<DictValue>('dict'),
  file: pair<FileValue>('file'),
  folder: pair<DataValue>('folder'),
  remote: pair<RemoteValue>('remote'),
  structure: pair<DataValue>('structure'),
  array: pair<DataValue>('array'),
  code: pair<CodeValue>('code'),
  data: pair<DataValue>('data'),
  /** A folder or a file or anything else of the given types. */
  of: (types: readonly ValueType[], options: Options = {}): TypedPort<DataValue> =>
    make(types, true, options),
};

/** The same port, not required. */
export function optional<Value>(inner: TypedPort<Value>): TypedPort<Value | undefined> {
  const { carries: _, ...rest } = inner;
  return { ...rest, required: false };
}

/** Ports under one name. With `dynamic`, further names are taken too. */
export function namespace<Ports extends PortRecord, Dynamic extends DataValue | undefined = undefined>(
  ports: Ports,
  options: {
    readonly help?: string;
    readonly dynamic?: readonly ValueType[];
    readonly required?: boolean;
  } = {},
): TypedNamespace<Ports, Dynamic> {
  const { help = '', dynamic, required = false } = options;
  return { kind: 'namespace', ports, help, dynamic, required };
}
