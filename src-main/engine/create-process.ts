/** A process comes to be: its node, its inputs and its first effect, in one transaction. */
import { userError } from '#shared/base/errors.ts';
import { jobFiles, type JobOptions } from '#shared/process/job-options.ts';
import { flatPorts, portAt, type ProcessKind, type ProcessSpec } from '#shared/process/ports.ts';
import { acceptsNode } from '#shared/process/value-types.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import { isLinkLabel, type LinkType } from '#shared/provenance/links.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import type { EffectKind } from './effects.ts';
import type { EngineDeps } from './deps.ts';
import type { ReadyData } from './events.ts';
import type { EngineTransaction } from './ports.ts';
import { insertData } from './ready-data.ts';
import type { Activity, RunState } from './state.ts';

export interface NewProcess {
  readonly spec: ProcessSpec;
  readonly uuid: Uuid;
  readonly label: string;
  readonly description: string;
  /** By flat label: a stored node, or data to be stored. */
  readonly inputs: Readonly<Record<string, { readonly uuid: Uuid } | ReadyData>>;
  /** Only for calculation jobs. */
  readonly job: { readonly computer: Uuid; readonly options: JobOptions; readonly token: string } | null;
  readonly caller: { readonly process: NodeId; readonly label: string } | null;
}

const nodeTypes: Readonly<Record<ProcessKind, string>> = {
  'calculation-job': NodeType.calcJob,
  'calculation-function': NodeType.calcFunction,
  workflow: NodeType.workChain,
};
const firstEffects: Readonly<Record<ProcessKind, EffectKind>> = {
  'calculation-job': 'prepare',
  'calculation-function': 'function',
  workflow: 'workflow',
};

/**
 * @returns the node and the state that the engine keeps of it; its first effect is number 1 of its kind
 * @throws StemmaError `bad-input` where an input is missing, unknown or of a wrong type
 */
export function createProcess(
  tx: EngineTransaction,
  deps: EngineDeps,
  request: NewProcess,
): { readonly id: NodeId; readonly state: RunState; readonly effect: EffectKind } {
  const { spec, job, caller } = request;
  const now = deps.clock.now();
  const ctime = now * 1000;
  const calculation = spec.kind !== 'workflow';
  const computer = job === null ? null : deps.computers.idOf(job.computer);
  if (job !== null && computer === null) {
    throw userError({
      code: 'unknown-computer',
      message: 'The computer of this job does not exist.',
      subject: job.computer,
    });
  }
  const id = tx.insertNode({
    uuid: request.uuid,
    nodeType: nodeTypes[spec.kind],
    processType: spec.processType,
    label: request.label,
    description: request.description,
    ctime,
    attributes: attributesOf(spec, job?.options ?? null, deps.coreVersion),
    computer,
  });
  const inputType: LinkType = calculation ? 'input_calc' : 'input_work';
  for (const [label, input] of Object.entries(request.inputs)) {
    const source = inputNode(tx, spec, label, input, ctime);
    tx.insertLink({ source, target: id, type: inputType, label });
  }
  for (const [label, port] of flatPorts(spec.inputs)) {
    if (port.required && !Object.hasOwn(request.inputs, label)) {
      throw userError({
        code: 'bad-input',
        message: `The input “${label}” of ${spec.id} is required.`,
        subject: label,
      });
    }
  }
  if (caller !== null) {
    const type: LinkType = calculation ? 'call_calc' : 'call_work';
    tx.insertLink({ source: caller.process, target: id, type, label: callLabel(caller.label) });
  }
  return { id, state: firstState(request, now), effect: firstEffects[spec.kind] };
}

/** The label of a call link: the step's, where AiiDA takes it as one. */
const callLabel = (label: string): string => {
  const folded = label.replaceAll(/[^A-Za-z0-9_]+/g, '_').replaceAll(/^_+|_+$/g, '');
  return isLinkLabel(folded) ? folded : 'CALL';
};

function inputNode(
  tx: EngineTransaction,
  spec: ProcessSpec,
  label: string,
  input: { readonly uuid: Uuid } | ReadyData,
  ctime: number,
): NodeId {
  const refuse = (why: string): Error =>
    userError({ code: 'bad-input', message: `The input “${label}” of ${spec.id} ${why}.`, subject: label });
  const port = portAt(spec.inputs, label);
  if (port === null || !isLinkLabel(label)) throw refuse('is not part of its specification');
  if ('uuid' in input) {
    const node = tx.nodeByUuid(input.uuid);
    if (node === null) throw refuse(`is node ${input.uuid}, which does not exist`);
    if (!acceptsNode(port.types, node.nodeType)) throw refuse(`may not be a ${node.nodeType}`);
    return node.id;
  }
  if (!acceptsNode(port.types, input.nodeType)) throw refuse(`may not be a ${input.nodeType}`);
  return insertData(tx, input, ctime);
}

function attributesOf(
  spec: ProcessSpec,
  options: JobOptions | null,
  coreVersion: string,
): { readonly [key: string]: PyJson } {
  const common = {
    version: { core: coreVersion, plugin: spec.version },
    process_label: spec.label,
    process_state: spec.kind === 'calculation-job' ? 'created' : 'running',
    sealed: false,
  };
  if (options === null) return common;
  const { additional_retrieve_list: more, ...flat } = options;
  const set = Object.fromEntries(Object.entries(flat).filter(([, value]) => value !== undefined));
  return {
    ...common,
    ...(set as { readonly [key: string]: PyJson }),
    ...(more.length > 0 ? { additional_retrieve_list: more } : {}),
    parser_name: spec.id,
    submit_script_filename: jobFiles.submitScript,
    scheduler_stdout: jobFiles.schedulerStdout,
    scheduler_stderr: jobFiles.schedulerStderr,
    metadata_inputs: { metadata: { options: set as { readonly [key: string]: PyJson } } },
  };
}

function firstState(request: NewProcess, now: number): RunState {
  const { spec, uuid, caller, job } = request;
  const activity = (step: string, words: string): Activity => ({
    step,
    words,
    reason: '',
    since: now,
    until: null,
  });
  const common = {
    uuid,
    plugin: spec.id,
    caller,
    paused: false,
    killing: false,
    retry: null,
    effects: 1,
  } as const;
  if (job !== null) {
    return {
      kind: 'job',
      ...common,
      activity: activity('prepare', 'preparing the input files'),
      phase: 'prepare',
      computer: job.computer,
      options: JSON.stringify(job.options),
      attempt: { number: 1, token: job.token },
      plan: null,
      retrieve: [],
      directory: null,
      jobId: null,
      facts: null,
      factsSince: null,
      end: null,
      retrieved: null,
      lost: null,
    };
  }
  if (spec.kind === 'workflow') {
    return {
      kind: 'workflow',
      ...common,
      activity: activity('step', 'running'),
      waiting: {},
      finished: 0,
      changed: null,
    };
  }
  return { kind: 'function', ...common, activity: activity('run', 'running') };
}
