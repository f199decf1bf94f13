import { createHash, type Hash } from 'node:crypto';
import type { VirtualTime } from '../time/virtual-time.ts';

/** Of the end of a run that failed, so many lines are shown. */
const kept = 4000;

/** A promise of reliability that was not kept. */
export interface Violation {
  /** `P1`, …, `liveness`, `defect` */
  readonly promise: string;
  readonly words: string;
  /** Milliseconds since the beginning. */
  readonly at: number;
}

/** Everything that happened, as lines: a hash over all of them, the last ones as text, and counts by kind. */
export class Chronicle {
  readonly #time: VirtualTime;
  readonly #hash: Hash = createHash('sha256');
  readonly #show: ((line: string) => void) | null;
  #lines: string[] = [];
  readonly counts = new Map<string, number>();
  /** Processes that a person wished to end: they may end as killed. */
  readonly killedByPerson = new Set<string>();
  /** Processes of which a person said that their job is lost: they may end as given up. */
  readonly givenUpByPerson = new Set<string>();
  violation: Violation | null = null;

  /** @param show sees each line, for one seed that is looked at */
  constructor(time: VirtualTime, show: ((line: string) => void) | null) {
    this.#time = time;
    this.#show = show;
  }

  note(who: string, what: string): void {
    const line = `${stamp(this.#time.monotonic())} ${who} ${what}`;
    this.#hash.update(line);
    this.#show?.(line);
    this.#lines.push(line);
    if (this.#lines.length > 2 * kept) this.#lines = this.#lines.slice(-kept);
  }

  count(kind: string, times = 1): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + times);
  }

  /** The first is kept: what follows may follow from it. */
  broken(promise: string, words: string): void {
    if (this.violation !== null) return;
    this.violation = { promise, words, at: this.#time.monotonic() };
    this.note('VIOLATION', `${promise}: ${words}`);
  }

  last(count: number, about?: (line: string) => boolean): readonly string[] {
    return (about === undefined ? this.#lines : this.#lines.filter(about)).slice(-count);
  }

  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}

/** `d03 07:15:00.120` */
function stamp(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const day = two(ms / 86_400_000);
  const clock = [two((ms / 3_600_000) % 24), two((ms / 60_000) % 60), two((ms / 1000) % 60)].join(':');
  return `d${day} ${clock}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`;
}
