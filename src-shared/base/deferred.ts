/** A promise with its two ends in hand. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** A rejection that nobody waits for ends the process, as with any promise: give `promise` away first. */
export function deferred<T>(): Deferred<T> {
  return Promise.withResolvers<T>();
}
