import { assertNever } from '#shared/base/assert.ts';
import type { NodeId } from '#shared/provenance/ids.ts';

/**
 * Work outside of the database. An effect is written in the transaction that decides on it, done after the commit, and
 * done again after a crash: so every performer looks first, or makes what is there equal to what is wanted.
 */
export const effectKinds = [
  'prepare',
  'upload',
  'place',
  'submit',
  'watch',
  'cancel',
  'retrieve',
  'parse',
  'function',
  'workflow',
  'wake',
] as const;
export type EffectKind = (typeof effectKinds)[number];

/** A promise of work. Its process counts them by `number`, so that no two have the same key. */
export interface Effect {
  readonly kind: EffectKind;
  readonly number: number;
  /** Only of `wake`: the label of the sleeping step. */
  readonly label?: string | undefined;
}

/** The key under which an effect is stored; the number makes it different from every former one of its process. */
export const effectKey = (process: NodeId, effect: Effect): string =>
  `${process}:${effect.kind}:${effect.number}`;

/** The kind of effect that a key names. */
export const kindOf = (key: string): string => key.split(':')[1] ?? '';

/**
 * Whether pausing a process interrupts the effect. What is short and near its end is left to finish; a job that is with
 * its scheduler goes on there, and who waits for its place in the queue must hear when it leaves.
 */
export function endsOnPause(kind: EffectKind): boolean {
  switch (kind) {
    case 'retrieve':
    case 'upload':
    case 'place':
      return true;
    case 'prepare':
    case 'submit':
    case 'watch':
    case 'cancel':
    case 'parse':
    case 'function':
    case 'workflow':
    case 'wake':
      return false;
    default:
      return assertNever(kind);
  }
}

/** Whether the effect begins also while its process is paused: it changes nothing, or it ends what runs. */
export const beginsInPause = (kind: EffectKind): boolean => kind === 'watch' || kind === 'cancel';
