import type { StoredObject } from './types.ts';

/** An object that comes in pieces. Exactly one of `finish` and `abort` ends it. */
export interface ObjectSink {
  write(chunk: Uint8Array): Promise<void>;
  finish(): Promise<StoredObject>;
  abort(): Promise<void>;
}
