import type { ErrorInfo } from '#shared/base/errors.ts';
import type { GivenAnswer } from '#shared/process/question.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import type { RepositoryTree } from '#shared/provenance/repository-tree.ts';
import type { Effect, EffectKind } from './effects.ts';
import type { EngineEvent, ReadyAsk, ReadyData } from './events.ts';
import type { Resume } from './reuse.ts';
import type { RunState } from './state.ts';

/** One line of the life of a process, kept for its page. */
export type JournalEntry =
  | { readonly kind: 'enter'; readonly phase: string; readonly words: string }
  | { readonly kind: 'leave'; readonly phase: string; readonly words: string }
  | { readonly kind: 'trouble'; readonly phase: string; readonly code: string; readonly words: string }
  | { readonly kind: 'note'; readonly words: string };

/** What a transition wants done inside its transaction, and what after the commit. */
export type Command =
  // inside the transaction
  | { readonly kind: 'attributes'; readonly patch: { readonly [key: string]: PyJson | undefined } }
  | { readonly kind: 'repository'; readonly tree: RepositoryTree }
  | {
      readonly kind: 'create';
      readonly label: string;
      readonly data: ReadyData;
      readonly computer?: Uuid | undefined;
    }
  | { readonly kind: 'return'; readonly label: string; readonly data: Uuid }
  | { readonly kind: 'journal'; readonly entry: JournalEntry }
  | { readonly kind: 'log'; readonly level: 'REPORT' | 'WARNING' | 'ERROR'; readonly message: string }
  | { readonly kind: 'effect'; readonly effect: Effect; readonly notBefore: number }
  | {
      readonly kind: 'start-step';
      readonly ask: Extract<ReadyAsk, { kind: 'call' }>;
      /** In a resumed run: why it is not taken over, and from which run its own steps may be. */
      readonly again?: string | undefined;
      readonly resume?: Resume | undefined;
    }
  | { readonly kind: 'record-step'; readonly label: string; readonly record: string }
  | {
      readonly kind: 'tell';
      readonly process: NodeId;
      readonly event: Extract<EngineEvent, { kind: 'kill' | 'asked-below' }>;
    }
  /** Seals the node and tells the caller. */
  | { readonly kind: 'end' }
  // after the commit
  /** `order` is the number of the answer; what nobody waits for has none. */
  | {
      readonly kind: 'answer';
      readonly label: string;
      readonly order?: number | undefined;
      readonly answer: StepAnswer;
    }
  /** Aborts what is being done for this process, and forgets what is still to be done; or only what is of a kind. */
  | { readonly kind: 'drop-effects'; readonly only?: EffectKind }
  /** Aborts what {@link endsOnPause}; it stays to be done. */
  | { readonly kind: 'suspend-effects' }
  /** Starts what is still to be done, at once. */
  | { readonly kind: 'resume-effects' };

/** What a step of a workflow gets back. The outcome of a process is read from the store when it is sent. */
export type StepAnswer =
  | { readonly kind: 'process'; readonly process: NodeId }
  | { readonly kind: 'number'; readonly value: number }
  | ({ readonly kind: 'choice' } & GivenAnswer)
  | { readonly kind: 'refused'; readonly error: ErrorInfo }
  | { readonly kind: 'done' };

/** `state` null: the process has ended and is forgotten. */
export interface Decision {
  readonly state: RunState | null;
  readonly commands: readonly Command[];
}
