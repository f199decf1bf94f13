/** A launch request against the specification of its process: every complaint at once, or what will be launched. */
import { errorInfo } from '#shared/base/errors.ts';
import type { InputIssue, InputValue, LaunchRequest } from '#shared/contract/areas/launch.ts';
import { fitsType, valueProblem, wordsOf } from '#shared/process/check-value.ts';
import { jobOptions, type JobOptions } from '#shared/process/job-options.ts';
import type { Port, ProcessSpec } from '#shared/process/ports.ts';
import { stopRules } from '#shared/process/stop-rules.ts';
import type { StopRule } from '#shared/process/rule-types.ts';
import { acceptsNode } from '#shared/process/value-types.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { newUuid, parseUuid, type Uuid } from '#shared/provenance/ids.ts';
import { PyFloat, readPyJson, writePyJson } from '#shared/provenance/python-json.ts';
import { dataProblem, missingInputs, portFor } from '../engine/inputs/check.ts';
import { defaultsOf } from '../engine/inputs/defaults.ts';
import { literalData, literalType } from '../engine/inputs/literal.ts';
import type { MadeData, NodeForPlugin } from '../engine/ports.ts';
import { forPlugin } from '../engine/plugin-inputs.ts';
import type { LaunchDeps } from './deps.ts';

/** A request that can be launched as it is. `job` is null for what is no job. */
export interface ResolvedLaunch {
  readonly spec: ProcessSpec;
  /** Stored nodes by UUID, new data as it will be stored. */
  readonly inputs: Readonly<Record<string, { readonly uuid: Uuid } | MadeData>>;
  /** All of them as plugin code sees them. */
  readonly values: Readonly<Record<string, NodeForPlugin>>;
  readonly job: {
    readonly computer: Uuid;
    readonly options: JobOptions;
    readonly rules: readonly StopRule[];
  } | null;
}

export type Resolution =
  | { readonly kind: 'issues'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'resolved'; readonly launch: ResolvedLaunch };

type Input = { readonly uuid: Uuid } | MadeData;

/**
 * Checks a request against the ports of its process, then by the plugin's own `validate`. Nothing is stored. All that
 * is wrong is found at once, except what `validate` says: it is asked only about inputs that fit.
 */
export async function resolveLaunch(
  launch: LaunchDeps,
  request: LaunchRequest,
  signal: AbortSignal,
): Promise<Resolution> {
  const spec = launch.deps.plugins.specs().find(({ id }) => id === request.plugin);
  if (spec === undefined) {
    return {
      kind: 'issues',
      issues: [{ field: '', message: `There is no process “${request.plugin}” here.` }],
    };
  }
  const issues: InputIssue[] = [];
  const inputs: Record<string, Input> = {};
  const values: Record<string, NodeForPlugin> = {};
  for (const [label, given] of Object.entries(withDefaults(spec, request.inputs))) {
    const found = await oneInput(launch, spec, label, given);
    if ('issue' in found) {
      issues.push({ field: label, message: found.issue });
      continue;
    }
    inputs[label] = found.input;
    values[label] = found.value;
  }
  issues.push(...missingInputs(spec, [...Object.keys(inputs), ...issues.map(({ field }) => field)]));
  const job = spec.kind === 'calculation-job' ? jobOf(launch, request, values, issues) : null;
  if (issues.length > 0) return { kind: 'issues', issues };
  const objections = await launch.deps.plugins.validate(spec.id, values, signal);
  for (const [field, message] of Object.entries(objections)) issues.push({ field, message });
  if (issues.length > 0) return { kind: 'issues', issues };
  return { kind: 'resolved', launch: { spec, inputs, values, job } };
}

function withDefaults(
  spec: ProcessSpec,
  given: LaunchRequest['inputs'],
): Readonly<Record<string, InputValue>> {
  const all: Record<string, InputValue> = { ...given };
  for (const [label, { type, value }] of defaultsOf(spec, given)) {
    all[label] = { kind: 'value', type, value: value as Extract<InputValue, { kind: 'value' }>['value'] };
  }
  return all;
}

type Found = { readonly issue: string } | { readonly input: Input; readonly value: NodeForPlugin };

