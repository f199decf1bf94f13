/** One choice of a select or a combobox. */
export interface Option<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
  /** A second, quieter line of information: a path, a type. */
  readonly hint?: string;
  readonly disabled?: boolean;
}
