import { assertNever } from '../base/assert.ts';
import type { Step } from './compile.ts';
import { inSet, wordChars, type Place } from './syntax.ts';

/** Begin and end of the whole and of every group; -1 where a group took no part. */
export type Slots = Int32Array;

interface Threads {
  count: number;
  readonly at: Int32Array;
  readonly slots: Slots[];
  /** The position for which a step was put in last. */
  readonly mark: Int32Array;
}

/**
 * Follows all ways through a pattern at once, the preferred ones first: time is proportional to the length of the line
 * times that of the pattern, whatever both are. Finds what a backtracking matcher finds: the leftmost match, and of
 * those the preferred one.
 */
export class Matcher {
  readonly #steps: readonly Step[];
  readonly #width: number;
  readonly #now: Threads;
  readonly #next: Threads;

  /** Whether a match can begin with a character below 128; null where it can begin with anything, or with nothing. */
  readonly #firsts: Uint8Array | null;

  /** @param groups number of capturing groups */
  constructor(steps: readonly Step[], groups: number) {
    this.#steps = steps;
    this.#width = 2 * (groups + 1);
    this.#firsts = firstsOf(steps);
    this.#now = threads(steps.length);
    this.#next = threads(steps.length);
  }

  find(line: string): Slots | null {
    const steps = this.#steps;
    let now = this.#now;
    let next = this.#next;
    for (const each of [now, next]) {
      each.count = 0;
      each.mark.fill(0);
    }
    let best: Slots | null = null;
    for (let at = 0; at <= line.length; at++) {
      // a new start has the least preference, and none is wanted once something was found
      if (best === null && this.#canBegin(line, at)) {
        const fresh = new Int32Array(this.#width).fill(-1);
        fresh[0] = at;
        this.#add(now, 0, fresh, line, at);
      }
      if (best !== null && now.count === 0) break;
      const code = at < line.length ? line.charCodeAt(at) : -1;
      for (let i = 0; i < now.count; i++) {
        const step = steps[now.at[i] ?? 0];
        const slots = now.slots[i];
        if (step === undefined || slots === undefined) continue;
        if (step.kind === 'match') {
          best = slots.slice();
          best[1] = at;
          // what comes after is less preferred
          break;
        }
        if (step.kind === 'char' && code >= 0 && inSet(step.set, code)) {
          this.#add(next, (now.at[i] ?? 0) + 1, slots, line, at + 1);
        }
      }
      [now, next] = [next, now];
      next.count = 0;
    }
    return best;
  }

  /** Almost no character of a line begins a match: each that does not costs nothing. */
  #canBegin(line: string, at: number): boolean {
    if (this.#firsts === null) return true;
    const code = line.charCodeAt(at);
    return code >= 128 || this.#firsts[code] === 1;
  }

  /** Follows everything that takes no character, by a stack of its own: a long pattern must not end the program. */
  #add(into: Threads, start: number, first: Slots, line: string, at: number): void {
    const todo: (readonly [step: number, slots: Slots])[] = [[start, first]];
    for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
      const [index, slots] = one;
      // 0 is the mark of a step that was never put in
      if (into.mark[index] === at + 1) continue;
      into.mark[index] = at + 1;
      const step = this.#steps[index];
      if (step === undefined) continue;
      switch (step.kind) {
        case 'jump':
          todo.push([step.to, slots]);
          break;
        case 'split':
          todo.push([step.second, slots], [step.first, slots]);
          break;
        case 'save': {
          const saved = slots.slice();
          saved[step.slot] = at;
          todo.push([index + 1, saved]);
          break;
        }
        case 'place':
          if (isAt(step.place, line, at)) todo.push([index + 1, slots]);
          break;
        case 'char':
        case 'match':
          into.at[into.count] = index;
          into.slots[into.count] = slots;
          into.count++;
          break;
        default:
          assertNever(step);
      }
    }
  }
}

function firstsOf(steps: readonly Step[]): Uint8Array | null {
  const firsts = new Uint8Array(128);
  const seen = new Set<number>();
  const todo = [0];
  for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
    const step = steps[index];
    if (seen.has(index) || step === undefined) continue;
    seen.add(index);
    if (step.kind === 'match' || step.kind === 'place') return null;
    if (step.kind === 'jump') todo.push(step.to);
    else if (step.kind === 'split') todo.push(step.first, step.second);
    else if (step.kind === 'save') todo.push(index + 1);
    else for (let code = 0; code < 128; code++) if (inSet(step.set, code)) firsts[code] = 1;
  }
  return firsts;
}

const threads = (size: number): Threads => ({
  count: 0,
  at: new Int32Array(size),
  slots: [],
  mark: new Int32Array(size),
});

const isWord = (line: string, at: number): boolean =>
  at >= 0 && at < line.length && inSet(wordChars, line.charCodeAt(at));

function isAt(place: Place, line: string, at: number): boolean {
  switch (place) {
    case 'start':
      return at === 0;
    case 'end':
      return at === line.length;
    case 'word':
      return isWord(line, at - 1) !== isWord(line, at);
    case 'not-word':
      return isWord(line, at - 1) === isWord(line, at);
  }
}
