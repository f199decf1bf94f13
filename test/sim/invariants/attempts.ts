import type { Uuid } from '#shared/provenance/ids.ts';

export interface KnownAttempt {
  readonly token: string;
  readonly process: Uuid;
  readonly computer: Uuid;
  readonly number: number;
}

/** Which attempt belongs to which process, as every state that was committed has said. */
export class Attempts {
  readonly byToken = new Map<string, KnownAttempt>();
  readonly #byProcess = new Map<Uuid, KnownAttempt[]>();
  /** Names of those that were judged and forgotten. */
  readonly #judged = new Set<string>();

  /**
   * @param state the JSON of a state of the engine
   * @returns the process where it goes on after it was judged
   */
  learn(state: string): Uuid | null {
    // a look before a parse: most states say nothing new
    const token = /"attempt":\{"number":\d+,"token":"([a-z0-9]+)"/.exec(state)?.[1];
    if (token === undefined || this.byToken.has(token)) return null;
    const { uuid, computer, attempt } = JSON.parse(state) as {
      readonly uuid: Uuid;
      readonly computer: Uuid;
      readonly attempt: { readonly number: number };
    };
    if (this.#judged.has(token) || this.#judged.has(uuid)) return uuid;
    const known = { token, process: uuid, computer, number: attempt.number };
    this.byToken.set(token, known);
    const all = this.#byProcess.get(uuid);
    if (all === undefined) this.#byProcess.set(uuid, [known]);
    else all.push(known);
    return null;
  }

  of(process: Uuid): readonly KnownAttempt[] {
    return this.#byProcess.get(process) ?? [];
  }

  /** Whether the process, or the attempt with that token, was judged and forgotten. */
  wasJudged(name: string): boolean {
    return this.#judged.has(name);
  }

  /** Nothing more is expected of the process: only names are kept. */
  forget(process: Uuid): void {
    this.#judged.add(process);
    for (const { token } of this.of(process)) {
      // a token that is cut out of the text of a state would keep all of that text
      this.#judged.add(Buffer.from(token, 'latin1').toString('latin1'));
      this.byToken.delete(token);
    }
    this.#byProcess.delete(process);
  }
}
