import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { NpyArray } from '#shared/npy/npy-array.ts';
import type { ReadFile } from '../files/read-file.ts';
import { readArray } from './read-arrays.ts';

export interface WantedArrays {
  readonly read: ReadFile;
  readonly source: string;
  readonly uuid: string;
  readonly names: readonly string[];
}

export interface Arrays {
  /** Null until all have come. */
  readonly value: Readonly<Record<string, NpyArray>> | null;
  readonly error: ErrorInfo | null;
}

/** Arrays of a node, read when what is wanted changes. Called while a component is made. */
export function arrays(wanted: () => WantedArrays): Arrays {
  let value: Readonly<Record<string, NpyArray>> | null = $state.raw(null);
  let error: ErrorInfo | null = $state.raw(null);
  const identity = $derived(JSON.stringify([wanted().source, wanted().uuid, wanted().names]));

  $effect(() => {
    void identity;
    const { read, source, uuid, names } = wanted();
    const abort = new AbortController();
    value = null;
    error = null;
    Promise.all(
      names.map(async (name) => [name, await readArray(read, { source, uuid }, name, abort.signal)] as const),
    ).then(
      (all) => {
        if (!abort.signal.aborted) value = Object.fromEntries(all);
      },
      (thrown: unknown) => {
        if (!abort.signal.aborted) error = errorInfo(thrown);
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
  };
}
