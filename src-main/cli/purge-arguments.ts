import { bad, common, flag, parse, text, wholeNumber } from './options.ts';

/** Of which nodes content is purged, as it was typed. */
export type PurgeWhat =
  | { readonly kind: 'nodes'; readonly uuids: readonly string[] }
  | {
      readonly kind: 'rule';
      readonly nodeType: string;
      readonly createdAs: string;
      readonly olderThanDays: number | null;
      /** Bytes. */
      readonly largerThan: number | null;
      readonly group:
        | { readonly kind: 'any' }
        | { readonly kind: 'in-none' }
        | { readonly kind: 'in' | 'not-in'; readonly label: string };
    };

export type PurgeCommand = {
  readonly kind: 'purge';
  readonly what: PurgeWhat;
  /** Otherwise only what would go is told. */
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly profile: string | null;
  readonly json: boolean;
};

const units: Readonly<Record<string, number>> = { '': 1, B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** `500`, `10MB`, `1.5 GB`, in SI units. @throws StemmaError `bad-arguments` */
function bytesIn(value: string | undefined): number | null {
  if (value === undefined) return null;
  const match = /^(\d{1,15}(?:\.\d{1,6})?) ?([kMGT]?B)?$/.exec(value);
  const unit = units[match?.[2] ?? ''];
  if (match === null || unit === undefined)
    throw bad(`--larger-than wants a size such as 500, 10MB or 1.5GB, not “${value}”.`);
  return Math.round(Number(match[1]) * unit);
}

type PurgeGroup = Extract<PurgeWhat, { kind: 'rule' }>['group'];

function groupOf(within: string | undefined, out: string | undefined, inNone: boolean): PurgeGroup {
  if (within !== undefined) return { kind: 'in', label: within };
  if (out !== undefined) return { kind: 'not-in', label: out };
  return { kind: inNone ? 'in-none' : 'any' };
}

/** @throws StemmaError `bad-arguments` */
export function purgeArguments(argv: readonly string[]): PurgeCommand | { readonly kind: 'help' } {
  const options = {
    ...common,
    node: { type: 'string', multiple: true },
    type: text,
    'created-as': text,
    'older-than': text,
    'larger-than': text,
    group: text,
    'not-in-group': text,
    'in-no-group': flag,
    yes: flag,
    'dry-run': flag,
  } as const;
  const { values, positionals } = parse(argv, options, Number.POSITIVE_INFINITY);
  if (values.help) return { kind: 'help' };
  const { profile = null, json, yes, node, type = '', group } = values;
  if (yes && values['dry-run']) throw bad('“purge” wants --dry-run or --yes, not both.');
  const out = values['not-in-group'];
  if ([group, out].filter((one) => one !== undefined).length + Number(values['in-no-group']) > 1)
    throw bad('“purge” wants at most one of --group, --not-in-group and --in-no-group.');
  const rule = {
    kind: 'rule',
    nodeType: type,
    createdAs: values['created-as'] ?? '',
    olderThanDays: wholeNumber(values['older-than'], 'older-than', 0, 100_000),
    largerThan: bytesIn(values['larger-than']),
    group: groupOf(group, out, values['in-no-group']),
  } as const;
  const isBare =
    rule.nodeType === '' &&
    rule.createdAs === '' &&
    rule.olderThanDays === null &&
    rule.largerThan === null &&
    rule.group.kind === 'any';
  if ((node === undefined) === isBare) throw bad('“purge” wants either --node UUID… or conditions.');
  if (node === undefined && positionals.length > 0)
    throw bad(`“${positionals[0]}” is one argument too many.`);
  // `--node A B C`: the parser gives A to the option and the others to the rest
  const what: PurgeWhat = node === undefined ? rule : { kind: 'nodes', uuids: [...node, ...positionals] };
  return { kind: 'purge', what, yes, dryRun: values['dry-run'], profile, json };
}
