import type { RepositoryProblem } from './types.ts';

/** More problems than this are counted, not listed. */
const listed = 1000;

/** A list of problems that stays bounded whatever is broken. */
export class ProblemList {
  readonly #problems: RepositoryProblem[] = [];
  #more = 0;

  add(code: RepositoryProblem['code'], subject: string, message: string): void {
    if (this.#problems.length < listed) this.#problems.push({ code, subject, message });
    else this.#more++;
  }

  list(): readonly RepositoryProblem[] {
    if (this.#more === 0) return this.#problems;
    const rest = `There are ${this.#more} more problems than the ${listed} listed here.`;
    return [...this.#problems, { code: 'object-damaged', subject: 'repository', message: rest }];
  }
}
