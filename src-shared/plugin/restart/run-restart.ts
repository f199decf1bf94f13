/**
 * The loop of a restart workflow: run, look at how it ended, let the handlers decide, run again. The order of questions
 * and the limits are those of AiiDA's BaseRestartWorkChain (aiida-core 2.9, `workchains/restart.py`), with one
 * difference: the first handler that reacts decides, as if each of AiiDA's were to break.
 */
import type { restartExitCodes } from '../../process/exit-codes.ts';
import {
  iterationsAttribute,
  type IterationAction,
  type IterationRecord,
} from '../../process/iteration-record.ts';
import type { JobOptionsInput } from '../../process/job-options.ts';
import type { ProcessSpec } from '../../process/ports.ts';
import type { PortRecord } from '../ports.ts';
import { Exit, type Step, type StepOutcome } from '../step.ts';
import type { DataValue } from '../values.ts';
import type { NextRun, RestartContext, RestartHandler } from './handler.ts';
import { changedInputs, changedOptions, nestedInputs, type FlatInputs, type Options } from './inputs.ts';

/** AiiDA's words for what to do about a failure that no handler knows; where it says pause, we ask. */
export const unhandledPolicies = ['restart_once', 'abort', 'pause', 'restart_and_pause'] as const;
export type UnhandledPolicy = (typeof unhandledPolicies)[number];

/** A restart workflow as one launch has it: definition, inputs and what the launch changed. */
export interface RestartPlan {
  readonly process: { readonly spec: ProcessSpec };
  /** Switched on, in their order. */
  readonly handlers: readonly RestartHandler[];
  readonly maxIterations: number;
  readonly askAtLimit: boolean;
  readonly onUnhandled: UnhandledPolicy;
  /** The further inputs of the restart workflow. */
  readonly policy: Readonly<Record<string, unknown>>;
  /** The input that takes the former work directory, where these inputs can make use of it. */
  readonly restartInput: (inputs: never) => string | null;
  readonly inputs: FlatInputs;
  readonly options: Options;
}

type Verdict = Pick<IterationRecord, 'considered' | 'handler' | 'says' | 'answer'> & {
  readonly next: NextRun | 'done' | 'unhandled';
};

const exit = (
  label: keyof typeof restartExitCodes,
  values: Readonly<Record<string, string | number>>,
): Exit => new Exit(label, values);

/** How a run ended, as the end of a sentence. */
const wordsOf = ({ ok, state, exitStatus, exitMessage }: StepOutcome): string =>
  ok
    ? 'exit status 0.'
    : state === 'finished'
      ? `exit status ${exitStatus ?? 'unknown'}: ${exitMessage}`
      : `${state}: ${exitMessage}`;

/** One restart workflow at work: launches, asks the handlers about each ending, and writes down every iteration. */
export class Restart {
  readonly #step: Step;
  readonly #plan: RestartPlan;
  readonly #records: IterationRecord[] = [];
  readonly #acted = new Map<string, number>();
  #inputs: FlatInputs;
  #options: Options;
  #limit: number;
  #unhandledBefore = false;

  constructor(step: Step, plan: RestartPlan) {
    this.#step = step;
    this.#plan = plan;
    this.#inputs = plan.inputs;
    this.#options = plan.options;
    this.#limit = plan.maxIterations;
  }

  /** @returns the outputs of the last good run. @throws Exit */
  async run(): Promise<Readonly<Record<string, DataValue>>> {
    for (let iteration = 1; ; iteration++) {
      const outcome = await this.#launch(iteration);
      this.#stopIfBroken(iteration, outcome);
      const verdict = await this.#judge(iteration, outcome);
      if (verdict.next === 'done') {
        this.#record(iteration, outcome, verdict, 'done', []);
        this.#step.report(`Good after ${iteration} ${iteration === 1 ? 'iteration' : 'iterations'}.`);
        return outcome.outputs;
      }
      if (verdict.next === 'unhandled') await this.#onUnhandled(iteration, outcome, verdict);
      else await this.#onReaction(iteration, outcome, verdict, verdict.next);
    }
  }

