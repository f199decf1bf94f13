import type { WorkflowState } from '#main/engine/state.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import type { World } from '../world/world.ts';

/** Whether a person has killed the process, or what called it. */
export function mayBeKilled(world: World, id: NodeId, uuid: Uuid): boolean {
  const { core, chronicle } = world;
  if (chronicle.killedByPerson.has(uuid)) return true;
  if (core === null) return false;
  for (let at = id; ;) {
    const node = core.store.engine.read((reads) => {
      const call = reads.incoming(at).find(({ type }) => type === 'call_calc' || type === 'call_work');
      return call === undefined ? null : reads.node(call.source);
    });
    if (node === null) return false;
    if (chronicle.killedByPerson.has(node.uuid)) return true;
    at = node.id;
  }
}

/** Who kills a workflow kills what it has called: whatever it waits for then ends as killed, however far it is. */
export class Kills {
  readonly #world: World;
  readonly #seen = new Set<Uuid>();
  /** By process: the workflow that was killed while it waited for that. */
  readonly #condemned = new Map<Uuid, Uuid>();

  constructor(world: World) {
    this.#world = world;
  }

  /** @param text the JSON of a state of the engine that was committed */
  learn(text: string): void {
    if (!text.includes('"killing":true') || !text.includes('"kind":"workflow"')) return;
    const { uuid, waiting } = JSON.parse(text) as WorkflowState;
    if (this.#seen.has(uuid)) return;
    this.#seen.add(uuid);
    const { core, chronicle } = this.#world;
    for (const child of Object.values(waiting)) {
      const node = core?.store.engine.read((reads) => reads.node(child)) ?? null;
      if (node === null) continue;
      chronicle.count('steps of killed workflows');
      this.#condemned.set(node.uuid, uuid);
    }
  }

  onEnd(uuid: Uuid, state: string): void {
    const caller = this.#condemned.get(uuid);
    this.#condemned.delete(uuid);
    if (caller === undefined || state === 'killed') return;
    this.#world.chronicle.broken(
      'P2',
      `Workflow ${caller} was killed, and its step ${uuid} went on to its end and is ${state}.`,
    );
  }
}
