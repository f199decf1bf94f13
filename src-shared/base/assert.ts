/** Ends an exhaustive `switch`: fails to compile when a case is missing, throws if a foreign value gets here. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

/** The value, or a throw that says which thing was missing. For what our own code guarantees, never for input. */
export function ensure<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Missing: ${what}`);
  return value;
}
