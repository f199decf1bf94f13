import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { InputOf, OutputOf, StreamName } from '#shared/contract/define.ts';
import { getCore } from './core.svelte.ts';

type CoreStreamName = StreamName<Contract>;
type Input<Name extends CoreStreamName> = InputOf<Contract[Name]>;
type Item<Name extends CoreStreamName> = OutputOf<Contract[Name]>;

/** A stream of the core as a reactive value. */
export interface Live<T> {
  /** The last that came; undefined until the first does. */
  readonly value: T | undefined;
  /** What ended the stream, other than a lost connection. */
  readonly error: ErrorInfo | null;
  /** Nothing has come for the present input. */
  readonly loading: boolean;
  /** The connection is lost: the value may be out of date. */
  readonly stale: boolean;
  retry(): void;
}

/** How a stream of the core becomes a value. */
export interface LiveOptions<Name extends CoreStreamName, T> {
  /** Makes the value from the one before and the new item; without it each item is the value. */
  readonly fold?: (previous: T | undefined, item: Item<Name>, input: Input<Name>) => T;
  /** The old value stays until the first of the new input: for a table that scrolls. Otherwise it goes at once. */
  readonly keep?: boolean;
}

/**
 * Listens while the component lives, again after each reconnection, and anew when the input changes (by content, not
 * by identity). `input` returning null means: not now. Called while a component or its state is made.
 */
export function live<Name extends CoreStreamName, T = Item<Name>>(
  name: Name,
  input: () => Input<Name> | null,
  options: LiveOptions<Name, T> = {},
): Live<T> {
  const core = getCore();
  const fold = options.fold ?? ((_previous, item) => item as unknown as T);
  // The text is what the effect depends on, so that an equal input does not listen anew.
  const inputText = $derived.by(() => {
    const wanted = input();
    return wanted === null ? null : JSON.stringify(wanted);
  });
  let value = $state.raw<T | undefined>(undefined);
  let error = $state.raw<ErrorInfo | null>(null);
  let loading = $state(true);
  let attempt = $state(0);
  let valueOf: string | null = null;

  $effect(() => {
    const client = core.client;
    const text = inputText;
    void attempt;
    if (text !== valueOf && options.keep !== true) value = undefined;
    loading = text !== null && text !== valueOf;
    if (client === null || text === null) return undefined;
    error = null;
    const abort = new AbortController();
    const listen = async (): Promise<void> => {
      const wanted = JSON.parse(text) as Input<Name>;
      let first = true;
      for await (const item of client.listen(name, wanted, abort.signal)) {
        if (abort.signal.aborted) return;
        // A stream that begins again tells everything from the start: nothing of the old one is folded in.
        value = fold(first ? undefined : value, item, wanted);
        first = false;
        valueOf = text;
        loading = false;
      }
    };
    listen().catch((thrown: unknown) => {
      const info = errorInfo(thrown);
      if (abort.signal.aborted || info.code === 'disconnected' || info.code === 'cancelled') return;
      error = info;
      loading = false;
    });
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
    get stale() {
      return value !== undefined && core.client === null;
    },
    retry() {
      attempt++;
    },
  };
}
