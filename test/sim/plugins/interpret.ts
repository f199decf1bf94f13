import type { MadeData, WorkflowAnswer, WorkflowAsk, WorkflowOutcome } from '#main/engine/ports.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { functionPlugin, jobPlugin, workflowPlugin } from './names.ts';
import type { FunctionParameters, JobParameters, Program, Step } from './program.ts';

type Inputs = Extract<WorkflowAsk, { kind: 'call' }>['inputs'];

/** Hears what plugin code was told: two answers to one question must be the same, however often it is asked. */
export interface Witness {
  ran(kind: 'function' | 'job', name: string): void;
  answered(program: string, label: string, value: string): void;
  /** A step was answered with that process: it must have been called with these parameters. */
  called(process: Uuid, parameters: JobParameters | FunctionParameters): void;
  slept(program: string, label: string, ms: number, phase: 'begin' | 'end'): void;
}

export interface Interpreter {
  readonly version: number;
  readonly witness: Witness;
  readonly jobInputs: (parameters: JobParameters, before: Inputs) => Inputs;
  readonly dict: (value: unknown) => MadeData;
  readonly signal: AbortSignal;
  readonly ask: (ask: WorkflowAsk) => Promise<WorkflowAnswer>;
}

/** The way through a program ends early. */
class Leave extends Error {
  readonly outcome: WorkflowOutcome;
  constructor(outcome: WorkflowOutcome) {
    super('the workflow ends here');
    this.outcome = outcome;
  }
}

/** What came out of the last step, which the next gets as an input: so that one step depends on another. */
interface Thread {
  readonly last: Uuid | null;
}

export async function interpret(program: Program, on: Interpreter): Promise<WorkflowOutcome> {
  let reports = 0;
  const { ask, witness, version } = on;

  async function number(kind: 'now' | 'random', label: string): Promise<number> {
    const answer = await ask({ kind, label });
    if (answer.kind !== 'number') throw new Error(`${label} was answered with ${answer.kind}`);
    witness.answered(program.name, label, String(answer.value));
    return answer.value;
  }

  async function call(
    label: string,
    plugin: string,
    inputs: Inputs,
    thread: Thread,
    parameters: JobParameters | FunctionParameters | null,
    options = '',
  ): Promise<Thread> {
    const answer = await ask({
      kind: 'call',
      label,
      plugin,
      inputs: thread.last === null ? inputs : { ...inputs, before: { uuid: thread.last } },
      nodeLabel: '',
      description: '',
      computer: null,
      options,
    });
    if (answer.kind !== 'outcome') throw new Error(`${label} was answered with ${answer.kind}`);
    const { uuid, exitStatus, ok, outputs } = answer;
    if (parameters !== null) witness.called(uuid, parameters);
    witness.answered(program.name, label, `${uuid} ${ok} ${exitStatus} ${Object.keys(outputs).join()}`);
    return { last: outputs['result']?.uuid ?? thread.last };
  }

  /** @returns which way */
  async function choose({ label, ways }: Extract<Step, { do: 'ask' }>, suffix: string): Promise<number> {
    const choices = ways.map((_, way) => ({ name: String(way), label: `Way ${way}`, help: '' }));
    const question = { question: `Which way at ${label}${suffix} of ${program.name}?`, facts: [], choices };
    const answer = await ask({ kind: 'question', label: label + suffix, question });
    if (answer.kind !== 'choice') throw new Error(`${label} was answered with ${answer.kind}`);
    const { choice, by, at } = answer;
    witness.answered(program.name, label + suffix, `${choice} by ${by} at ${at}`);
    return Number(choice);
  }

  async function run(step: Step, thread: Thread, suffix: string): Promise<Thread> {
    switch (step.do) {
      case 'job': {
        const { job, label } = step;
        const changed = job.changesAt > 0 && version >= job.changesAt;
        const parameters = {
          ...job,
          name: job.name + suffix,
          inputBytes: job.inputBytes + (changed ? 1 : 0),
        };
        const options = job.rerunnable ? JSON.stringify({ rerunnable: true }) : '';
        return call(label + suffix, jobPlugin, on.jobInputs(parameters, {}), thread, parameters, options);
      }
      case 'function': {
        const { label } = step;
        const changed = step.call.changesAt > 0 && version >= step.call.changesAt;
        const parameters = {
          ...step.call,
          name: step.call.name + suffix,
          add: step.call.add + (changed ? 1 : 0),
        };
        return call(label + suffix, functionPlugin, { parameters: on.dict(parameters) }, thread, parameters);
      }
      case 'workflow': {
        const inner: Program = { ...step.program, name: step.program.name + suffix };
        return call(step.label + suffix, workflowPlugin, { program: on.dict(inner) }, thread, null);
      }
      case 'parallel': {
        const ends = await Promise.all(step.steps.map((inner) => run(inner, thread, suffix)));
        return ends[0] ?? thread;
      }
      case 'race': {
        const runs = step.steps.map(async (inner, index) => ({
          index,
          end: await run(inner, thread, suffix),
        }));
        const { index, end } = await Promise.race(runs);
        // another winner after a restart would be another course
        witness.answered(program.name, step.label + suffix, String(index));
        return end;
      }
      case 'loop': {
        const times = Math.floor((await number('random', step.label + suffix)) * (step.most + 1));
        let at = thread;
        for (let turn = 1; turn <= times; turn++) at = await runAll(step.body, at, `${suffix}_${turn}`);
        return at;
      }
      case 'sleep': {
        const label = step.label + suffix;
        witness.slept(program.name, label, step.ms, 'begin');
        await ask({ kind: 'sleep', label, ms: step.ms });
        witness.slept(program.name, label, step.ms, 'end');
        return thread;
      }
      case 'now':
        await number('now', step.label + suffix);
        return thread;
      case 'report':
        await ask({
          kind: 'report',
          message: `${program.name} ${step.message}${suffix}`,
          ordinal: ++reports,
        });
        return thread;
      case 'ask':
        return runAll(step.ways[await choose(step, suffix)] ?? [], thread, suffix);
      case 'throw':
        throw new Leave({ kind: 'threw', error: step.message, stack: step.message });
      case 'exit':
        throw new Leave({ kind: 'exit', status: step.status, message: 'as the program wants', outputs: {} });
    }
  }

  async function runAll(steps: readonly Step[], thread: Thread, suffix: string): Promise<Thread> {
    let at = thread;
    for (const step of steps) at = await run(step, at, suffix);
    return at;
  }

  try {
    const { last } = await runAll(program.steps, { last: null }, '');
    return { kind: 'outputs', outputs: last === null ? {} : { result: last } };
  } catch (error) {
    if (error instanceof Leave) return error.outcome;
    on.signal.throwIfAborted();
    const text = error instanceof Error ? error.message : String(error);
    return { kind: 'threw', error: text, stack: text };
  }
}
