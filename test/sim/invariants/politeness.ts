import type { TrueDial } from '../cluster/virtual-cluster.ts';
import type { Person } from '../world/person.ts';
import type { World } from '../world/world.ts';

const minute = 60_000;
const hour = 60 * minute;

/** P10. What a person does, a start, a cancelled job and a link that died are reasons to dial or to look at once. */
const dialsAnHour = 30;
const failedLoginsInTenMinutes = 2;

/** P10: dials, failed logins and listings of each computer stay below what is stated above. */
export class Politeness {
  readonly #world: World;
  readonly #person: Person;
  readonly #dials: number[];
  readonly #listings: number[];

  constructor(world: World, person: Person) {
    this.#world = world;
    this.#person = person;
    this.#dials = world.clusters.map(() => 0);
    this.#listings = world.clusters.map(() => 0);
  }

  look(): void {
    for (const [index, { truth }] of this.#world.clusters.entries()) {
      for (let at = this.#dials[index] ?? 0; at < truth.dials.length; at++)
        this.#dial(truth.dials, at, index);
      this.#dials[index] = truth.dials.length;
      for (let at = this.#listings[index] ?? 0; at < truth.listings.length; at++)
        this.#listing(truth.listings, at, index);
      this.#listings[index] = truth.listings.length;
    }
  }

  #dial(dials: readonly TrueDial[], at: number, index: number): void {
    const now = dials[at]?.at ?? 0;
    this.#world.chronicle.count(`dials: ${dials[at]?.outcome}`);
    const lastHour = since(dials, at, now - hour);
    const connected = lastHour.filter(({ outcome }) => outcome === 'connected').length;
    const allowed = dialsAnHour + this.#urgesSince(now - hour) + 2 * connected;
    if (lastHour.length > allowed) {
      this.#broken(index, `was dialled ${lastHour.length} times in an hour (${allowed} are allowed).`);
    }
    const refused = since(dials, at, now - 10 * minute).filter(
      ({ outcome }) => outcome === 'needs-person',
    ).length;
    const mayFail = failedLoginsInTenMinutes + this.#urgesSince(now - 10 * minute);
    if (refused > mayFail)
      this.#broken(index, `refused ${refused} logins in ten minutes (${mayFail} are allowed).`);
  }

  #listing(listings: readonly number[], at: number, index: number): void {
    this.#world.chronicle.count('listings');
    const now = listings[at] ?? 0;
    const interval = (this.#world.scenario.places[index]?.pollSeconds ?? 0) * 1000;
    // over many intervals, so that one look at once is no matter
    const window = 20 * interval + 10 * minute;
    let count = 0;
    while (count <= at && (listings[at - count] ?? 0) > now - window) count++;
    const allowed = 1.2 * (window / interval) + 15 + 2 * this.#reasonsSince(now - window);
    if (count > allowed) {
      this.#broken(
        index,
        `was asked for its queue ${count} times in ${window / 1000} s (${Math.floor(allowed)} are allowed).`,
      );
    }
  }

  #broken(index: number, words: string): void {
    this.#world.chronicle.broken('P10', `${this.#world.scenario.places[index]?.name} ${words}`);
  }

  #urgesSince(time: number): number {
    const { urges } = this.#person;
    let count = 0;
    while (count < urges.length && (urges[urges.length - 1 - count] ?? 0) >= time) count++;
    return count;
  }

  #reasonsSince(time: number): number {
    return this.#urgesSince(time) + this.#world.killsSince(time);
  }
}

function since(dials: readonly TrueDial[], at: number, time: number): readonly TrueDial[] {
  let from = at;
  while (from > 0 && (dials[from - 1]?.at ?? 0) >= time) from--;
  return dials.slice(from, at + 1);
}
