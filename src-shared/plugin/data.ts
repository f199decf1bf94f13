import {
  boolDraft,
  dictDraft,
  floatDraft,
  folderDraft,
  intDraft,
  listDraft,
  singleFileDraft,
  strDraft,
  type DataDraft,
} from '../provenance/data-drafts.ts';
import type { PyJson } from '../provenance/python-json.ts';

const content = (value: string | Uint8Array): { bytes: Uint8Array } => ({
  bytes: typeof value === 'string' ? new TextEncoder().encode(value) : value,
});

/** Makes data nodes. They are stored when the process that returns them ends. */
export const data = {
  int: intDraft,
  float: floatDraft,
  bool: boolDraft,
  str: strDraft,
  list: listDraft,
  dict: dictDraft,
  /** A number as AiiDA would type it: an Int when integral, else a Float. */
  number: (value: number): DataDraft => (Number.isSafeInteger(value) ? intDraft(value) : floatDraft(value)),
  file: (filename: string, bytes: string | Uint8Array): DataDraft =>
    singleFileDraft(filename, content(bytes)),
  folder: (files: Readonly<Record<string, string | Uint8Array>>): DataDraft =>
    folderDraft(Object.fromEntries(Object.entries(files).map(([path, value]) => [path, content(value)]))),
  /** Any other type of AiiDA's, by its node type. */
  of: (
    nodeType: string,
    attributes: { readonly [key: string]: PyJson },
    files: Readonly<Record<string, string | Uint8Array>> = {},
  ): DataDraft => ({
    nodeType,
    attributes,
    files: Object.fromEntries(Object.entries(files).map(([path, value]) => [path, content(value)])),
  }),
};