async function oneInput(
  launch: LaunchDeps,
  spec: ProcessSpec,
  label: string,
  given: InputValue,
): Promise<Found> {
  const found = portFor(spec, label);
  if ('issue' in found) return found;
  const { port } = found;
  try {
    switch (given.kind) {
      case 'node':
        return storedInput(launch, port, parseUuid(given.uuid));
      case 'file':
        return fileInput(port, [given], 'file');
      case 'chosen':
        return fileInput(
          port,
          await Promise.all(given.files.map((handle) => launch.chosenFile(handle))),
          given.as,
        );
      case 'json': {
        const value = readPyJson(given.text);
        const problem = valueProblem(port, value);
        if (problem !== null) return { issue: problem };
        if (typeof value !== 'object' || value === null || value instanceof PyFloat)
          return { issue: 'Must be a list or a dictionary.' };
        return newInput(literalData(Array.isArray(value) ? 'list' : 'dict', value));
      }
      case 'value': {
        if (given.type === 'code' && typeof given.value === 'string') {
          return storedInput(launch, port, await launch.codeByLabel(given.value));
        }
        const problem = valueProblem(port, given.value);
        if (problem !== null) return { issue: problem };
        const isTaken =
          port.types.includes(given.type) ||
          (port.types.includes('data') && fitsType(given.type, given.value));
        const type = isTaken ? given.type : literalType(port.types, given.value);
        return newInput(literalData(type, given.value));
      }
    }
  } catch (error) {
    const info = errorInfo(error);
    if (info.family === 'unexpected') throw error;
    return { issue: info.message };
  }
}

function storedInput({ deps }: LaunchDeps, port: Port, uuid: Uuid): Found {
  const node = deps.store.read((reads) => reads.nodeByUuid(uuid));
  const problem = dataProblem(port, node, uuid);
  if (node === null || problem !== null) return { issue: problem ?? '' };
  return { input: { uuid }, value: forPlugin(node, deps.computers) };
}

function fileInput(
  port: Port,
  files: readonly { readonly name: string; readonly content: Uint8Array }[],
  as: 'file' | 'folder',
): Found {
  const nodeType = as === 'file' ? NodeType.singleFile : NodeType.folder;
  if (!acceptsNode(port.types, nodeType)) return { issue: `Must be ${wordsOf(port.types)}.` };
  const names = new Set<string>();
  for (const { name } of files) {
    if (name === '' || name.includes('/') || name === '.' || name === '..')
      return { issue: 'The file has no valid name.' };
    if (names.has(name)) return { issue: `Two of the files are called “${name}”.` };
    names.add(name);
  }
  const [first] = files;
  if (as === 'file' && (first === undefined || files.length > 1)) return { issue: 'Must be one file.' };
  return newInput({
    nodeType,
    attributes: writePyJson(as === 'file' ? { filename: first?.name ?? '' } : {}),
    label: '',
    files: files.map(({ name, content }) => ({ path: name, content })),
  });
}

const newInput = (data: MadeData): Found => ({
  input: data,
  value: {
    uuid: newUuid(),
    nodeType: data.nodeType,
    label: data.label,
    attributes: data.attributes,
    files: data.files.map(({ path, content }) => [path, content] as const),
    computer: null,
  },
});

function jobOf(
  launch: LaunchDeps,
  request: LaunchRequest,
  values: Readonly<Record<string, NodeForPlugin>>,
  issues: InputIssue[],
): ResolvedLaunch['job'] {
  const codes = Object.entries(values).filter(([, node]) => node.nodeType.startsWith('data.core.code.'));
  const computers = new Set(codes.map(([, node]) => node.computer).filter((computer) => computer !== null));
  if (request.computer !== undefined) computers.add(parseUuid(request.computer));
  const [computer] = computers;
  if (computer === undefined) {
    if (codes.length > 0 || !issues.some(({ field }) => field === 'code')) {
      issues.push({
        field: 'computer',
        message: 'Choose a code or a computer: nothing says where the job runs.',
      });
    }
    return null;
  }
  if (computers.size > 1) {
    issues.push({
      field: 'computer',
      message: 'The codes and the computer do not agree on where the job runs.',
    });
    return null;
  }
  const facts = launch.computer(computer);
  if (facts === null) {
    issues.push({ field: 'computer', message: 'The computer does not exist any more.' });
  } else if (!facts.configured) {
    issues.push({
      field: 'computer',
      message: `Nothing is known of how to reach ${facts.label}. Set it up under Computers.`,
    });
  } else if (!facts.enabled) {
    issues.push({ field: 'computer', message: `${facts.label} is disabled. Enable it under Computers.` });
  }
  const options = jobOptions.safeParse(request.options ?? {});
  const rules = stopRules.safeParse(request.rules ?? []);
  if (!rules.success) {
    for (const { path, message } of rules.error.issues)
      issues.push({ field: ['rules', ...path.map(String)].join('.'), message });
  }
  if (options.success) return rules.success ? { computer, options: options.data, rules: rules.data } : null;
  for (const { path, message } of options.error.issues)
    issues.push({ field: ['options', ...path.map(String)].join('.'), message });
  return null;
}
