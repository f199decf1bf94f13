import type { LaunchRequestInput } from '#shared/contract/areas/launch.ts';
import { flatPorts, type Port, type ProcessSpec } from '#shared/process/ports.ts';
import { isLinkLabel } from '#shared/provenance/links.ts';
import { readRule, ruleInput } from '#renderer/model/rule-draft.ts';
import { dynamicPort, namespaceAt, type LaunchDraft, type NamedInput } from './draft.ts';
import { readOptions, type OptionsDraft } from './options-draft.ts';
import { optionsText } from './options-input.ts';
import { readInput, type Reading } from './read-value.ts';

export interface ReadDraft {
  readonly request: LaunchRequestInput;
  /** By field: what the form itself can tell. The core's own check says the rest. */
  readonly problems: Readonly<Record<string, string>>;
}

/** The field of the name of a dynamic input. */
export const nameField = (id: number): string => `name:${id}`;

/** The label of the link, as AiiDA flattens namespaces: `pw__structure`. */
export const flatLabel = ({ prefix, name }: Pick<NamedInput, 'prefix' | 'name'>): string =>
  `${prefix}${name.trim()}`;

/** What would be launched. Fields with a problem stay out of it. */
export function requestOf(spec: ProcessSpec, draft: LaunchDraft): ReadDraft {
  const problems: Record<string, string> = {};
  const inputs: LaunchRequestInput['inputs'] = {};
  const take = (field: string, reading: Reading): void => {
    if (reading.kind === 'problem') problems[field] = reading.message;
    else if (reading.kind === 'value') inputs[field] = reading.value;
  };
  for (const [label, port] of flatPorts(spec.inputs)) {
    const input = draft.inputs[label];
    if (input === undefined) continue;
    if (input.source === 'node' || input.options === undefined) take(label, readInput(port, input));
    else take(label, readOptionsInput(port, label, input.options, problems));
  }
  for (const each of draft.named) {
    const namespace = namespaceAt(spec.inputs, each.prefix);
    if (namespace === null) continue;
    const wrong = nameProblem(spec, draft, each);
    if (wrong !== null) problems[nameField(each.id)] = wrong;
    const label = flatLabel(each);
    const reading = readInput(dynamicPort(namespace), each.input);
    if (wrong === null) take(label, reading);
    if (reading.kind === 'nothing') problems[inputField(each)] = 'Give it a value, or remove it.';
    else if (wrong !== null && reading.kind === 'problem') problems[inputField(each)] = reading.message;
  }
  const { caching = 'profile' } = draft;
  const read = spec.kind === 'calculation-job' ? readOptions(draft.options, 'options') : null;
  Object.assign(problems, read?.problems);
  const rules = spec.kind === 'calculation-job' ? draft.rules : [];
  for (const [i, rule] of rules.entries()) {
    const checked = readRule(rule);
    if (!checked.ok) problems[`rules.${i}`] = Object.values(checked.problems)[0] ?? 'Complete this rule.';
  }
  return {
    request: {
      plugin: spec.id,
      inputs,
      label: draft.label.trim(),
      description: draft.description.trim(),
      ...(spec.kind === 'calculation-job' && draft.computer !== '' ? { computer: draft.computer } : {}),
      ...(read === null ? {} : { options: read.options }),
      ...(caching === 'profile' || spec.kind === 'workflow' ? {} : { caching }),
      ...(rules.length === 0 ? {} : { rules: rules.map((rule) => ruleInput(rule)) }),
    },
    problems,
  };
}

/** Job options that are an input. Nothing where all is as usual, unless that is what has to be said. */
function readOptionsInput(
  port: Port,
  label: string,
  options: OptionsDraft,
  problems: Record<string, string>,
): Reading {
  const read = readOptions(options, label);
  Object.assign(problems, read.problems);
  const text = optionsText(read.options);
  if (text === '{}' && !port.required && port.defaultValue === undefined) return { kind: 'nothing' };
  return { kind: 'value', value: { kind: 'json', text } };
}

/** The field of the value of a dynamic input: its flat label, as the core knows it, once it has a name. */
export const inputField = (each: NamedInput): string =>
  each.name.trim() === '' ? `value:${each.id}` : flatLabel(each);

function nameProblem(spec: ProcessSpec, draft: LaunchDraft, each: NamedInput): string | null {
  const name = each.name.trim();
  if (name === '') return 'Give it a name.';
  if (!isLinkLabel(name) || name.includes('__'))
    return 'A name has letters, digits and single underscores only, and begins with a letter.';
  const isTaken =
    namespaceAt(spec.inputs, each.prefix)?.ports[name] !== undefined ||
    draft.named.some((other) => other.id < each.id && flatLabel(other) === flatLabel(each));
  return isTaken ? `There is an input “${name}” already.` : null;
}
