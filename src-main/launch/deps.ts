import type { ObjectHash, Uuid } from '#shared/provenance/ids.ts';
import type { EngineDeps } from '../engine/deps.ts';
import type { Engine } from '../engine/engine.ts';

/** What a launch must know of the computer where a job will run. */
export interface LaunchComputer {
  readonly label: string;
  readonly scheduler: string;
  /** With placeholders that only the connection fills: `{username}`. */
  readonly workDirectory: string;
  readonly configured: boolean;
  readonly enabled: boolean;
}

export interface LaunchDeps {
  readonly engine: Engine;
  readonly deps: EngineDeps;
  computer(uuid: Uuid): LaunchComputer | null;
  /** By `label@computer`, or by label where that is unique. @throws StemmaError `unknown-code` */
  codeByLabel(fullLabel: string): Promise<Uuid>;
  /** A file that a person chose. @throws StemmaError where it is gone, unknown, or too large to be an input */
  chosenFile(handle: string): Promise<{ readonly name: string; readonly content: Uint8Array }>;
  /** In bytes; null where the object is missing. */
  objectSize(hash: ObjectHash): Promise<number | null>;
}
