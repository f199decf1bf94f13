/**
 * Applies events inside one transaction. States and effects are staged: the engine's memory changes only after the
 * commit, so that a rolled-back batch leaves no trace.
 */
import { ensure } from '#shared/base/assert.ts';
import { userError } from '#shared/base/errors.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import { newUuid, type NodeId, type Uuid } from '#shared/provenance/ids.ts';
import { callRecord, labelOf } from '../workflows/replay.ts';
import { readStep, writeStep } from '../workflows/steps.ts';
import type { Command, StepAnswer } from './commands.ts';
import { createProcess, type Created, type NewProcess } from './create-process.ts';
import type { EngineDeps } from './deps.ts';
import { effectKey, kindOf, type Effect } from './effects.ts';
import type { EngineEvent, ReadyAsk } from './events.ts';
import { inputsOf } from './plugin-inputs.ts';
import type { EngineTransaction, PluginInputs, WorkflowAnswer } from './ports.ts';
import { insertData } from './ready-data.ts';
import type { RunState } from './state.ts';
import { formerStep, judgeStep, type Former } from './reuse.ts';
import { stepOf } from './step-of-event.ts';
import { stepOutcome } from './step-outcome.ts';
import { newToken } from './token.ts';
import { transition } from './transition.ts';
import { withStep } from './transitions/workflow-state.ts';

/** What the engine's memory offers to a batch, and what it does after the commit. */
export interface Memory {
  state(process: NodeId): RunState | undefined;
  spec(plugin: string): ProcessSpec;
  effectKeys(process: NodeId): readonly string[];
  setState(process: NodeId, state: RunState | null, uuid: Uuid | null): void;
  addEffect(process: NodeId, effect: Effect, notBefore: number, inputs: PluginInputs | null): void;
  removeEffect(key: string): void;
  suspendEffects(process: NodeId): void;
  resumeEffects(process: NodeId): void;
  answer(process: NodeId, told: Told): void;
}

/** What the code of a workflow is told about a step. */
export interface Told {
  readonly label: string;
  readonly order: number | undefined;
  readonly answer: WorkflowAnswer | Refusal;
}
type Refusal = Extract<StepAnswer, { kind: 'refused' }>;

const withInputs = new Set<Effect['kind']>(['prepare', 'parse', 'function', 'workflow']);

/** Events that follow from others are applied in the same transaction up to this many; the rest in later ones. */
const mostAtOnce = 200;

interface Following {
  readonly process: NodeId;
  readonly event: EngineEvent;
}

/** One transaction of the engine; a batch is used once. */
export class Batch {
  readonly #tx: EngineTransaction;
  readonly #deps: EngineDeps;
  readonly #memory: Memory;
  readonly #atOnce: number;
  readonly #states = new Map<NodeId, RunState | null>();
  readonly #ended = new Map<NodeId, Uuid>();
  readonly #effects = new Map<NodeId, Set<string>>();
  readonly #after: (() => void)[] = [];
  readonly #told: Following[] = [];
  readonly #leftOver: { readonly key: number; readonly process: NodeId; readonly event: string }[] = [];

  /** @param atOnce of the events that follow; with 0 none of them can undo what they follow from */
  constructor(tx: EngineTransaction, deps: EngineDeps, memory: Memory, atOnce = mostAtOnce) {
    this.#tx = tx;
    this.#deps = deps;
    this.#memory = memory;
    this.#atOnce = atOnce;
  }

  /** Last inside the transaction: what changed is written once, however often it changed. */
  finish(): void {
    for (const [process, state] of this.#states) {
      if (state !== null) this.#tx.putRun({ process, state: JSON.stringify(state) });
    }
  }

