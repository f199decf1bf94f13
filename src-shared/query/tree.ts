import type { DisplayState } from '../process/states.ts';

/**
 * What a filter means. The parser makes only trees in their simplest form: `and` and `or` have at least two parts and
 * never contain themselves directly, so that printing a tree and parsing the text gives the same tree.
 */
export type Filter =
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly parts: readonly Filter[] }
  | { readonly kind: 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | Term;

export type Term =
  /** A word, or a quoted phrase: anywhere in names, descriptions and short values. */
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'state'; readonly states: readonly StateWord[] }
  | { readonly kind: 'type'; readonly types: readonly string[] }
  | {
      readonly kind: 'text';
      readonly field: TextField;
      /** `is` compares the whole text, with `*` for any characters; `has` looks inside. Upper and lower case are the same. */
      readonly match: 'is' | 'has';
      readonly values: readonly string[];
    }
  /** By the beginning of a UUID. */
  | { readonly kind: 'uuid'; readonly prefixes: readonly string[] }
  | {
      readonly kind: 'number';
      readonly field: NumberField;
      readonly compare: Comparison;
      /** Several only with `=`: any of them. */
      readonly values: readonly number[];
    }
  | {
      readonly kind: 'time';
      readonly field: TimeField;
      readonly compare: Comparison;
      readonly value: TimeValue;
    }
  | {
      readonly kind: 'json';
      readonly column: 'attr' | 'extra';
      readonly path: readonly string[];
      readonly compare: Comparison | 'has';
      readonly value: JsonScalar;
    };

export type Comparison = '=' | '>' | '>=' | '<' | '<=';

export const textFields = ['label', 'description', 'name', 'computer', 'group', 'plugin', 'user'] as const;
export type TextField = (typeof textFields)[number];

export const numberFields = ['pk', 'exit'] as const;
export type NumberField = (typeof numberFields)[number];

export const timeFields = ['ctime', 'mtime'] as const;
export type TimeField = (typeof timeFields)[number];

/** A state, one of the two halves of the life of a process, or that it does not go on before a person acts. */
export type StateWord = DisplayState | 'active' | 'ended' | 'needs-you';

/** A quoted text, a number, or one of the words of JSON. */
export type JsonScalar = string | number | boolean | null;

export const ageUnits = ['s', 'm', 'h', 'd', 'w', 'y'] as const;
export type AgeUnit = (typeof ageUnits)[number];

export type TimeValue =
  /** That long before now: `7d`. */
  | { readonly kind: 'ago'; readonly amount: number; readonly unit: AgeUnit }
  /** `2026`, `2026-03`, `2026-03-04`, `2026-03-04T12:30` or `…:15`, in the zone of this machine. */
  | { readonly kind: 'date'; readonly text: string };
