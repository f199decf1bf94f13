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

  /** @param state the JSON of a state of the engine */
  learn(state: string): void {
    // a look before a parse: most states say nothing new
    const token = /"attempt":\{"number":\d+,"token":"([a-z0-9]+)"/.exec(state)?.[1];
    if (token === undefined || this.byToken.has(token)) return;
    const { uuid, computer, attempt } = JSON.parse(state) as {
      readonly uuid: Uuid;
      readonly computer: Uuid;
      readonly attempt: { readonly number: number };
    };
    const known = { token, process: uuid, computer, number: attempt.number };
    this.byToken.set(token, known);
    const all = this.#byProcess.get(uuid);
    if (all === undefined) this.#byProcess.set(uuid, [known]);
    else all.push(known);
  }

  of(process: Uuid): readonly KnownAttempt[] {
    return this.#byProcess.get(process) ?? [];
  }
}
