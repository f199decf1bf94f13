import { createHash } from 'node:crypto';
import type { Uuid } from '#shared/provenance/ids.ts';

type Input =
  | { readonly uuid: Uuid }
  | {
      readonly nodeType: string;
      readonly attributes: string;
      readonly files: readonly (readonly [path: string, hash: string])[];
    };

const canonical = (input: Input): unknown =>
  'uuid' in input ? input.uuid : [input.nodeType, input.attributes, [...input.files].toSorted()];

/** SHA-256 over the process and its inputs: stored nodes by UUID, new ones by content. Order of inputs is no matter. */
export function fingerprint(plugin: string, inputs: Readonly<Record<string, Input>>): string {
  const pairs = Object.entries(inputs).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([plugin, pairs.map(([label, input]) => [label, canonical(input)])]);
  return createHash('sha256').update(text).digest('hex');
}

/** The same for people: `core.arithmetic.add (x = Int {"value": 3}, y = 1c5e…)`. */
export function callWords(plugin: string, inputs: Readonly<Record<string, Input>>): string {
  const words = Object.entries(inputs).map(([label, input]) => {
    if ('uuid' in input) return `${label} = ${input.uuid.slice(0, 8)}`;
    const type = input.nodeType.split('.').at(-2) ?? 'node';
    const text = input.attributes.length > 60 ? `${input.attributes.slice(0, 60)}…` : input.attributes;
    return `${label} = ${type} ${text}`;
  });
  return `${plugin} (${words.join(', ')})`;
}
