import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { NodeDetail } from '#shared/contract/areas/nodes.ts';
import { readAttributes } from '#renderer/model/attributes.ts';
import { readArray } from '../arrays/read-arrays.ts';
import { readBands, type Bands } from '../bands/read-bands.ts';
import type { ReadFile } from '../files/read-file.ts';

export interface ReferenceBands {
  /** Null until they have come, and where the reference is no node with bands. */
  readonly value: Bands | null;
  readonly error: ErrorInfo | null;
}

/** The bands that a ProjectionData names by their UUID; read once for each. Called while a component is made. */
export function referenceBands(
  wanted: () => {
    readonly uuid: string;
    readonly source: string;
    readonly read: ReadFile;
    readonly other: (uuid: string) => Promise<NodeDetail>;
  },
): ReferenceBands {
  let value: Bands | null = $state.raw(null);
  let error: ErrorInfo | null = $state.raw(null);
  const identity = $derived(JSON.stringify([wanted().source, wanted().uuid]));

  $effect(() => {
    void identity;
    const { uuid, source, read, other } = wanted();
    const abort = new AbortController();
    value = null;
    error = null;
    if (uuid === '') return;
    const load = async (): Promise<Bands | null> => {
      const node = await other(uuid);
      const attributes = readAttributes(node.attributes);
      if (attributes.kind === 'error') return null;
      const get = (name: string) => readArray(read, { source, uuid }, name, abort.signal);
      const [bands, kpoints] = await Promise.all([get('bands'), get('kpoints')]);
      return readBands(attributes.attributes, { bands, kpoints });
    };
    load().then(
      (bands) => {
        if (!abort.signal.aborted) value = bands;
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
