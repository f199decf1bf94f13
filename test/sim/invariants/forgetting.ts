import type { ObjectHash, Uuid, NodeId } from '#shared/provenance/ids.ts';
import type { World } from '../world/world.ts';
import type { Attempts } from './attempts.ts';
import { hashesIn } from './repository-hashes.ts';

interface Over {
  readonly id: NodeId;
  readonly uuid: Uuid;
  since: number;
}

/**
 * Lets go of what is known of a process: of its attempts, of their files on the cluster, of the content of its objects.
 * That is done a good while after its end, when it has been judged and nothing of it waits or runs anywhere any more.
 * Of its attempts the names stay, so that one that is submitted or begins after all is found out.
 */
export class Forgetting {
  readonly #world: World;
  readonly #attempts: Attempts;
  readonly #afterMs: number;
  readonly #onForget: (process: Uuid) => void;
  #over: Over[] = [];
  #next = 0;

  /** @param onForget hears of each process that was let go */
  constructor(world: World, attempts: Attempts, afterMs: number, onForget: (process: Uuid) => void) {
    this.#world = world;
    this.#attempts = attempts;
    this.#afterMs = afterMs;
    this.#onForget = onForget;
  }

  /** A process has ended, and was judged. */
  note(id: NodeId, uuid: Uuid): void {
    this.#over.push({ id, uuid, since: this.#world.time.now() });
  }

  /** Cheap: they are in the order of their time. */
  look(): void {
    const now = this.#world.time.now();
    for (let first = this.#over[this.#next]; first !== undefined; first = this.#over[this.#next]) {
      // the store is asked for its objects
      if (first.since + this.#afterMs > now || this.#world.core === null) break;
      this.#next++;
      if (this.#isBusy(first.uuid)) this.#over.push({ ...first, since: now });
      else this.#forget(first);
    }
    if (this.#next < 1000) return;
    this.#over = this.#over.slice(this.#next);
    this.#next = 0;
  }

  #isBusy(process: Uuid): boolean {
    const attempts = this.#attempts.of(process);
    return attempts.some(({ token }) => this.#world.clusters.some((cluster) => cluster.isBusyWith(token)));
  }

  #forget({ id, uuid }: Over): void {
    const { clusters, programs, files, disk, chronicle } = this.#world;
    for (const { token } of this.#attempts.of(uuid)) {
      for (const cluster of clusters) {
        for (const { directory } of cluster.truth.submissionsOf(token)) {
          programs.written.delete(directory);
          programs.watched.delete(directory);
        }
        cluster.forget(token);
      }
    }
    for (const tree of disk.treesOf(id))
      for (const hash of hashesIn(tree)) files.objects.letGo(hash as ObjectHash);
    this.#world.asked.delete(uuid);
    this.#attempts.forget(uuid);
    this.#onForget(uuid);
    chronicle.count('judged and forgotten');
  }
}
