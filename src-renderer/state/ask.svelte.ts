import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { InputOf, OutputOf } from '#shared/contract/define.ts';
import { getCore, type CoreCallName } from './core.svelte.ts';

/** The answer to a question as a reactive value. */
export interface Answer<T> {
  readonly value: T | undefined;
  readonly error: ErrorInfo | null;
  readonly loading: boolean;
  /** Asks again; the old answer stays until the new one comes. */
  reload(): void;
}

/**
 * Asks whenever the input changes (by content), and again after a reconnection. `input` returning null means: not now.
 * For questions only: a command belongs into the handler of the event that wants it (`core.call`).
 */
export function ask<Name extends CoreCallName>(
  name: Name,
  input: () => InputOf<Contract[Name]> | null,
): Answer<OutputOf<Contract[Name]>> {
  const core = getCore();
  const inputText = $derived.by(() => {
    const wanted = input();
    return wanted === null ? null : JSON.stringify(wanted);
  });
  let value = $state.raw<OutputOf<Contract[Name]> | undefined>(undefined);
  let error = $state.raw<ErrorInfo | null>(null);
  let loading = $state(true);
  let round = $state(0);
  let valueOf: string | null = null;

  $effect(() => {
    const client = core.client;
    const text = inputText;
    void round;
    if (text !== valueOf) value = undefined;
    loading = text !== null && text !== valueOf;
    if (client === null || text === null) return undefined;
    error = null;
    const abort = new AbortController();
    client.call(name, JSON.parse(text) as InputOf<Contract[Name]>, abort.signal).then(
      (answer) => {
        if (abort.signal.aborted) return;
        value = answer;
        valueOf = text;
        loading = false;
      },
      (thrown: unknown) => {
        const info = errorInfo(thrown);
        if (abort.signal.aborted || info.code === 'disconnected' || info.code === 'cancelled') return;
        error = info;
        loading = false;
      },
    );
    return () => abort.abort();
  });

  return {
    get value() {
      return value;
    },
    get error() {
      return error;
    },
    get loading() {
      return loading;
    },
    reload() {
      round++;
    },
  };
}
