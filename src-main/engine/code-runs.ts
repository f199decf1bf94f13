import { deferred, type Deferred } from '#shared/base/deferred.ts';
import { StemmaError } from '#shared/base/errors.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { labelOf } from '../workflows/replay.ts';
import { readStep } from '../workflows/steps.ts';
import { AnswerGate } from './answer-gate.ts';
import type { Told } from './batch.ts';
import type { EngineDeps } from './deps.ts';
import type { EngineEvent, ReadyAsk } from './events.ts';
import type { WorkflowAnswer } from './ports.ts';

/** How long code may be still before it counts as waiting: some things that it waits for are not seen from here. */
const idleMs = 2000;

interface PendingAsk {
  readonly ask: ReadyAsk;
  readonly answer: Deferred<WorkflowAnswer>;
}

/** The codes of workflows that run now: what they asked and nobody has answered, and whether they are what they were. */
export class CodeRuns {
  readonly #deps: Pick<EngineDeps, 'store' | 'clock' | 'random'>;
  readonly #send: (process: NodeId, event: EngineEvent) => void;
  readonly #asks = new Map<NodeId, Map<string, PendingAsk>>();
  readonly #gates = new Map<NodeId, AnswerGate>();

  constructor(
    deps: Pick<EngineDeps, 'store' | 'clock' | 'random'>,
    send: (process: NodeId, event: EngineEvent) => void,
  ) {
    this.#deps = deps;
    this.#send = send;
  }

  /** The code of a workflow begins at its first line and asks anew. */
  beginsAnew(process: NodeId): void {
    this.#asks.delete(process);
    const answered = new Map<number, string>();
    for (const { label, record } of this.#deps.store.read((reads) => reads.steps(process))) {
      const step = readStep(record);
      if ('order' in step && step.order !== undefined) answered.set(step.order, label);
    }
    this.#gates.set(process, new AnswerGate(answered));
  }

  forget(process: NodeId): void {
    this.#asks.delete(process);
    this.#gates.delete(process);
  }

  stop(error: StemmaError): void {
    for (const asks of this.#asks.values()) for (const { answer } of asks.values()) answer.reject(error);
    this.#asks.clear();
  }

  ask(process: NodeId, ask: ReadyAsk): Promise<WorkflowAnswer> {
    const label = labelOf(ask);
    this.#gates.get(process)?.ask(label);
    const asks = this.#asks.get(process) ?? new Map<string, PendingAsk>();
    this.#asks.set(process, asks);
    const answer = deferred<WorkflowAnswer>();
    asks.set(label, { ask, answer });
    this.#sendAsk(process, ask);
    return answer.promise;
  }

  /** What a paused workflow asked was not heard. */
  askAgain(process: NodeId): void {
    for (const { ask } of this.#asks.get(process)?.values() ?? []) this.#sendAsk(process, ask);
  }

  answer(process: NodeId, { label, order, answer }: Told): void {
    const gate = this.#gates.get(process);
    const pending = this.#asks.get(process)?.get(label);
    if (pending === undefined) {
      // the code has not come to this step again: it is answered when it asks, if it still does
      if (gate === undefined || order === undefined) return;
      gate.note(order, label);
      this.#look(process, gate);
      return;
    }
    this.#asks.get(process)?.delete(label);
    const give = (): void => {
      if (answer.kind === 'refused') pending.answer.reject(new StemmaError(answer.error));
      else pending.answer.resolve(answer);
    };
    if (gate === undefined) give();
    else gate.offer(order, give);
  }

  /** What it asked cannot be recorded. */
  refuse(process: NodeId, label: string, error: unknown): void {
    this.#asks.get(process)?.get(label)?.answer.reject(error);
    this.#asks.get(process)?.delete(label);
  }

  /**
   * The code waits for answers and for nothing else.
   * @returns what to call when all that it asked has reached the engine
   */
  idle(process: NodeId): () => void {
    const gate = this.#gates.get(process);
    const given = gate?.given ?? 0;
    return () => {
      if (gate === undefined) return;
      gate.cameToRest(given);
      this.#look(process, gate);
    };
  }

  /** Code that waits while the next answer is of a step which it has not asked for waits for ever. */
  #look(process: NodeId, gate: AnswerGate): void {
    const label = gate.unasked;
    if (label === null || !gate.rests) return;
    this.#deps.clock.after(idleMs, () => {
      if (this.#gates.get(process) !== gate || !gate.rests || gate.unasked !== label) return;
      const instead = 'left out: the code waits for other steps';
      this.#send(process, { kind: 'unasked', label, instead });
    });
  }

  /** An end that left out a step which was answered before is the end of other code. */
  sameCode(process: NodeId, event: EngineEvent): EngineEvent {
    if (event.kind !== 'workflow-ended' || event.outcome.kind === 'stopped') return event;
    const label = this.#gates.get(process)?.unasked ?? null;
    if (label === null) return event;
    const { outcome } = event;
    const how =
      outcome.kind === 'threw' ? outcome.error : outcome.kind === 'exit' ? outcome.message : 'its outputs';
    return { kind: 'unasked', label, instead: `left out: the code ended with ${how}`, ended: true };
  }

  #sendAsk(process: NodeId, ask: ReadyAsk): void {
    this.#send(process, { kind: 'asked', ask, roll: this.#deps.random.next() });
  }
}
