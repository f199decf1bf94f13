import type { LinkEnd, LogLine, ProcessRow, ResumedRun } from '#shared/contract/areas/processes.ts';
import type { NodeRef } from '#shared/contract/common.ts';
import type { JournalEntry } from '../../engine/commands.ts';
import type { RunState } from '../../engine/state.ts';

/** Everything stored of one process, as its page is built from it. */
export interface ProcessFacts {
  readonly ref: NodeRef;
  readonly row: ProcessRow;
  readonly description: string;
  readonly processType: string;
  /** Parsed attributes of the node. */
  readonly attributes: { readonly [key: string]: unknown };
  readonly inputs: readonly LinkEnd[];
  readonly outputs: readonly LinkEnd[];
  readonly called: readonly LinkEnd[];
  readonly caller: LinkEnd | null;
  readonly resumed: ResumedRun | null;
  readonly log: readonly LogLine[];
  readonly journal: readonly { readonly time: number; readonly entry: JournalEntry }[];
  /** null once it has ended. */
  readonly run: RunState | null;
}

/** An attribute as text, empty where it is not there or no text. */
export const textOf = (facts: ProcessFacts, key: string): string => {
  const value = facts.attributes[key];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};
