declare const brand: unique symbol;

/** A nominal type: `Brand<string, 'Uuid'>` is a string that only a parser of UUIDs can make. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
