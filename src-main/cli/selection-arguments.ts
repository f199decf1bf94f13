import { bad, flag, text } from './options.ts';

/** Which nodes a command means, as it was typed. */
export type ExportWhat =
  | { readonly kind: 'all' }
  | { readonly kind: 'nodes'; readonly uuids: readonly string[] }
  | { readonly kind: 'group'; readonly label: string };

export const selectionOptions = { all: flag, node: { type: 'string', multiple: true }, group: text } as const;

interface Selected {
  readonly all: boolean;
  readonly node?: string[] | undefined;
  readonly group?: string | undefined;
}

/**
 * `--node A B C`: the parser gives A to the option and the others to the rest.
 * @throws StemmaError `bad-arguments`
 */
export function whatOf(command: string, values: Selected, rest: readonly string[]): ExportWhat {
  const { all, node, group } = values;
  const chosen = [all, node !== undefined, group !== undefined].filter(Boolean).length;
  if (chosen !== 1) throw bad(`“${command}” wants exactly one of --all, --node UUID… and --group LABEL.`);
  if (node !== undefined) return { kind: 'nodes', uuids: [...node, ...rest] };
  if (rest.length > 0) throw bad(`“${rest[0]}” is one argument too many.`);
  return group === undefined ? { kind: 'all' } : { kind: 'group', label: group };
}
