/** What a workflow asks a person: a sentence, what is known, and what can be answered. */
export interface Question {
  /** A sentence that ends with a question mark, and names the thing. */
  readonly question: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** At least one. What is first is the usual one. */
  readonly choices: readonly QuestionChoice[];
}

/** One of the answers that a person has. */
export interface QuestionChoice {
  /** Unique among the choices: what the workflow gets back. */
  readonly name: string;
  /** Words for a button. */
  readonly label: string;
  /** What happens then, in a sentence; empty where the label says it. */
  readonly help: string;
}

/** Waits for its answer. `since` in ms since 1970. */
export interface OpenQuestion extends Question {
  readonly since: number;
}

/** What was answered, by whom, and when (ms since 1970). */
export interface GivenAnswer {
  readonly choice: string;
  readonly by: string;
  readonly at: number;
}
