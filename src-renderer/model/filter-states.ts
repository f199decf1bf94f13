import { parseFilter } from '#shared/query/parse.ts';
import { printFilter } from '#shared/query/print.ts';
import type { Filter } from '#shared/query/tree.ts';
import { displayStates, type DisplayState } from '#shared/process/states.ts';

/** What can be chosen by a chip: a state, or that it waits for a person. */
export type ChipState = DisplayState | 'needs-you';

type StateTerm = Extract<Filter, { kind: 'state' }>;

const partsOf = (filter: Filter): readonly Filter[] =>
  filter.kind === 'all' ? [] : filter.kind === 'and' ? filter.parts : [filter];

function join(parts: readonly Filter[]): Filter {
  const [only] = parts;
  if (only === undefined) return { kind: 'all' };
  return parts.length === 1 ? only : { kind: 'and', parts };
}

const isState = (part: Filter): part is StateTerm => part.kind === 'state';

/** The states that a filter's own `state:` term lets through; empty where it has none, or cannot be read. */
export function statesOf(text: string): readonly ChipState[] {
  const parsed = parseFilter(text);
  if (!parsed.ok) return [];
  const term = partsOf(parsed.value).find(isState);
  return [...displayStates, 'needs-you' as const].filter((state) => term?.states.includes(state));
}

/** The filter with one state more or less in its `state:` term; the rest stays. A text that cannot be read gets it added. */
export function toggleState(text: string, state: ChipState): string {
  const parsed = parseFilter(text);
  if (!parsed.ok) return `${text} state:${state}`.trim();
  const parts = partsOf(parsed.value);
  const term = parts.find(isState);
  const states =
    term === undefined
      ? [state]
      : term.states.includes(state)
        ? term.states.filter((other) => other !== state)
        : [...term.states, state];
  const next: readonly StateTerm[] = states.length === 0 ? [] : [{ kind: 'state', states }];
  if (term === undefined) return printFilter(join([...parts, ...next]));
  return printFilter(join(parts.flatMap((part): readonly Filter[] => (part === term ? next : [part]))));
}
