import type { Uuid } from '#shared/provenance/ids.ts';
import type { World } from '../world/world.ts';

interface LostState {
  readonly uuid: Uuid;
  readonly computer: Uuid;
  readonly jobId: string | null;
  readonly attempt: { readonly token: string };
  readonly lost: string | null;
}

/**
 * P3: a job of which accounts are kept is not given up to a person while it waits or runs. Where lists come empty, or
 * nobody keeps accounts, there may be no way to know.
 */
export class GivenUp {
  readonly #world: World;
  readonly #told = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** @param state the JSON of a state of the engine that was committed */
  learn(state: string): void {
    if (!state.includes('"lost":"')) return;
    const { uuid, computer, jobId, lost, attempt } = JSON.parse(state) as LostState;
    if (lost === null || jobId === null || this.#told.has(`${uuid} ${jobId}`)) return;
    this.#told.add(`${uuid} ${jobId}`);
    const { chronicle, computers, clusters, scenario } = this.#world;
    chronicle.count('jobs given up to a person');
    const index = computers.indexOf(computer);
    const place = scenario.places[index];
    if (place === undefined || !place.site.accounting || place.faults.emptyListing > 0) return;
    if (clusters[index]?.isActive(attempt.token) === true)
      chronicle.broken('P3', `Process ${uuid} gives up job ${jobId}, which waits or runs: ${lost}`);
  }
}
