import type { PyJson } from '#shared/provenance/python-json.ts';
import type { ProcessRow } from '#shared/contract/areas/processes.ts';

type Attributes = Readonly<Record<string, PyJson>>;

/** `metadata.options` of a calculation job that AiiDA keeps as attributes (aiida-core 2.9, `calcjobs/calcjob.py`). */
const optionNames = [
  'resources',
  'max_wallclock_seconds',
  'max_memory_kb',
  'queue_name',
  'account',
  'qos',
  'priority',
  'withmpi',
  'mpirun_extra_params',
  'import_sys_environment',
  'environment_variables',
  'custom_scheduler_commands',
  'prepend_text',
  'append_text',
  'additional_retrieve_list',
  'rerunnable',
  'parser_name',
  'input_filename',
  'output_filename',
] as const;

const isObject = (value: PyJson | undefined): value is Attributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const saysNothing = (value: PyJson): boolean =>
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** The options of a job, by name; those that say nothing are left out. */
export const jobOptionsOf = (attributes: Attributes): readonly (readonly [name: string, value: PyJson])[] =>
  optionNames.flatMap((name) => {
    const value = attributes[name];
    return value === undefined || saysNothing(value) ? [] : [[name, value] as const];
  });

/**
 * Inputs that are no nodes, by where they stand among the inputs: AiiDA notes them as `metadata_inputs` since 2.3; before,
 * the options of a job stand in its attributes alone.
 */
export function recordedOptions(
  attributes: Attributes,
  kind: ProcessRow['kind'],
): readonly (readonly [path: readonly string[], value: PyJson])[] {
  const noted = attributes['metadata_inputs'];
  const found: (readonly [path: readonly string[], value: PyJson])[] = [];
  if (isObject(noted)) {
    for (const [name, value] of Object.entries(noted)) {
      const cleaned = withoutComputer(value);
      if (!saysNothing(cleaned)) found.push([[name], cleaned]);
    }
  }
  if (kind === 'calculation-job' && !found.some(([[name]]) => name === 'metadata')) {
    for (const [name, value] of jobOptionsOf(attributes)) found.push([['metadata', 'options', name], value]);
  }
  return found;
}

/** `metadata.computer` is a label there, and an object to who submits; the code says where it runs. */
function withoutComputer(value: PyJson): PyJson {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'computer' && name !== 'store_provenance')
      .map(([name, one]) => [name, withoutComputer(one)])
      .filter(([, one]) => !saysNothing(one as PyJson)),
  ) as PyJson;
}
