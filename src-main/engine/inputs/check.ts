/** Inputs against the specification of their process, in the same words for a form, a command and a workflow. */
import { userError, type StemmaError } from '#shared/base/errors.ts';
import { nodeProblem } from '#shared/process/check-node.ts';
import { flatPorts, portAt, type Port, type ProcessSpec } from '#shared/process/ports.ts';
import { isLinkLabel } from '#shared/provenance/links.ts';

/** What is wrong with one input, as a sentence. */
export interface InputProblem {
  /** Flat label of a port; empty where it concerns all of them. */
  readonly field: string;
  readonly message: string;
}

type Found<Value> = { readonly issue: string } | Value;

/** The port that takes an input. */
export function portFor(spec: ProcessSpec, label: string): Found<{ readonly port: Port }> {
  const port = portAt(spec.inputs, label);
  if (port === null) return { issue: `${spec.id} has no input “${label}”.` };
  if (isLinkLabel(label)) return { port };
  return { issue: 'A name has letters, digits and single underscores only, and begins with a letter.' };
}

/** Data that is stored, or will be; null where there is none of that UUID. */
export function dataProblem(
  port: Port,
  data: { readonly nodeType: string; readonly attributes: string } | null,
  uuid = '',
): string | null {
  return data === null ? `There is no node ${uuid}.` : nodeProblem(port, data.nodeType, data.attributes);
}

/** Required inputs that are not among the labels. */
export function missingInputs(spec: ProcessSpec, labels: Iterable<string>): readonly InputProblem[] {
  const given = new Set(labels);
  return [...flatPorts(spec.inputs)]
    .filter(([label, port]) => port.required && !given.has(label))
    .map(([label]) => ({ field: label, message: 'Required.' }));
}

/** All that is wrong, as the error that refuses the launch. */
export function badInput(plugin: string, problems: readonly InputProblem[]): StemmaError {
  const lines = problems.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  return userError({
    code: 'bad-input',
    message: `${plugin} cannot be launched: ${lines[0] ?? ''}`,
    subject: plugin,
    details: lines.join('\n'),
  });
}
