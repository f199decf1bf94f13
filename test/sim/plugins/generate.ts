import type { Uses } from '../uses.ts';
import type { Dice } from '../time/dice.ts';
import type { FunctionParameters, JobParameters, Program, Step } from './program.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Makes behaviours from dice; names are counted, so that each is unique in its world. */
export class Generator {
  readonly #dice: Dice;
  readonly #computers: number;
  /** Whether workflows ask a person. */
  readonly #asks: boolean;
  /** Whether steps of workflows race. */
  readonly #races: boolean;
  #count = 0;

  constructor(dice: Dice, computers: number, { questions, races }: Pick<Uses, 'questions' | 'races'>) {
    this.#dice = dice;
    this.#computers = computers;
    this.#asks = questions;
    this.#races = races;
  }

  job(): JobParameters {
    const dice = this.#dice;
    return {
      name: this.#name('j'),
      computer: dice.whole(0, this.#computers - 1),
      inputBytes: dice.wide(20, 6000),
      files: dice.whole(0, 3),
      rerunnable: dice.chance(0.3),
      ends: dice.weighted([
        [20, 'well'],
        [1, 'exit-status'],
        [1, 'no-output'],
        [1, 'parser-throws'],
        [1, 'prepare-throws'],
      ] as const),
      changesAt: dice.chance(0.08) ? dice.whole(2, 3) : 0,
    };
  }

  call(): FunctionParameters {
    const dice = this.#dice;
    return {
      name: this.#name('f'),
      add: dice.whole(1, 1000),
      ends: dice.weighted([
        [12, 'well'],
        [1, 'throws'],
        [1, 'exit'],
      ] as const),
      changesAt: dice.chance(0.05) ? dice.whole(2, 3) : 0,
    };
  }

  workflow(depth = 2): Program {
    const dice = this.#dice;
    const steps: Step[] = [];
    for (let count = dice.whole(1, 5); count > 0; count--) steps.push(this.#step(depth));
    if (dice.chance(0.1)) {
      steps.push(
        dice.chance(0.5) ? { do: 'exit', status: 400 } : { do: 'throw', message: 'as the program wants' },
      );
    }
    return { name: this.#name('w'), steps };
  }

  #step(depth: number): Step {
    const dice = this.#dice;
    const kind = dice.weighted([
      [6, 'job'],
      [4, 'function'],
      [depth > 0 ? 3 : 0, 'parallel'],
      [depth > 0 ? 2 : 0, 'loop'],
      [depth > 0 ? 2 : 0, 'workflow'],
      [2, 'sleep'],
      [1, 'now'],
      [2, 'report'],
      [this.#asks ? 4 : 0, 'ask'],
      [this.#races && depth > 0 ? 6 : 0, 'race'],
    ] as const);
    switch (kind) {
      case 'job':
        return { do: 'job', label: this.#name('job'), job: this.job() };
      case 'function':
        return { do: 'function', label: this.#name('call'), call: this.call() };
      case 'parallel':
        return { do: 'parallel', steps: this.#several(depth, 2, 4) };
      case 'loop':
        return {
          do: 'loop',
          label: this.#name('loop'),
          most: dice.whole(1, 3),
          body: this.#several(depth, 1, 2),
        };
      case 'workflow':
        return { do: 'workflow', label: this.#name('sub'), program: this.workflow(depth - 1) };
      case 'sleep':
        return { do: 'sleep', label: this.#name('sleep'), ms: dice.wide(minute, 8 * hour) };
      case 'now':
        return { do: 'now', label: this.#name('now') };
      case 'report':
        return { do: 'report', message: this.#name('report') };
      case 'race':
        return { do: 'race', label: this.#name('race'), steps: this.#racers() };
      case 'ask':
        return { do: 'ask', label: this.#name('ask'), ways: this.#ways(depth) };
    }
  }

  #ways(depth: number): Step[][] {
    const some = (): Step[] => (depth > 0 ? this.#several(depth, 0, 1) : []);
    return Array.from({ length: this.#dice.whole(2, 3) }, some);
  }

  #racers(): Step[] {
    const racer = (): Step => {
      const kind = this.#dice.weighted([
        [3, 'job'],
        [3, 'function'],
        [2, 'sleep'],
      ] as const);
      switch (kind) {
        case 'job':
          return { do: 'job', label: this.#name('job'), job: this.job() };
        case 'function':
          return { do: 'function', label: this.#name('call'), call: this.call() };
        case 'sleep':
          return { do: 'sleep', label: this.#name('sleep'), ms: this.#dice.wide(minute, hour) };
      }
    };
    return Array.from({ length: this.#dice.whole(2, 3) }, racer);
  }

  #several(depth: number, from: number, to: number): Step[] {
    return Array.from({ length: this.#dice.whole(from, to) }, () => this.#step(depth - 1));
  }

  #name(kind: string): string {
    return `${kind}${++this.#count}`;
  }
}
