import type { ProcessRow } from '#shared/contract/areas/processes.ts';
import type { DisplayState } from '#shared/process/states.ts';

export type BulkAction = 'pause' | 'play' | 'kill';

const active: ReadonlySet<DisplayState> = new Set(['created', 'running', 'waiting', 'paused']);

/** Not ended: a paused process counts. */
export const isActive = (state: DisplayState): boolean => active.has(state);

/** Whether the action means anything for a process in that state. */
export function applies(action: BulkAction, state: DisplayState): boolean {
  if (action === 'play') return state === 'paused';
  if (action === 'pause') return isActive(state) && state !== 'paused';
  return isActive(state);
}

/** One line of the summary before a kill: where, and how many in which state. */
export interface BulkLine {
  /** A computer, or empty for what runs inside Stemma. */
  readonly computer: string;
  readonly count: number;
  readonly states: readonly (readonly [DisplayState, number])[];
}

/** What an action on these processes would touch, by computer; those it does not apply to are counted apart. */
export function summarise(
  action: BulkAction,
  rows: readonly ProcessRow[],
): { readonly uuids: readonly string[]; readonly lines: readonly BulkLine[]; readonly left: number } {
  const touched = rows.filter(({ state }) => applies(action, state));
  const lines = [...Map.groupBy(touched, ({ computer }) => computer)]
    .map(([computer, members]): BulkLine => {
      const byState = Map.groupBy(members, ({ state }) => state);
      return {
        computer,
        count: members.length,
        states: [...byState].map(([state, list]) => [state, list.length] as const),
      };
    })
    .toSorted((a, b) => b.count - a.count);
  return { uuids: touched.map(({ uuid }) => uuid), lines, left: rows.length - touched.length };
}

const verbs: Readonly<Record<BulkAction, string>> = { pause: 'Paused', play: 'Resumed', kill: 'Killed' };

/** `Paused 12 processes`, `Killed 1 process, 2 could not be` */
export function outcomeWords(action: BulkAction, done: number, failed: number): string {
  const some = `${verbs[action]} ${done} ${done === 1 ? 'process' : 'processes'}`;
  return failed === 0 ? some : `${some}, ${failed} could not be`;
}
