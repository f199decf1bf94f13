import { userError } from '#shared/base/errors.ts';
import type { Uuid } from '#shared/provenance/ids.ts';

/** What the job script needs of a code. */
export interface CodeSettings {
  readonly uuid: Uuid;
  readonly label: string;
  readonly executable: string;
  readonly prependText: string;
  readonly appendText: string;
  readonly withMpi: boolean | null;
  readonly useDoubleQuotes: boolean;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Reads the attributes of an `InstalledCode`, or of the `Code` that it was before AiiDA 2.
 * @throws StemmaError `bad-code` for kinds that cannot be run here yet
 */
export function codeSettings(node: {
  readonly uuid: Uuid;
  readonly nodeType: string;
  readonly label: string;
  readonly attributes: { readonly [key: string]: unknown };
}): CodeSettings {
  const { attributes } = node;
  const legacy = node.nodeType === 'data.core.code.Code.' || node.nodeType === 'data.code.Code.';
  const installed = node.nodeType === 'data.core.code.installed.InstalledCode.';
  const executable = text(legacy ? attributes['remote_exec_path'] : attributes['filepath_executable']);
  if ((!legacy && !installed) || executable === '') {
    throw userError({
      code: 'bad-code',
      message: `The code “${node.label}” cannot be run: only an executable that is installed on a computer can.`,
      subject: node.label,
      hint: 'Add a code with the absolute path of its executable on the computer.',
    });
  }
  const withMpi = attributes['with_mpi'];
  return {
    uuid: node.uuid,
    label: node.label,
    executable,
    prependText: text(attributes['prepend_text']),
    appendText: text(attributes['append_text']),
    withMpi: typeof withMpi === 'boolean' ? withMpi : null,
    useDoubleQuotes: attributes['use_double_quotes'] === true,
  };
}
