import { commentModes, extrasModes, newExtrasModes } from '#shared/contract/areas/import-modes.ts';
import type { ImportOptions } from '#shared/contract/areas/import-options.ts';
import { bad, common, flag, parse, text, wanted } from './options.ts';

export interface ArchiveImportCommand {
  readonly kind: 'archive-import';
  /** Paths, and addresses that begin with `http://` or `https://`. */
  readonly files: readonly string[];
  readonly options: ImportOptions;
  /** Only what it would do. */
  readonly dryRun: boolean;
  readonly profile: string | null;
  readonly json: boolean;
}

const switches = {
  ...common,
  group: text,
  'no-import-group': flag,
  'extras-mode-existing': text,
  'extras-mode-new': text,
  'comment-mode': text,
  'include-authinfos': flag,
  'dry-run': flag,
} as const;

/** Options are called as those of `verdi archive import` are. @throws StemmaError `bad-arguments` */
export function archiveImport(argv: readonly string[]): ArchiveImportCommand | { readonly kind: 'help' } {
  const { values, positionals } = parse(argv, switches, Number.POSITIVE_INFINITY);
  if (values.help) return { kind: 'help' };
  const { profile = null, group, json } = values;
  const withoutGroup = values['no-import-group'];
  if (group !== undefined && withoutGroup)
    throw bad('“archive import” wants --group LABEL or --no-import-group, not both.');
  if (group === '') throw bad('--group wants a label.');
  wanted(positionals[0], 'FILE');
  return {
    kind: 'archive-import',
    files: positionals,
    options: {
      extrasExisting: oneOf('extras-mode-existing', extrasModes, values['extras-mode-existing'] ?? 'none'),
      extrasNew: oneOf('extras-mode-new', newExtrasModes, values['extras-mode-new'] ?? 'import'),
      comments: oneOf('comment-mode', commentModes, values['comment-mode'] ?? 'leave'),
      group:
        group !== undefined
          ? { kind: 'named', label: group }
          : withoutGroup
            ? { kind: 'none' }
            : { kind: 'new' },
      authInfos: values['include-authinfos'],
    },
    dryRun: values['dry-run'],
    profile,
    json,
  };
}

function oneOf<Choice extends string>(name: string, choices: readonly Choice[], value: string): Choice {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw bad(`--${name} wants ${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}, not “${value}”.`);
}
