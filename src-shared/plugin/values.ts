import type { PlainJson } from '../provenance/python-json.ts';

/** The files of a stored node, read on demand. Paths have `/` and no leading one. */
export interface NodeFiles {
  list(): readonly string[];
  /** @throws where the node has no such file */
  bytes(path: string): Promise<Uint8Array>;
  /** UTF-8 text. @throws where the node has no such file */
  text(path: string): Promise<string>;
}

/** A stored data node as plugin code sees it. */
export interface DataValue {
  readonly uuid: string;
  readonly nodeType: string;
  readonly label: string;
  readonly attributes: { readonly [key: string]: PlainJson };
  readonly files: NodeFiles;
}

/** An `Int` or a `Float`. An integer beyond 2^53 is not exact here. */
export interface NumberValue extends DataValue {
  readonly value: number;
}
export interface BoolValue extends DataValue {
  readonly value: boolean;
}
export interface StrValue extends DataValue {
  readonly value: string;
}
export interface ListValue extends DataValue {
  readonly value: readonly PlainJson[];
}
export interface DictValue extends DataValue {
  readonly value: { readonly [key: string]: PlainJson };
}
export interface FileValue extends DataValue {
  readonly filename: string;
}

/** A work directory, or another folder on a computer. */
export interface RemoteValue extends DataValue {
  readonly remotePath: string;
  /** UUID of the computer where the path is. */
  readonly computer: string;
}
/** An executable on a computer. */
export interface CodeValue extends DataValue {
  readonly computer: string;
  readonly executable: string;
}
