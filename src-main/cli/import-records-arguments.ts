import { common, flag, parse, wanted } from './options.ts';

export interface ImportRecordsCommand {
  readonly kind: 'import-records';
  /** A folder or a file of another system. */
  readonly place: string;
  /** Only what it would do. */
  readonly dryRun: boolean;
  readonly profile: string | null;
  readonly json: boolean;
}

/** @throws StemmaError `bad-arguments` */
export function importRecordsArguments(
  argv: readonly string[],
): ImportRecordsCommand | { readonly kind: 'help' } {
  const { values, positionals } = parse(argv, { ...common, 'dry-run': flag }, 1);
  if (values.help) return { kind: 'help' };
  const { profile = null, json } = values;
  const place = wanted(positionals[0], 'FOLDER or FILE');
  return { kind: 'import-records', place, dryRun: values['dry-run'], profile, json };
}