  #launch(iteration: number): Promise<StepOutcome> {
    const { spec } = this.#plan.process;
    const label = `iteration_${String(iteration).padStart(2, '0')}`;
    const options = this.#options as JobOptionsInput;
    return this.#step.call(label, this.#plan.process, this.#inputs, {
      allowFailure: true,
      ...(spec.kind === 'calculation-job' ? { options } : {}),
    });
  }

  /** What broke off or was killed is nobody's to repair. */
  #stopIfBroken(iteration: number, outcome: StepOutcome): void {
    if (outcome.state === 'finished') {
      this.#inputs = outcome.inputs;
      return;
    }
    const says = wordsOf(outcome);
    const nobody = { considered: [], handler: null, says, answer: null };
    this.#record(iteration, outcome, nobody, 'give-up', []);
    const reason = outcome.exitMessage;
    throw outcome.state === 'killed'
      ? exit('ERROR_SUB_PROCESS_KILLED', { iteration })
      : exit('ERROR_SUB_PROCESS_EXCEPTED', { iteration, reason });
  }

  async #judge(iteration: number, outcome: StepOutcome): Promise<Verdict> {
    const considered: string[] = [];
    for (const handler of this.#plan.handlers) {
      const { name, exitCodes, when, handle } = handler;
      if (exitCodes !== undefined && !exitCodes.includes(outcome.exitStatus ?? -1)) continue;
      const context = this.#context(iteration, outcome, name);
      if (when !== undefined && !(await when(context))) continue;
      considered.push(name);
      const reaction = await handle(context);
      if (reaction === 'not mine') continue;
      this.#acted.set(name, (this.#acted.get(name) ?? 0) + 1);
      const known = { considered, handler: name };
      if (reaction.action !== 'ask') return { ...known, next: reaction, says: reaction.says, answer: null };
      const { choices, question, facts = {} } = reaction;
      const answer = await this.#ask(iteration, outcome, question, facts, choices);
      const chosen = choices[answer.choice];
      if (chosen === undefined) throw new Error(`“${answer.choice}” was not a choice of ${name}`);
      return { ...known, next: chosen.next, says: chosen.next.says, answer };
    }
    const says = outcome.ok ? '' : 'No handler knows what to do about it.';
    return { considered, handler: null, says, answer: null, next: outcome.ok ? 'done' : 'unhandled' };
  }

  #context(iteration: number, outcome: StepOutcome, handler: string): RestartContext<PortRecord, PortRecord> {
    const inputs = nestedInputs(this.#plan.process.spec.inputs, this.#inputs);
    return {
      iteration,
      outcome,
      inputs: inputs as never,
      options: this.#options as JobOptionsInput,
      policy: this.#plan.policy as never,
      acted: this.#acted.get(handler) ?? 0,
      canRestartFromFolder: this.#folderInput() !== null && outcome.outputs['remote_folder'] !== undefined,
    };
  }

  #folderInput(): string | null {
    const inputs = nestedInputs(this.#plan.process.spec.inputs, this.#inputs);
    return this.#plan.restartInput(inputs as never);
  }

  async #ask(
    iteration: number,
    outcome: StepOutcome,
    question: string,
    facts: Readonly<Record<string, string | number>>,
    choices: Readonly<Record<string, { readonly label: string; readonly help?: string }>>,
  ): Promise<NonNullable<IterationRecord['answer']>> {
    const answer = await this.#step.ask(`question_${String(iteration).padStart(2, '0')}`, {
      question,
      facts: { Iteration: iteration, 'It ended with': wordsOf(outcome), ...facts },
      choices,
    });
    return { choice: answer.choice, by: answer.by, at: new Date(answer.at).toISOString() };
  }

  // ------------------------------------------------------------------------------------------- what comes next

  async #onReaction(iteration: number, outcome: StepOutcome, verdict: Verdict, next: NextRun): Promise<void> {
    this.#unhandledBefore = false;
    if (next.action === 'give-up') {
      this.#record(iteration, outcome, verdict, 'give-up', []);
      if (next.exit !== undefined) throw new Exit(next.exit, next.values);
      if (verdict.answer !== null) throw this.#stoppedBy(iteration, verdict.answer.by);
      throw exit('ERROR_HANDLER_GAVE_UP', { handler: verdict.handler ?? '', says: next.says });
    }
    const folder = next.action === 'restart-from-folder' ? this.#folderChange(outcome) : {};
    const inputs = changedInputs(this.#inputs, { ...next.inputs, ...folder });
    const options = changedOptions(this.#options, next.options ?? {});
    const changes = [...options.changes, ...inputs.changes];
    const action: IterationAction =
      Object.keys(folder).length > 0 ? 'restart-from-folder' : changes.length > 0 ? 'change' : 'again';
    this.#record(iteration, outcome, verdict, action, changes);
    this.#inputs = inputs.inputs;
    this.#options = options.options;
    await this.#mindTheLimit(iteration, outcome);
  }

  #folderChange(outcome: StepOutcome): Readonly<Record<string, DataValue>> {
    const input = this.#folderInput();
    const folder = outcome.outputs['remote_folder'];
    return input === null || folder === undefined ? {} : { [input]: folder };
  }

  async #onUnhandled(iteration: number, outcome: StepOutcome, verdict: Verdict): Promise<void> {
    const { onUnhandled } = this.#plan;
    const giveUp = (says: string): Exit => {
      this.#record(iteration, outcome, { ...verdict, says }, 'unhandled', []);
      return exit('ERROR_UNHANDLED_FAILURE', {
        status: outcome.exitStatus ?? 'unknown',
        reason: outcome.exitMessage,
      });
    };
    const restarts = onUnhandled === 'restart_once' || onUnhandled === 'restart_and_pause';
    if (restarts && !this.#unhandledBefore) {
      if (iteration >= this.#limit)
        throw giveUp('No handler knows what to do about it, and the limit is reached.');
      this.#unhandledBefore = true;
      const says = 'No handler knows what to do about it: it is run once more.';
      this.#record(iteration, outcome, { ...verdict, says }, 'again', []);
      return;
    }
    if (onUnhandled === 'abort') throw giveUp('No handler knows what to do about it.');
    if (onUnhandled === 'restart_once') {
      throw giveUp('No handler knew what to do about it twice in a row.');
    }
    const answer = await this.#ask(
      iteration,
      outcome,
      `No handler knows what to do about exit status ${outcome.exitStatus ?? 'unknown'}. Shall it run again?`,
      {},
      {
        again: { label: 'Run it again', help: 'With the same inputs and options.' },
        stop: { label: 'End it', help: 'The workflow ends with exit status 411.' },
      },
    );
    this.#unhandledBefore = false;
    const asked = { ...verdict, answer, says: `${answer.by} was asked.` };
    this.#record(iteration, outcome, asked, answer.choice === 'again' ? 'again' : 'give-up', []);
    if (answer.choice !== 'again') throw this.#stoppedBy(iteration, answer.by);
    if (iteration >= this.#limit) this.#limit = iteration + this.#plan.maxIterations;
  }

  async #mindTheLimit(iteration: number, outcome: StepOutcome): Promise<void> {
    if (iteration < this.#limit) return;
    this.#step.report(`Reached the limit of ${this.#limit} iterations.`);
    const exceeded = { iterations: iteration, ending: wordsOf(outcome) };
    if (!this.#plan.askAtLimit) throw exit('ERROR_MAXIMUM_ITERATIONS_EXCEEDED', exceeded);
    const more = this.#plan.maxIterations;
    const { choice } = await this.#step.ask(`limit_${String(iteration).padStart(2, '0')}`, {
      question: `It ran ${iteration} times, which is the limit. Shall it go on?`,
      facts: { 'The last run ended with': wordsOf(outcome) },
      choices: {
        more: { label: 'Go on', help: `At most ${more} more times.` },
        stop: { label: 'End it', help: 'The workflow ends with exit status 401.' },
      },
    });
    if (choice !== 'more') throw exit('ERROR_MAXIMUM_ITERATIONS_EXCEEDED', exceeded);
    this.#limit = iteration + more;
  }

  #stoppedBy(iteration: number, by: string): Exit {
    return exit('ERROR_STOPPED_BY_PERSON', { by, iteration });
  }

  // ------------------------------------------------------------------------------------------------- the record

  #record(
    iteration: number,
    outcome: StepOutcome,
    { considered, handler, says, answer }: Omit<Verdict, 'next'>,
    action: IterationAction,
    changes: IterationRecord['changes'],
  ): void {
    const record: IterationRecord = {
      iteration,
      process: outcome.uuid,
      exit_status: outcome.exitStatus,
      exit_message: outcome.exitMessage,
      considered,
      handler,
      action,
      says,
      changes,
      answer,
    };
    this.#records.push(record);
    this.#step.annotate(iterationsAttribute, JSON.parse(JSON.stringify(this.#records)) as never);
    if (action === 'done') return;
    const by = handler === null ? '' : `${handler}: `;
    const changed = changes.map(
      ({ name, before, after }) => `${name} ${before ?? 'none'} → ${after ?? 'none'}`,
    );
    const what = changed.length === 0 ? '' : ` (${changed.join(', ')})`;
    this.#step.report(`Iteration ${iteration} ended with ${wordsOf(outcome)} ${by}${says}${what}`);
  }
}
