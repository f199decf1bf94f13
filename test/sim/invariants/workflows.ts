import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import type { FunctionParameters, JobParameters, Program } from '../plugins/program.ts';
import type { World } from '../world/world.ts';
import { courseOf, inputOf } from './course.ts';
import { mayBeKilled } from './kills.ts';

interface Attributes {
  readonly process_state?: string;
  readonly exit_status?: number;
  readonly exception?: string;
}

interface Child {
  readonly uuid: Uuid;
  readonly hasEnded: boolean;
  readonly result: Uuid | null;
}

const ends: ReadonlySet<string> = new Set(['finished', 'excepted', 'killed']);

/**
 * How a workflow ends is what its program says, given what its code was told: every step called and no other, every
 * report made, its state, exit status and output. And a step is answered only with a process that was called as the
 * code asks for it now.
 */
export class Workflows {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** The code was told of a process: its parameters are those that the code asked for. */
  onCalled(uuid: Uuid, asked: JobParameters | FunctionParameters): void {
    const id = this.#world.processId(uuid);
    const text = id === null ? undefined : inputOf(this.#world, id, 'parameters');
    const given = JSON.parse(text ?? '{}') as JobParameters & FunctionParameters;
    const wanted = asked as JobParameters & FunctionParameters;
    if (given.name === wanted.name && given.inputBytes === wanted.inputBytes && given.add === wanted.add)
      return;
    this.#world.chronicle.broken(
      'workflow',
      `The step ${wanted.name} is answered with process ${uuid}, which was called with other parameters: its code has changed.`,
    );
  }

  onEnd(id: NodeId, uuid: Uuid, attributes: Attributes): void {
    const text = inputOf(this.#world, id, 'program');
    if (text === undefined) return;
    const say = (why: string): void =>
      this.#world.chronicle.broken('workflow', `Workflow ${uuid} is ${attributes.process_state}: ${why}`);
    if (attributes.process_state === 'killed') {
      if (!mayBeKilled(this.#world, id, uuid)) say('nobody wished that.');
      return;
    }
    const program = JSON.parse(text) as Program;
    const children = this.#children(id);
    const course = courseOf(program, {
      answer: (label) => this.#world.recollection.answerOf(program.name, label),
      result: (label) => children.get(label)?.result ?? null,
    });
    this.#world.chronicle.count('workflows compared with their programs');
    for (const label of course.unanswered) say(`its code was never told of “${label}”.`);
    for (const label of course.called) if (!children.has(label)) say(`its step “${label}” was never called.`);
    for (const [label, { hasEnded }] of children) {
      if (!course.called.has(label)) say(`it called “${label}”, which its program does not.`);
      if (!hasEnded) say(`its step “${label}” has not ended.`);
    }
    const said = new Set(course.reports.length === 0 ? [] : this.#world.saidOf(id));
    for (const report of course.reports) if (!said.has(report)) say(`“${report}” is not in its report.`);
    const { state, status, result } = course;
    if (attributes.process_state !== state || (attributes.exit_status ?? null) !== status)
      say(
        `it ended with ${attributes.exit_status ?? attributes.exception ?? ''}, and not ${state} with ${status}.`,
      );
    const returned = this.#output(id, 'return');
    if (returned !== result) say(`its output is ${returned}, and not ${result}.`);
  }

  #children(id: NodeId): ReadonlyMap<string, Child> {
    const reads = this.#world.core?.store.engine;
    if (reads === undefined) return new Map();
    return reads.read(
      (session) =>
        new Map(
          session
            .outgoing(id)
            .filter(({ type }) => type === 'call_calc' || type === 'call_work')
            .map(({ label, target, type }): [string, Child] => {
              const node = session.node(target);
              const { process_state: state = '' } = JSON.parse(node?.attributes ?? '{}') as Attributes;
              const result = this.#output(target, type === 'call_work' ? 'return' : 'create');
              return [label, { uuid: node?.uuid as Uuid, hasEnded: ends.has(state), result }];
            }),
        ),
    );
  }

  #output(id: NodeId, type: 'create' | 'return'): Uuid | null {
    return (
      this.#world.core?.store.engine.read((reads) => {
        const link = reads.outgoing(id).find((one) => one.type === type && one.label === 'result');
        return link === undefined ? null : (reads.node(link.target)?.uuid ?? null);
      }) ?? null
    );
  }
}
