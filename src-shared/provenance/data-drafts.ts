/**
 * Data nodes before they are stored, with the attributes that AiiDA gives its own types (aiida-core 2.9, `orm/nodes/data`).
 * A draft has no identity yet: the store gives it one when the process that makes it commits.
 */
import { userError } from '../base/errors.ts';
import type { ObjectHash } from './ids.ts';
import { NodeType } from './node-types.ts';
import { PyFloat, type PyJson } from './python-json.ts';

/** A file of a draft: bytes that are still to be stored, or an object that the repository already has. */
export type DraftFile = { readonly bytes: Uint8Array } | { readonly hash: ObjectHash; readonly size: number };

/** Data that is made and not stored yet. */
export interface DataDraft {
  readonly nodeType: string;
  readonly attributes: { readonly [key: string]: PyJson };
  /** Path in the node's repository -> content. */
  readonly files: Readonly<Record<string, DraftFile>>;
  readonly label?: string | undefined;
}

const plain = (nodeType: string, attributes: { readonly [key: string]: PyJson }): DataDraft => ({
  nodeType,
  attributes,
  files: {},
});

/** @throws StemmaError `not-an-integer` */
export function intDraft(value: number | bigint): DataDraft {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw userError({
      code: 'not-an-integer',
      message: `${value} is not an integer that can be kept exactly.`,
    });
  }
  return plain(NodeType.int, { value });
}

/** Stays a float where its value is whole: AiiDA hashes `1.0` unlike `1`. */
export const floatDraft = (value: number): DataDraft => plain(NodeType.float, { value: new PyFloat(value) });

/** AiiDA's `Bool`. */
export const boolDraft = (value: boolean): DataDraft => plain(NodeType.bool, { value });

/** AiiDA's `Str`; the text is an attribute, so a long one belongs into a file. */
export const strDraft = (value: string): DataDraft => plain(NodeType.str, { value });

/** AiiDA's `List`. */
export const listDraft = (list: readonly PyJson[]): DataDraft => plain(NodeType.list, { list });

/** @throws StemmaError `bad-key`: AiiDA refuses empty keys and keys with a dot at the top level. */
export function dictDraft(value: { readonly [key: string]: PyJson }): DataDraft {
  for (const key of Object.keys(value)) {
    if (key === '' || key.includes('.')) {
      throw userError({
        code: 'bad-key',
        message: `“${key}” cannot be a key of a Dict: it is empty or has a dot.`,
      });
    }
  }
  return plain(NodeType.dict, value);
}

/**
 * AiiDA's `SinglefileData`: one file at the root of its repository, named by an attribute. @param filename without `/`
 */
export const singleFileDraft = (filename: string, file: DraftFile): DataDraft => ({
  nodeType: NodeType.singleFile,
  attributes: { filename },
  files: { [filename]: file },
});

/** AiiDA's `FolderData`; folders without files are not kept. */
export const folderDraft = (files: Readonly<Record<string, DraftFile>>): DataDraft => ({
  nodeType: NodeType.folder,
  attributes: {},
  files,
});
