import type { ProcessDefinition } from '#shared/plugin/index.ts';
import { StepFailed } from '#shared/plugin/index.ts';
import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import { coreExitCodes } from '#shared/process/exit-codes.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { FunctionOutcome, WorkflowAnswer, WorkflowAsk, WorkflowOutcome } from '../../engine/ports.ts';
import type { Prepared, Task, TaskResult, Validated } from '../protocol.ts';
import { inputValues, nodeFiles, nodeOf, thrown, type ReadObject } from './node-values.ts';
import { exitCode, isExit, madeOutputs, preparedCalculation } from './results.ts';
import { makeStep } from './workflow-step.ts';

export interface TaskWorld {
  readonly definition: ProcessDefinition;
  readonly read: ReadObject;
  readonly ask: (ask: WorkflowAsk) => Promise<WorkflowAnswer>;
}

/**
 * Runs plugin code for one task. Whatever that code throws becomes part of the result; unless the core could not read a
 * file for it or record a step: whatever the code made of that, a disk that fails once must not decide how a process ends.
 */
export async function runTask(task: Task, world: TaskWorld): Promise<TaskResult> {
  let coreFailed: ErrorInfo | null = null;
  const noting =
    <Request, Answer>(call: (request: Request) => Promise<Answer>) =>
    async (request: Request): Promise<Answer> => {
      try {
        return await call(request);
      } catch (error) {
        const info = errorInfo(error);
        // what a person or a plugin did wrong is theirs: a step that calls what is not installed
        if (info.family !== 'user') coreFailed ??= info;
        throw error;
      }
    };
  const careful = { ...world, read: noting(world.read), ask: noting(world.ask) };
  const result = await runPlugin(task, careful).catch(thrown);
  return coreFailed === null ? result : { kind: 'core-failed', error: coreFailed };
}

async function runPlugin(task: Task, world: TaskWorld): Promise<TaskResult> {
  switch (task.kind) {
    case 'validate':
      return validate(task, world);
    case 'function':
      return runFunction(task, world);
    case 'prepare':
      return prepare(task, world);
    case 'parse':
      return parse(task, world);
    case 'workflow':
      return runWorkflow(task, world);
  }
}

type Of<K extends Task['kind']> = Extract<Task, { kind: K }>;

async function validate(task: Of<'validate'>, { definition, read }: TaskWorld): Promise<Validated> {
  const { spec, code } = definition;
  const objection = (await code.validate?.(inputValues(task.inputs, spec.inputs, read))) ?? {};
  return { kind: 'validated', messages: typeof objection === 'string' ? { '': objection } : objection };
}

async function runFunction(task: Of<'function'>, { definition, read }: TaskWorld): Promise<FunctionOutcome> {
  const { spec, code } = definition;
  if (code.kind !== 'calculation-function') throw new Error(`${spec.id} is not a calculation function`);
  try {
    const outputs = await code.run(inputValues(task.inputs, spec.inputs, read));
    return { kind: 'outputs', outputs: madeOutputs(outputs) };
  } catch (error) {
    if (!isExit(error)) throw error;
    return { kind: 'exit', ...exitCode(spec, error.label, error.values), outputs: {} };
  }
}

async function prepare(task: Of<'prepare'>, { definition, read }: TaskWorld): Promise<Prepared> {
  const { spec, code } = definition;
  if (code.kind !== 'calculation-job') throw new Error(`${spec.id} is not a calculation job`);
  const inputs = inputValues(task.inputs, spec.inputs, read);
  const info = await code.prepare(inputs, { computer: task.computer });
  return { kind: 'prepared', calculation: preparedCalculation(info) };
}

async function parse(task: Of<'parse'>, { definition, read }: TaskWorld): Promise<FunctionOutcome> {
  const { spec, code } = definition;
  if (code.kind !== 'calculation-job') throw new Error(`${spec.id} is not a calculation job`);
  const result = await code.parse({
    inputs: inputValues(task.inputs, spec.inputs, read),
    retrieved: nodeFiles(task.retrieved, read),
    jobExitStatus: task.end.exitStatus,
    schedulerExit: task.end.schedulerExit,
  });
  const outputs = madeOutputs(result.outputs);
  if (result.exit === undefined) return { kind: 'outputs', outputs };
  return { kind: 'exit', ...exitCode(spec, result.exit.label, result.exit.values), outputs };
}

async function runWorkflow(task: Of<'workflow'>, world: TaskWorld): Promise<WorkflowOutcome> {
  const { spec, code } = world.definition;
  if (code.kind !== 'workflow') throw new Error(`${spec.id} is not a workflow`);
  const step = makeStep(world.ask, world.read);
  try {
    const returned = await code.run(step, inputValues(task.inputs, spec.inputs, world.read));
    if (isExit(returned))
      return { kind: 'exit', ...exitCode(spec, returned.label, returned.values), outputs: {} };
    return { kind: 'outputs', outputs: returnedNodes(returned) };
  } catch (error) {
    if (isExit(error)) return { kind: 'exit', ...exitCode(spec, error.label, error.values), outputs: {} };
    if (error instanceof StepFailed) {
      return { kind: 'exit', status: coreExitCodes.unspecified.status, message: error.message, outputs: {} };
    }
    throw error;
  }
}

function returnedNodes(returned: Readonly<Record<string, unknown>>): Record<string, Uuid> {
  const uuids: Record<string, Uuid> = {};
  for (const [label, value] of Object.entries(returned)) {
    if (value === undefined) continue;
    const node = typeof value === 'object' && value !== null ? nodeOf.get(value) : undefined;
    if (node === undefined) {
      throw new Error(
        `The workflow returned “${label}”, which is not a stored node. A workflow returns inputs and outputs of steps.`,
      );
    }
    uuids[label] = node.uuid;
  }
  return uuids;
}
