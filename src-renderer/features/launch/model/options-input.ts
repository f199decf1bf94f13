import type { JobOptionsInput } from '#shared/process/job-options.ts';
import { readPyJson, toPlain } from '#shared/provenance/python-json.ts';
import { emptyOptions, readOptions, writeOptions, type OptionsDraft } from './options-draft.ts';

/** Options of jobs that are themselves an input: a dictionary, which has only what differs from the usual. */
export function optionsText(options: JobOptionsInput): string {
  const usual: Readonly<Record<string, unknown>> = { ...readOptions(emptyOptions(), '').options };
  const same = (name: string, value: unknown): boolean =>
    JSON.stringify(value) === JSON.stringify(usual[name]) || JSON.stringify(value) === '{}';
  const given = Object.entries(options).filter(([name, value]) => !same(name, value));
  return JSON.stringify(Object.fromEntries(given));
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isSwitch = (value: unknown): boolean => typeof value === 'boolean';
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => isText(item));
const record =
  (of: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => of(item));

const shapes: Readonly<Record<keyof JobOptionsInput, (value: unknown) => boolean>> = {
  resources: record(isNumber),
  max_wallclock_seconds: isNumber,
  max_memory_kb: isNumber,
  queue_name: isText,
  account: isText,
  qos: isText,
  priority: isText,
  withmpi: isSwitch,
  mpirun_extra_params: areTexts,
  import_sys_environment: isSwitch,
  environment_variables: record(isText),
  custom_scheduler_commands: isText,
  prepend_text: isText,
  append_text: isText,
  additional_retrieve_list: areTexts,
  rerunnable: isSwitch,
};

/** The fields of options that a dictionary holds. It may be any: what has another shape is left as usual. */
export function optionsFromValue(value: unknown): OptionsDraft {
  if (typeof value !== 'object' || value === null) return emptyOptions();
  const known = Object.entries(value).filter(
    ([name, item]) => name in shapes && shapes[name as keyof JobOptionsInput](item),
  );
  return writeOptions(Object.fromEntries(known));
}

/** The same, of its JSON text. @throws StemmaError where it is none */
export const optionsFromText = (text: string): OptionsDraft => optionsFromValue(toPlain(readPyJson(text)));
