import { Generator } from '../plugins/generate.ts';
import type { FunctionParameters, JobParameters, Program, Step } from '../plugins/program.ts';
import type { Scenario } from '../scenario.ts';
import { Dice } from '../time/dice.ts';
import type { NewLaunch } from './launch-request.ts';
import { restartFrom, watchedFrom } from './makings.ts';

type Kind = 'job' | 'function' | 'workflow';

/** What the person launches next, as far as it is of one of the usual kinds. */
export class Launches {
  readonly #uses: Scenario['uses'];
  readonly #generator: Generator;
  readonly #dice: Dice;
  readonly #jobs: JobParameters[] = [];
  readonly #calls: FunctionParameters[] = [];
  readonly #programs: Program[] = [];
  #again = 0;

  constructor({ seed, places, uses }: Scenario) {
    this.#uses = uses;
    this.#generator = new Generator(new Dice(seed, 'programs'), places.length, uses);
    this.#dice = new Dice(seed, 'launches');
  }

  next(what: Kind): NewLaunch {
    const caching = this.#caching();
    const common = { caching, rules: [] } as const;
    switch (what) {
      case 'job':
        return this.#job(this.#generator.job(), caching);
      case 'function': {
        const parameters = this.#repeated(this.#calls, this.#generator.call(), (call) => ({
          ...call,
          add: call.add + 1,
        }));
        return { what, parameters, ...common };
      }
      case 'workflow': {
        const made = this.#generator.workflow();
        const former = this.#isRepeated(this.#programs) ? this.#dice.of(this.#programs) : null;
        if (former === null) this.#programs.push(made);
        const parameters = former === null ? made : renamed(former, `_again${++this.#again}`);
        return { what, parameters, ...common };
      }
    }
  }

  #job(made: JobParameters, caching: NewLaunch['caching']): NewLaunch {
    const dice = this.#dice;
    if (this.#uses.restarts && dice.chance(0.4)) {
      return { what: 'restart', parameters: restartFrom(dice, made), caching, rules: [] };
    }
    if (this.#uses.rules && dice.chance(0.6)) {
      const { watch, rules } = watchedFrom(dice);
      return { what: 'job', parameters: { ...made, watch }, caching, rules };
    }
    const parameters = this.#repeated(this.#jobs, made, (job) => ({
      ...job,
      inputBytes: job.inputBytes + 1,
    }));
    return { what: 'job', parameters, caching, rules: [] };
  }

  #caching(): NewLaunch['caching'] {
    switch (this.#uses.caching) {
      case 'off':
        return 'profile';
      case 'asked':
        return this.#dice.weighted([
          [6, 'yes'],
          [3, 'profile'],
          [1, 'no'],
        ] as const);
      case 'always':
        return this.#dice.chance(0.8) ? 'profile' : 'no';
    }
  }

  #isRepeated(before: readonly unknown[]): boolean {
    return this.#uses.caching !== 'off' && before.length > 0 && this.#dice.chance(0.6);
  }

  /** What was launched before, or something that differs in one number; or what was made. */
  #repeated<T>(before: T[], made: T, twin: (one: T) => T): T {
    if (!this.#isRepeated(before)) {
      before.push(made);
      return made;
    }
    const one = this.#dice.of(before);
    return this.#dice.chance(0.75) ? one : twin(one);
  }
}

/** The same steps in a program of another name: names of programs are unique in the world. */
function renamed({ name, steps }: Program, suffix: string): Program {
  return { name: name + suffix, steps: steps.map((step) => renamedStep(step, suffix)) };
}

function renamedStep(step: Step, suffix: string): Step {
  const all = (steps: readonly Step[]): Step[] => steps.map((inner) => renamedStep(inner, suffix));
  switch (step.do) {
    case 'workflow':
      return { ...step, program: renamed(step.program, suffix) };
    case 'parallel':
    case 'race':
      return { ...step, steps: all(step.steps) };
    case 'loop':
      return { ...step, body: all(step.body) };
    case 'ask':
      return { ...step, ways: step.ways.map(all) };
    default:
      return step;
  }
}
