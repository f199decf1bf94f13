import { isLinkLabel } from '#shared/provenance/links.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import type { Command, Decision } from '../commands.ts';
import type { Effect, EffectKind } from '../effects.ts';
import type { EngineEvent, ReadyData } from '../events.ts';
import { never, nextRetry } from '../retry.ts';
import type { Activity, RunState } from '../state.ts';

type Patch = { readonly [key: string]: PyJson | undefined };

/** Commands and the state they lead to, gathered while a transition is worked out. */
export class Draft<S extends RunState> {
  state: S;
  readonly now: number;
  readonly #commands: Command[] = [];

  constructor(state: S, now: number) {
    this.state = state;
    this.now = now;
  }

  set(change: Partial<S>): this {
    this.state = { ...this.state, ...change };
    return this;
  }

  do(command: Command): this {
    this.#commands.push(command);
    return this;
  }

  attributes(patch: Patch): this {
    return this.do({ kind: 'attributes', patch });
  }

  note(words: string): this {
    return this.do({ kind: 'journal', entry: { kind: 'note', words } });
  }

  activity(step: string, words: string, more: Partial<Activity> = {}): this {
    const activity: Activity = { step, words, reason: '', since: this.now, until: null, ...more };
    return this.set({ activity } as Partial<S>);
  }

  effect(kind: EffectKind, notBefore = this.now, label?: string): this {
    const effect: Effect = { kind, number: this.state.effects + 1, label };
    this.set({ effects: effect.number } as Partial<S>);
    return this.do({ kind: 'effect', effect, notBefore });
  }

  keep(): Decision {
    return { state: this.state, commands: this.#commands };
  }

  /** The process is over: its node gets these attributes, is sealed, and its caller is told. */
  end(patch: Patch): Decision {
    this.do({ kind: 'drop-effects' });
    this.attributes({ paused: undefined, process_status: undefined, state: undefined, ...patch });
    this.do({ kind: 'end' });
    return { state: null, commands: this.#commands };
  }
}

/** With AiiDA's attributes; a status other than 0 is a failure. */
export const finished = (status: number, message: string): Patch => ({
  process_state: 'finished',
  exit_status: status,
  exit_message: message === '' ? undefined : message,
});

/** Our code or a plugin's broke: no statement about the science. */
export const excepted = (error: string): Patch => ({ process_state: 'excepted', exception: error });

/** As AiiDA does, the status says for ever who it was. */
export const killed = (by: string): Patch => ({ process_state: 'killed', process_status: `Killed by ${by}` });

/** Whoever wished its end first; older states did not note it, and only people could. */
export const killer = ({ killedBy }: RunState): string => killedBy ?? 'a person';

const withCaller = ', with the workflow that called it';

/** The same for a step of what they ended. */
export const killerOfStep = (by: string): string => (by.endsWith(withCaller) ? by : by + withCaller);

/** Outputs of every job that the engine makes itself. */
export const jobOutputs: readonly string[] = ['remote_folder', 'retrieved'];

/**
 * Outputs of a process that ends with an exit code of its own, or of one whose outputs are checked already. One that
 * no link can have is left out: it must not undo what the process says of its end.
 */
export function createOutputs(
  draft: Draft<RunState>,
  outputs: Readonly<Record<string, ReadyData>>,
  made: readonly string[] = [],
): void {
  for (const [label, data] of Object.entries(outputs)) {
    if (isLinkLabel(label) && !made.includes(label)) draft.do({ kind: 'create', label, data });
    else {
      const message = `The output “${label}” was not kept: its name is ${made.includes(label) ? 'taken' : 'not valid'}.`;
      draft.do({ kind: 'log', level: 'ERROR', message });
    }
  }
}

/** What every process does on `pause` and `play`; null where the event is another one. */
export function onPausePlay<S extends RunState>(draft: Draft<S>, event: EngineEvent): Decision | null {
  if (event.kind === 'pause') {
    if (draft.state.paused || draft.state.killing) return draft.keep();
    return draft
      .set({ paused: true } as Partial<S>)
      .attributes({ paused: true, process_status: 'Paused by a person' })
      .do({ kind: 'suspend-effects' })
      .note('paused')
      .keep();
  }
  if (event.kind === 'play') {
    if (!draft.state.paused) return draft.keep();
    return draft
      .set({ paused: false } as Partial<S>)
      .attributes({ paused: undefined, process_status: undefined })
      .do({ kind: 'resume-effects' })
      .note('playing again')
      .keep();
  }
  return null;
}

/** An effect failed: the same effect again, later, or when a person has acted. */
export function onFailure<S extends RunState>(
  draft: Draft<S>,
  event: Extract<EngineEvent, { kind: 'failed' }>,
  effect: EffectKind,
  phase: string,
): Decision {
  const retry = nextRetry(draft.state.retry, event.error, event.roll, draft.now);
  const { words } = draft.state.activity;
  draft.set({ retry } as Partial<S>);
  draft.activity(phase, retry.needsPerson ? 'needs you' : words, {
    reason: event.error.message,
    since: draft.state.activity.since ?? draft.now,
    until: retry.until,
    untilWords: 'next try',
    tries: retry.failures,
  });
  if (retry.failures === 1) {
    draft.do({
      kind: 'journal',
      entry: { kind: 'trouble', phase, code: retry.code, words: event.error.message },
    });
  }
  draft.attributes({
    process_status: `${event.error.message}${retry.needsPerson ? ' Waiting for a person.' : ''}`,
  });
  return draft.effect(effect, retry.until ?? never).keep();
}
