/** A process comes to be: its node, its inputs and its first effect, in one transaction. */
import { userError } from '#shared/base/errors.ts';
import type { CacheChoice } from '#shared/process/caching-rules.ts';
import type { JobOptions } from '#shared/process/job-options.ts';
import type { ProcessKind, ProcessSpec } from '#shared/process/ports.ts';
import type { StopRule } from '#shared/process/rule-types.ts';
import { cacheExtras } from '#shared/provenance/cache-extras.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import { isLinkLabel, type LinkType } from '#shared/provenance/links.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import { cloneFinished } from './clone-finished.ts';
import type { EffectKind } from './effects.ts';
import type { EngineDeps } from './deps.ts';
import type { ReadyData } from './events.ts';
import { findEqual, looksForEqual } from './find-equal.ts';
import { badInput, dataProblem, missingInputs, portFor, type InputProblem } from './inputs/check.ts';
import { withDefaults } from './inputs/defaults.ts';
import type { EngineTransaction } from './ports.ts';
import { attributesOf, codeOf, launchHash, nodeTypes } from './process-attributes.ts';
import { insertData } from './ready-data.ts';
import type { Resume } from './reuse.ts';
import type { Activity, RunState } from './state.ts';
import { rulesAttribute } from './transitions/stopping.ts';

/** A process that is to begin, checked already: nothing about it can be refused but by the store. */
export interface NewProcess {
  readonly spec: ProcessSpec;
  readonly uuid: Uuid;
  readonly label: string;
  readonly description: string;
  /** By flat label: a stored node, or data to be stored. */
  readonly inputs: Readonly<Record<string, { readonly uuid: Uuid } | ReadyData>>;
  /** Only for calculation jobs. */
  readonly job: {
    readonly computer: Uuid;
    readonly options: JobOptions;
    readonly token: string;
    /** When to stop it while it runs. */
    readonly rules?: readonly StopRule[];
  } | null;
  readonly caller: { readonly process: NodeId; readonly label: string } | null;
  /** Whether an equal calculation that has ended may stand for it; as the profile says where it is not given. */
  readonly caching?: CacheChoice | undefined;
  /** Only for workflows: the former run whose finished steps are taken over. */
  readonly resume?: Resume | undefined;
}

/** A process that runs, with the state that the engine keeps of it; or one that has ended, a copy from the cache. */
export type Created =
  | { readonly kind: 'started'; readonly id: NodeId; readonly state: RunState; readonly effect: EffectKind }
  | { readonly kind: 'cached'; readonly id: NodeId };

const firstEffects: Readonly<Record<ProcessKind, EffectKind>> = {
  'calculation-job': 'prepare',
  'calculation-function': 'function',
  workflow: 'workflow',
};

/**
 * The first effect of a process that runs is number 1 of its kind.
 * @throws StemmaError `bad-input` where an input is missing, unknown or of a wrong type
 */
export function createProcess(tx: EngineTransaction, deps: EngineDeps, request: NewProcess): Created {
  const { spec, job, caching = 'profile' } = request;
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
  const inputs = inputNodes(tx, spec, request.inputs, ctime);
  const caller =
    request.caller === null
      ? null
      : { process: request.caller.process, label: callLabel(request.caller.label) };
  const resumed: { readonly [key: string]: PyJson } =
    request.resume === undefined ? {} : { resumed_from: request.resume.from };
  const attributes = { ...attributesOf(deps, spec, job?.options ?? null, caching), ...resumed };
  const hashes = Object.entries(inputs).map(([label, node]) => [label, tx.dataHash(node)] as const);
  const hash = launchHash(deps, spec, job, Object.fromEntries(hashes), resumed);
  if (looksForEqual(spec, caching, deps.cachingRules?.() ?? null)) {
    const equal = findEqual(tx, spec, hash);
    if (equal !== null) {
      const { uuid, label, description } = request;
      const id = cloneFinished(tx, { source: equal, uuid, label, description, ctime, inputs, caller, hash });
      return { kind: 'cached', id };
    }
  }
  const id = tx.insertNode({
    uuid: request.uuid,
    nodeType: nodeTypes[spec.kind],
    processType: spec.processType,
    label: request.label,
    description: request.description,
    ctime,
    // what may stop a job is no part of what it computes: it is not there when equal ones are looked for
    attributes: { ...attributes, ...(job?.rules?.length ? { stop_rules: rulesAttribute(job.rules) } : {}) },
    // what it takes over becomes part of a resumed run as it goes: its hash is not known yet, and nobody looks for it
    extras: request.resume === undefined ? { [cacheExtras.hash]: hash } : {},
    repository: codeOf(deps, spec).repository,
    computer,
  });
  for (const [label, source] of Object.entries(inputs)) {
    tx.insertLink({ source, target: id, type: calculation ? 'input_calc' : 'input_work', label });
  }
  if (caller !== null) {
    const type: LinkType = calculation ? 'call_calc' : 'call_work';
    tx.insertLink({ source: caller.process, target: id, type, label: caller.label });
  }
  return { kind: 'started', id, state: firstState(request, now), effect: firstEffects[spec.kind] };
}

/** The label of a call link: the step's, where AiiDA takes it as one. */
const callLabel = (label: string): string => {
  const folded = label.replaceAll(/[^A-Za-z0-9_]+/g, '_').replaceAll(/^_+|_+$/g, '');
  return isLinkLabel(folded) ? folded : 'CALL';
};

/** Stores what is not stored yet, once all of it is known to be right. */
function inputNodes(
  tx: EngineTransaction,
  spec: ProcessSpec,
  given: NewProcess['inputs'],
  ctime: number,
): Readonly<Record<string, NodeId>> {
  const all = withDefaults(spec, given);
  const problems: InputProblem[] = [];
  const found: (readonly [label: string, NodeId | ReadyData])[] = [];
  for (const [label, input] of Object.entries(all)) {
    const taken = portFor(spec, label);
    if ('issue' in taken) {
      problems.push({ field: label, message: taken.issue });
      continue;
    }
    const stored = 'uuid' in input ? tx.nodeByUuid(input.uuid) : null;
    const problem =
      'uuid' in input ? dataProblem(taken.port, stored, input.uuid) : dataProblem(taken.port, input);
    if (problem !== null) problems.push({ field: label, message: problem });
    else if (!('uuid' in input)) found.push([label, input]);
    else if (stored !== null) found.push([label, stored.id]);
  }
  problems.push(...missingInputs(spec, Object.keys(all)));
  if (problems.length > 0) throw badInput(spec.id, problems);
  return Object.fromEntries(
    found.map(([label, input]) => [label, typeof input === 'number' ? input : insertData(tx, input, ctime)]),
  );
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
      attempt: { number: 1, token: job.token, since: now },
      plan: null,
      retrieve: [],
      directory: null,
      jobId: null,
      facts: null,
      factsSince: null,
      end: null,
      retrieved: null,
      lost: null,
      rules: job.rules ?? [],
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
      ...(request.resume === undefined ? {} : { resume: request.resume }),
    };
  }
  return { kind: 'function', ...common, activity: activity('run', 'running') };
}
