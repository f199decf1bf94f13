import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import type { Program, Step } from '../plugins/program.ts';
import type { World } from '../world/world.ts';

/** What a workflow of the world is to do; null for one of another kind. */
export function programOf(world: World, uuid: Uuid): Program | null {
  const id = world.processId(uuid);
  const text = id === null ? undefined : inputOf(world, id, 'program');
  return text === undefined ? null : (JSON.parse(text) as Program);
}

/** Attributes of an input of a process. */
export const inputOf = (world: World, id: NodeId, label: string): string | undefined =>
  world.core?.store.engine.read((reads) => {
    const link = reads.incoming(id).find((one) => one.label === label);
    return link === undefined ? undefined : reads.node(link.source)?.attributes;
  });

/** What is asked of the world to know the way through a program. */
interface Facts {
  /** What the code was told; undefined: nothing. */
  readonly answer: (label: string) => string | undefined;
  /** The output of a step that was called; null where it has none. */
  readonly result: (label: string) => Uuid | null;
}

interface Course {
  /** Labels of the steps that it must have called. */
  readonly called: ReadonlySet<string>;
  readonly reports: readonly string[];
  readonly state: 'finished' | 'excepted';
  readonly status: number | null;
  readonly result: Uuid | null;
  /** Labels of what it cannot have got past, because it was never answered. */
  readonly unanswered: readonly string[];
}

class Over extends Error {
  readonly end: Pick<Course, 'state' | 'status'>;
  constructor(end: Pick<Course, 'state' | 'status'>) {
    super('the program ends here');
    this.end = end;
  }
}

/** The way that a program takes when it is told these things: worked out anew, without the engine. */
export function courseOf({ name, steps }: Program, { answer, result }: Facts): Course {
  const called = new Set<string>();
  const reports: string[] = [];
  const unanswered: string[] = [];

  const told = (label: string): string => {
    const found = answer(label);
    if (found === undefined) unanswered.push(label);
    return found ?? '';
  };
  const walk = (step: Step, last: Uuid | null, suffix: string): Uuid | null => {
    switch (step.do) {
      case 'job':
      case 'function':
      case 'workflow':
        called.add(step.label + suffix);
        return result(step.label + suffix) ?? last;
      case 'parallel':
        return step.steps.map((inner) => walk(inner, last, suffix))[0] ?? last;
      case 'race': {
        const ends = step.steps.map((inner) => walk(inner, last, suffix));
        return ends[Number(told(step.label + suffix))] ?? null;
      }
      case 'loop': {
        const times = Math.floor(Number(told(step.label + suffix)) * (step.most + 1));
        let at = last;
        for (let turn = 1; turn <= times; turn++) at = walkAll(step.body, at, `${suffix}_${turn}`);
        return at;
      }
      case 'now':
        told(step.label + suffix);
        return last;
      case 'sleep':
        return last;
      case 'report':
        reports.push(`${name} ${step.message}${suffix}`);
        return last;
      case 'ask':
        return walkAll(step.ways[Number.parseInt(told(step.label + suffix), 10)] ?? [], last, suffix);
      case 'throw':
        throw new Over({ state: 'excepted', status: null });
      case 'exit':
        throw new Over({ state: 'finished', status: step.status });
    }
  };
  const walkAll = (some: readonly Step[], first: Uuid | null, suffix: string): Uuid | null => {
    let at = first;
    for (const step of some) at = walk(step, at, suffix);
    return at;
  };

  try {
    const last = walkAll(steps, null, '');
    return { called, reports, unanswered, state: 'finished', status: 0, result: last };
  } catch (thrown) {
    if (!(thrown instanceof Over)) throw thrown;
    return { called, reports, unanswered, ...thrown.end, result: null };
  }
}
