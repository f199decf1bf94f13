/** The part of the POSIX shell's grammar that Stemma's scripts use, as data. */

export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      readonly operator: ParameterOperator | null;
      readonly operand: Word | null;
      readonly quoted: boolean;
    }
  | { readonly kind: 'command'; readonly list: List; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean };

export type ParameterOperator = '#' | '##' | '%' | '%%' | '-' | ':-' | '+' | ':+' | 'length';

export interface Word {
  readonly parts: readonly Part[];
  /** The text where nothing is to be expanded; null otherwise. */
  readonly fixed: string | null;
  /** Has a command substitution in it, at any depth. */
  readonly runs: boolean;
}

export interface Redirect {
  readonly fd: number;
  readonly operator: '<' | '>' | '>>' | '>&';
  readonly target: Word;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

interface Redirected {
  readonly redirects: readonly Redirect[];
}

export type Command =
  | ({
      readonly kind: 'simple';
      readonly assignments: readonly Assignment[];
      readonly words: readonly Word[];
    } & Redirected)
  | ({ readonly kind: 'subshell' | 'group'; readonly body: List } & Redirected)
  | ({
      readonly kind: 'if';
      readonly arms: readonly { readonly test: List; readonly body: List }[];
      readonly otherwise: List | null;
    } & Redirected)
  | ({
      readonly kind: 'while' | 'until';
      readonly test: List;
      readonly body: List;
    } & Redirected)
  | ({
      readonly kind: 'for';
      readonly name: string;
      /** Null: the arguments. */
      readonly words: readonly Word[] | null;
      readonly body: List;
    } & Redirected)
  | ({
      readonly kind: 'case';
      readonly word: Word;
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: List }[];
    } & Redirected)
  | ({ readonly kind: 'function'; readonly name: string; readonly body: Command } & Redirected);

export interface Pipeline {
  readonly negated: boolean;
  readonly commands: readonly Command[];
}

export interface AndOr {
  readonly first: Pipeline;
  readonly rest: readonly { readonly operator: '&&' | '||'; readonly pipeline: Pipeline }[];
  readonly background: boolean;
}

export type List = readonly AndOr[];
