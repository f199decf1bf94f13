import { assertNever } from '../base/assert.ts';
import type { CharSet, Node, Place } from './syntax.ts';

/** One step of the machine in `match.ts`. The first way of a split is preferred. */
export type Step =
  | { readonly kind: 'char'; readonly set: CharSet }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'save'; readonly slot: number }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'match' };

/** The work per character is at most so many steps. */
export const mostSteps = 500;

/** @returns null where the pattern would be too large */
export function compile(root: Node): readonly Step[] | null {
  const steps: Step[] = [];
  const emit = (step: Step): number => steps.push(step) - 1;

  const write = (node: Node): void => {
    if (steps.length > mostSteps) return;
    switch (node.kind) {
      case 'set':
        emit({ kind: 'char', set: node.set });
        return;
      case 'sequence':
        node.items.forEach(write);
        return;
      case 'place':
        emit({ kind: 'place', place: node.place });
        return;
      case 'group':
        if (node.index !== null) emit({ kind: 'save', slot: 2 * node.index });
        write(node.item);
        if (node.index !== null) emit({ kind: 'save', slot: 2 * node.index + 1 });
        return;
      case 'choice':
        writeChoice(node.options);
        return;
      case 'repeat':
        writeRepeat(node);
        return;
      default:
        assertNever(node);
    }
  };

  const writeChoice = (options: readonly Node[]): void => {
    const jumps: number[] = [];
    for (const [i, option] of options.entries()) {
      if (i === options.length - 1) {
        write(option);
        continue;
      }
      const split = emit({ kind: 'split', first: 0, second: 0 });
      aim(split, 'first', steps.length);
      write(option);
      jumps.push(emit({ kind: 'jump', to: 0 }));
      aim(split, 'second', steps.length);
    }
    for (const jump of jumps) steps[jump] = { kind: 'jump', to: steps.length };
  };

  const writeRepeat = ({ item, least, most, lazy }: Extract<Node, { kind: 'repeat' }>): void => {
    for (let i = 0; i < least; i++) write(item);
    const [into, past] = lazy ? (['second', 'first'] as const) : (['first', 'second'] as const);
    if (most === Infinity) {
      const split = emit({ kind: 'split', first: 0, second: 0 });
      aim(split, into, steps.length);
      write(item);
      emit({ kind: 'jump', to: split });
      aim(split, past, steps.length);
      return;
    }
    const splits: number[] = [];
    for (let i = least; i < most && steps.length <= mostSteps; i++) {
      const split = emit({ kind: 'split', first: 0, second: 0 });
      splits.push(split);
      aim(split, into, steps.length);
      write(item);
    }
    for (const split of splits) aim(split, past, steps.length);
  };

  const aim = (at: number, way: 'first' | 'second', to: number): void => {
    const step = steps[at];
    if (step?.kind === 'split') step[way] = to;
  };

  write(root);
  emit({ kind: 'match' });
  return steps.length > mostSteps ? null : steps;
}
