import { getContext, setContext } from 'svelte';

/** What a field tells the input inside it. */
export interface FieldContext {
  readonly id: string;
  /** Ids of the help and the error, for `aria-describedby`. */
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
  readonly required: boolean;
  readonly disabled: boolean;
  /** What the input itself knows to be wrong with its text, more exactly than the form can; empty when nothing is. */
  readonly say: (problem: string) => void;
}

const key = Symbol('field');

/** For the field itself, while it is made. */
export const setField = (field: FieldContext): void => {
  setContext(key, field);
};

/** The field around an input, or undefined for one that stands alone and names itself by `aria-label`. */
export const useField = (): FieldContext | undefined => getContext<FieldContext | undefined>(key);
