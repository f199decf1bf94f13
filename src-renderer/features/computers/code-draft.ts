import { notInName } from '#shared/process/code-name.ts';
import type { CodeConfig } from '#shared/contract/areas/computers.ts';
import { readPyJson } from '#shared/provenance/python-json.ts';
import type { Issues } from './check-draft.ts';

export type MpiChoice = 'calculation' | 'yes' | 'no';

/** What stands in the form of a code. */
export interface CodeDraft {
  computer: string;
  label: string;
  description: string;
  executable: string;
  defaultPlugin: string;
  mpi: MpiChoice;
  prependText: string;
  appendText: string;
}

/** A form that nobody has touched. @param computer its UUID; empty where none is chosen yet */
export const newCode = (computer = '', defaultPlugin = ''): CodeDraft => ({
  computer,
  label: '',
  description: '',
  executable: '',
  defaultPlugin,
  mpi: 'calculation',
  prependText: '',
  appendText: '',
});

const mpiValues: Readonly<Record<MpiChoice, boolean | null>> = { calculation: null, yes: true, no: false };

/** AiiDA's `with_mpi`, where null leaves it to the calculation. */
export const mpiChoice = (withMpi: boolean | null): MpiChoice =>
  withMpi === null ? 'calculation' : withMpi ? 'yes' : 'no';

export const mpiWords: Readonly<Record<MpiChoice, string>> = {
  calculation: 'as the calculation says',
  yes: 'yes',
  no: 'no',
};

/** A stored code as a draft. @param attributes JSON text as the node has it */
export function codeDraftOf(
  node: { readonly computerUuid: string; readonly label: string; readonly description: string },
  attributes: string,
): CodeDraft {
  const read = readPyJson(attributes);
  const stored = typeof read === 'object' && read !== null && !Array.isArray(read) ? read : {};
  const text = (...keys: readonly string[]): string => {
    const values = keys.map((key) => (stored as Readonly<Record<string, unknown>>)[key]);
    return values.find((value) => typeof value === 'string') ?? '';
  };
  const withMpi = (stored as Readonly<Record<string, unknown>>)['with_mpi'];
  return {
    computer: node.computerUuid,
    label: node.label,
    description: node.description,
    // The name of older codes of AiiDA comes second.
    executable: text('filepath_executable', 'remote_exec_path'),
    defaultPlugin: text('input_plugin'),
    mpi: mpiChoice(typeof withMpi === 'boolean' ? withMpi : null),
    prependText: text('prepend_text'),
    appendText: text('append_text'),
  };
}

/** @param taken labels of the other codes on that computer */
export function checkCode(
  draft: CodeDraft,
  taken: readonly string[] = [],
): { readonly config: CodeConfig | null; readonly issues: Issues } {
  const issues: Record<string, string> = {};
  const label = draft.label.trim();
  const executable = draft.executable.trim();
  if (draft.computer === '') issues['computer'] = 'Choose the computer that has it.';
  if (label === '') issues['label'] = 'Give it a name, such as pw-7.3.';
  else if (notInName.test(label))
    issues['label'] = 'No blanks and no “@”: the computer’s name comes by itself.';
  else if (taken.includes(label))
    issues['label'] = `There is a code called “${label}” on this computer already.`;
  else if (label.length > 255) issues['label'] = 'At most 255 characters.';
  const executableIssue = executableProblem(executable);
  if (executableIssue !== null) issues['executable'] = executableIssue;
  for (const [field, most] of [
    ['prependText', 100_000],
    ['appendText', 100_000],
    ['description', 10_000],
  ] as const) {
    if (draft[field].length > most) issues[field] = `At most ${most} characters.`;
  }
  if (Object.keys(issues).length > 0) return { config: null, issues };
  const { mpi, ...rest } = draft;
  const defaultPlugin = draft.defaultPlugin.trim();
  return { config: { ...rest, label, executable, defaultPlugin, withMpi: mpiValues[mpi] }, issues };
}

/** What is wrong with the path, as a sentence; null where nothing is. */
export function executableProblem(path: string): string | null {
  if (path === '') return 'The absolute path on the computer, such as /opt/qe/bin/pw.x.';
  if (!path.startsWith('/')) return 'An absolute path: it begins with “/”. “which NAME” there tells it.';
  if (/\s-/.test(path)) return 'Only the executable: arguments come from the calculation.';
  // Control characters: what is pasted may bring them along.
  if (/[\0-\x1f\x7f]/.test(path)) return 'Without line breaks and other control characters.';
  if (path.length > 4096) return 'At most 4096 characters.';
  return path.endsWith('/') ? 'That is a folder: give the file in it.' : null;
}
