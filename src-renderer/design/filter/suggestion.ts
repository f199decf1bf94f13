/** Something that a filter box offers to write. */
export interface Suggestion {
  /** What replaces the characters from `from` to `to`. */
  readonly insert: string;
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly hint: string;
}

/** What is wrong with the text, and where. */
export interface FilterProblem {
  readonly message: string;
  /** Characters of the text from 0; the end is not included. */
  readonly from: number;
  readonly to: number;
}
