import type { z } from 'zod';

/** One question and one answer. */
export interface Call<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly kind: 'call';
  readonly input: Input;
  readonly output: Output;
  /** Whether it changes anything; what does is refused on a read-only source. */
  readonly mutates: boolean;
}

/** One question and answers until the asker cancels or the source ends. */
export interface Stream<Input extends z.ZodType = z.ZodType, Item extends z.ZodType = z.ZodType> {
  readonly kind: 'stream';
  readonly input: Input;
  readonly item: Item;
  readonly mutates: boolean;
}

export const query = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Call<I, O> => ({
  kind: 'call',
  input,
  output,
  mutates: false,
});

export const command = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Call<I, O> => ({
  kind: 'call',
  input,
  output,
  mutates: true,
});

export const stream = <I extends z.ZodType, O extends z.ZodType>(input: I, item: O): Stream<I, O> => ({
  kind: 'stream',
  input,
  item,
  mutates: false,
});

/** A stream that does something while it reports: a test of a computer, an import. Cancelling it stops the work. */
export const task = <I extends z.ZodType, O extends z.ZodType>(input: I, item: O): Stream<I, O> => ({
  kind: 'stream',
  input,
  item,
  mutates: true,
});

export type Entry = Call | Stream;
export type Table = Readonly<Record<string, Entry>>;

export type CallName<T extends Table> = {
  [Name in keyof T]: T[Name] extends Call ? Name : never;
}[keyof T] &
  string;
export type StreamName<T extends Table> = {
  [Name in keyof T]: T[Name] extends Stream ? Name : never;
}[keyof T] &
  string;

/** What a caller writes (defaults may be left out). */
export type InputOf<E extends Entry> = z.input<E['input']>;
/** What a handler receives (defaults filled in). */
export type ParsedInputOf<E extends Entry> = z.output<E['input']>;
export type OutputOf<E extends Entry> =
  E extends Call<z.ZodType, infer O>
    ? z.output<O>
    : E extends Stream<z.ZodType, infer I>
      ? z.output<I>
      : never;