  /** After the commit: states first, then effects and answers in the order in which they were decided. */
  commit(): void {
    for (const [process, state] of this.#states) {
      this.#memory.setState(process, state, state?.uuid ?? this.#ended.get(process) ?? null);
    }
    for (const run of this.#after) run();
  }

  /** Events written to the inbox, for the next transactions. */
  get leftOver(): readonly { readonly key: number; readonly process: NodeId; readonly event: string }[] {
    return this.#leftOver;
  }

  create(request: NewProcess): Created {
    const created = createProcess(this.#tx, this.#deps, request);
    if (created.kind === 'started') {
      this.#setState(created.id, created.state);
      this.#addEffect(created.id, { kind: created.effect, number: 1 }, this.#deps.clock.now());
    }
    return created;
  }

  /** @param consumed the effect that this event ends */
  apply(process: NodeId, event: EngineEvent, consumed: string | null): void {
    this.#applyOne(process, event, consumed);
    this.#followUp();
  }

  #followUp(): void {
    let count = 0;
    for (let told = this.#told.shift(); told !== undefined; told = this.#told.shift()) {
      if (count++ < this.#atOnce) {
        this.#applyOne(told.process, told.event, null);
        continue;
      }
      const event = JSON.stringify(told.event);
      const key = this.#tx.putInbox(told.process, event);
      this.#leftOver.push({ key, process: told.process, event });
    }
  }

  #applyOne(process: NodeId, event: EngineEvent, consumed: string | null): void {
    const state = this.#state(process);
    if (state === null) return;
    if (consumed !== null) {
      if (!this.#keys(process).has(consumed)) return;
      this.#removeEffect(process, consumed);
    }
    const label = stepOf(event);
    const row = label === null ? null : this.#tx.step(process, label);
    const now = this.#deps.clock.now();
    const recorded = row === null ? null : readStep(row.record);
    const spec = this.#memory.spec(state.plugin);
    const former = recorded === null ? this.#former(state, event) : null;
    const decision = transition(state, event, now, spec, recorded, former);
    if (decision.state !== null && decision.state !== state) this.#setState(process, decision.state);
    for (const command of decision.commands) this.#do(process, state, command, now);
  }

  /** For a step that a resumed run asks for: what the former run has for it. */
  #former(state: RunState, event: EngineEvent): Former | null {
    if (event.kind !== 'asked' || state.kind !== 'workflow') return null;
    const { resume } = state;
    if (resume === undefined) return null;
    const { ask } = event;
    if (ask.kind !== 'call') return { step: formerStep(this.#tx, resume, labelOf(ask)) };
    const spec = this.#memory.spec(ask.plugin);
    return {
      step: null,
      verdict: judgeStep(this.#tx, this.#deps.computers, resume, ask, spec),
      from: resume.from,
    };
  }

  #do(process: NodeId, state: RunState, command: Command, now: number): void {
    const tx = this.#tx;
    switch (command.kind) {
      case 'attributes':
        tx.patchAttributes(process, command.patch, now * 1000);
        return;
      case 'repository':
        tx.setRepository(process, command.tree);
        return;
      case 'create': {
        const computer = command.computer === undefined ? null : this.#deps.computers.idOf(command.computer);
        const target = insertData(tx, command.data, now * 1000, computer);
        tx.insertLink({ source: process, target, type: 'create', label: command.label });
        return;
      }
      case 'return': {
        const node = tx.nodeByUuid(command.data);
        if (node === null) {
          throw userError({
            code: 'not-stored',
            message: `The workflow returned a node as “${command.label}” that is not stored.`,
            hint: 'A workflow returns inputs and outputs of its steps; new data comes from a calculation.',
          });
        }
        tx.insertLink({ source: process, target: node.id, type: 'return', label: command.label });
        return;
      }
      case 'journal':
        tx.appendJournal({ process, time: now, event: JSON.stringify(command.entry) });
        return;
      case 'log':
        tx.log({
          process,
          time: now * 1000,
          level: command.level,
          logger: 'stemma.engine',
          message: command.message,
        });
        return;
      case 'effect':
        this.#addEffect(process, command.effect, command.notBefore);
        return;
      case 'start-step':
        this.#startStep(process, command, now);
        return;
      case 'record-step':
        tx.putStep({ process, label: command.label, record: command.record });
        return;
      case 'tell':
        this.#told.push(command);
        return;
      case 'end':
        this.#end(process, state);
        return;
      case 'answer': {
        const { label, order } = command;
        const answer = this.#answer(command.answer);
        this.#after.push(() => this.#memory.answer(process, { label, order, answer }));
        return;
      }
      case 'drop-effects':
        for (const key of this.#keys(process)) {
          if (command.only === undefined || kindOf(key) === command.only) this.#removeEffect(process, key);
        }
        return;
      case 'suspend-effects':
        this.#after.push(() => this.#memory.suspendEffects(process));
        return;
      case 'resume-effects':
        this.#after.push(() => this.#memory.resumeEffects(process));
        return;
    }
  }

  #end(process: NodeId, state: RunState): void {
    if (state.kind === 'workflow' && state.resume !== undefined) this.#noteReused(process);
    this.#tx.seal(process);
    this.#tx.removeRun(process);
    this.#states.set(process, null);
    this.#ended.set(process, state.uuid);
    if (state.caller === null) return;
    const event = { kind: 'child-ended', label: state.caller.label, child: process } as const;
    this.#told.push({ process: state.caller.process, event });
  }

  /** Which steps were not run here, as part of what the run is: there is no link that could say it. */
  #noteReused(process: NodeId): void {
    const reused: { label: string; process: string }[] = [];
    for (const { label, record } of this.#tx.steps(process)) {
      const step = readStep(record);
      if (step.kind !== 'call' || step.reused === undefined) continue;
      reused.push({ label, process: this.#tx.node(step.child)?.uuid ?? '' });
    }
    this.#tx.patchAttributes(process, { reused_steps: reused }, this.#deps.clock.now() * 1000);
  }

  #startStep(process: NodeId, start: Extract<Command, { kind: 'start-step' }>, now: number): void {
    const { ask, resume, again } = start;
    const spec = this.#deps.plugins.specs().find(({ id }) => id === ask.plugin);
    if (spec === undefined) {
      throw userError({
        code: 'unknown-process',
        message: `Step “${ask.label}” calls the process “${ask.plugin}”, which is not installed here.`,
        subject: ask.plugin,
      });
    }
    const created = this.create({
      spec,
      uuid: newUuid(),
      label: ask.nodeLabel,
      description: ask.description,
      inputs: ask.inputs,
      job: spec.kind === 'calculation-job' ? this.#jobOf(ask) : null,
      caller: { process, label: ask.label },
      caching: ask.caching,
      resume,
    });
    const child = created.id;
    const step = {
      kind: 'call',
      plugin: ask.plugin,
      ...callRecord(ask),
      child,
      again,
    } as const;
    this.#tx.putStep({ process, label: ask.label, record: writeStep(step) });
    const state = ensure(this.#state(process), 'the state of the workflow');
    if (state.kind === 'workflow') this.#setState(process, withStep(state, ask.label, child, now));
    if (created.kind === 'cached') {
      this.#told.push({ process, event: { kind: 'child-ended', label: ask.label, child } });
    }
  }

  /** @throws StemmaError `no-computer` where neither the step nor a code says where the job runs */
  #jobOf(ask: Extract<ReadyAsk, { kind: 'call' }>): NonNullable<NewProcess['job']> {
    let { computer } = ask;
    for (const input of Object.values(ask.inputs)) {
      if (computer !== null || !('uuid' in input)) continue;
      const node = this.#tx.nodeByUuid(input.uuid);
      if (node?.nodeType.startsWith('data.core.code.') !== true || node.computer === null) continue;
      computer = this.#deps.computers.uuidOf(node.computer);
    }
    if (computer === null) {
      throw userError({
        code: 'no-computer',
        message: `Step “${ask.label}” does not say on which computer it runs.`,
        hint: 'Give it a code, or the option “computer”.',
      });
    }
    const options = jobOptions.parse(ask.options === '' ? {} : JSON.parse(ask.options));
    return { computer, options, token: newToken(this.#deps.random) };
  }

  #answer(answer: StepAnswer): WorkflowAnswer | Refusal {
    if (answer.kind !== 'process') return answer;
    return stepOutcome(this.#tx, answer.process, this.#deps.computers);
  }

  #state(process: NodeId): RunState | null {
    const staged = this.#states.get(process);
    return staged === undefined ? (this.#memory.state(process) ?? null) : staged;
  }

  #setState(process: NodeId, state: RunState): void {
    this.#states.set(process, state);
  }

  #keys(process: NodeId): Set<string> {
    let keys = this.#effects.get(process);
    if (keys === undefined) {
      keys = new Set(this.#memory.effectKeys(process));
      this.#effects.set(process, keys);
    }
    return keys;
  }

  #addEffect(process: NodeId, effect: Effect, notBefore: number): void {
    const key = effectKey(process, effect);
    const payload = JSON.stringify(effect);
    const inputs = withInputs.has(effect.kind) ? inputsOf(this.#tx, process, this.#deps.computers) : null;
    this.#keys(process).add(key);
    this.#tx.putEffect({ key, process, payload, notBefore });
    this.#after.push(() => this.#memory.addEffect(process, effect, notBefore, inputs));
  }

  #removeEffect(process: NodeId, key: string): void {
    this.#keys(process).delete(key);
    this.#tx.removeEffect(key);
    this.#after.push(() => this.#memory.removeEffect(key));
  }
}
