import { deleteSwitches, type DeleteSwitch } from '#shared/provenance/traversal-rules.ts';
import { bad, common, flag, parse, text, wanted } from './options.ts';

/** Which nodes a deletion begins with, as it was typed. */
export type DeleteWhat =
  | { readonly kind: 'nodes'; readonly uuids: readonly string[] }
  | { readonly kind: 'group'; readonly label: string }
  /** In the language of the filters above tables. */
  | { readonly kind: 'fitting'; readonly filter: string };

export type DeleteCommand = {
  readonly kind: 'delete';
  readonly what: DeleteWhat;
  /** Switches of AiiDA's rules that were turned. */
  readonly rules: Partial<Record<DeleteSwitch, boolean>>;
  /** Otherwise only what would go is told. */
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly profile: string | null;
  readonly json: boolean;
};

export type RestoreCommand = {
  readonly kind: 'restore';
  /** Null for the list of what can be restored. */
  readonly uuid: string | null;
  readonly profile: string | null;
  readonly json: boolean;
};

/** What is stored and where the room goes, or letting go of what nothing needs. */
export type StorageCommand = {
  readonly kind: 'storage' | 'free';
  /** Deletions are let go of, too: they cannot be restored any more. */
  readonly deleted: boolean;
  /** Purged content, too. */
  readonly purged: boolean;
  readonly dryRun: boolean;
  readonly profile: string | null;
  readonly json: boolean;
};

/** @throws StemmaError `bad-arguments` */
export function storageArguments(argv: readonly string[]): StorageCommand | { readonly kind: 'help' } {
  const { values } = parse(argv, common, 0);
  if (values.help) return { kind: 'help' };
  const { profile = null, json } = values;
  return { kind: 'storage', deleted: false, purged: false, dryRun: true, profile, json };
}

/** @throws StemmaError `bad-arguments` */
export function freeArguments(argv: readonly string[]): StorageCommand | { readonly kind: 'help' } {
  const { values } = parse(argv, { ...common, 'dry-run': flag, deleted: flag, purged: flag }, 0);
  if (values.help) return { kind: 'help' };
  const { profile = null, json, deleted, purged } = values;
  return { kind: 'free', deleted, purged, dryRun: values['dry-run'], profile, json };
}

const either = { type: 'boolean' } as const;

/** @throws StemmaError `bad-arguments` */
export function deleteArguments(argv: readonly string[]): DeleteCommand | { readonly kind: 'help' } {
  const options = {
    ...common,
    node: { type: 'string', multiple: true },
    group: text,
    filter: text,
    yes: flag,
    'dry-run': flag,
    'create-forward': either,
    'no-create-forward': either,
    'call-calc-forward': either,
    'no-call-calc-forward': either,
    'call-work-forward': either,
    'no-call-work-forward': either,
  } as const;
  const { values, positionals } = parse(argv, options, Number.POSITIVE_INFINITY);
  if (values.help) return { kind: 'help' };
  const { profile = null, json, yes, node, group, filter } = values;
  if ([node, group, filter].filter((one) => one !== undefined).length !== 1)
    throw bad('“delete” wants exactly one of --node UUID…, --group LABEL and --filter TEXT.');
  if (node === undefined && positionals.length > 0)
    throw bad(`“${positionals[0]}” is one argument too many.`);
  if (yes && values['dry-run']) throw bad('“delete” wants --dry-run or --yes, not both.');
  const rules: Partial<Record<DeleteSwitch, boolean>> = {};
  for (const name of deleteSwitches) {
    const option = name.replaceAll('_', '-') as 'create-forward' | 'call-calc-forward' | 'call-work-forward';
    if (values[option] === true) rules[name] = true;
    if (values[`no-${option}`] !== true) continue;
    if (rules[name] === true) throw bad(`“delete” wants --${option} or --no-${option}, not both.`);
    rules[name] = false;
  }
  // `--node A B C`: the parser gives A to the option and the others to the rest
  const what: DeleteWhat =
    node !== undefined
      ? { kind: 'nodes', uuids: [...node, ...positionals] }
      : filter !== undefined
        ? { kind: 'fitting', filter: wanted(filter.trim() || undefined, '--filter TEXT') }
        : { kind: 'group', label: wanted(group, '--group LABEL') };
  return { kind: 'delete', what, rules, yes, dryRun: values['dry-run'], profile, json };
}

/** @throws StemmaError `bad-arguments` */
export function restoreArguments(argv: readonly string[]): RestoreCommand | { readonly kind: 'help' } {
  const { values, positionals } = parse(argv, common, 1);
  if (values.help) return { kind: 'help' };
  const { profile = null, json } = values;
  return { kind: 'restore', uuid: positionals[0] ?? null, profile, json };
}
