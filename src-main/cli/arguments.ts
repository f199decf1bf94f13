import type { AnonymousChoice } from '#shared/contract/areas/anonymous-choice.ts';
import type { ArchiveAbout } from '#shared/contract/areas/archive-about.ts';
import { aboutLimits, nothingSaid } from '#shared/provenance/archive-words.ts';
import type { CacheChoice } from '#shared/process/caching-rules.ts';
import { archiveImport, type ArchiveImportCommand } from './archive-import-arguments.ts';
import {
  deleteArguments,
  freeArguments,
  restoreArguments,
  storageArguments,
  type DeleteCommand,
  type RestoreCommand,
  type StorageCommand,
} from './delete-arguments.ts';
import { exportArguments, type ExportCommand } from './export-arguments.ts';
import { importRecordsArguments, type ImportRecordsCommand } from './import-records-arguments.ts';
import { purgeArguments, type PurgeCommand } from './purge-arguments.ts';
import { bad, common, flag, parse, text, wanted, wholeNumber } from './options.ts';
import { whatOf, selectionOptions, type ExportWhat } from './selection-arguments.ts';

/** What a person asked for on the command line. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'serve'; readonly profile: string | null; readonly port: number; readonly open: boolean }
  | { readonly kind: 'archive-info'; readonly file: string; readonly json: boolean }
  | ArchiveImportCommand
  | {
      readonly kind: 'archive-export';
      readonly out: string;
      readonly what: ExportWhat;
      readonly about: ArchiveAbout;
      readonly anonymous: AnonymousChoice;
      /** Only what an anonymous export would replace and leave. */
      readonly dryRun: boolean;
      readonly force: boolean;
      /** Leave without files whose content was purged. */
      readonly withoutPurged: boolean;
      readonly profile: string | null;
      readonly json: boolean;
    }
  | ExportCommand
  | {
      readonly kind: 'process-list';
      readonly filter: string;
      readonly limit: number;
      readonly profile: string | null;
      readonly json: boolean;
    }
  | {
      readonly kind: 'process-answer';
      readonly uuid: string;
      /** Null to be told what is asked. */
      readonly choice: string | null;
      readonly profile: string | null;
      readonly json: boolean;
    }
  | {
      readonly kind: 'process-cache';
      readonly uuid: string;
      readonly profile: string | null;
      readonly json: boolean;
    }
  | {
      readonly kind: 'launch';
      readonly plugin: string;
      readonly inputs: string;
      /** Null where the file of inputs says it, or nobody. */
      readonly caching: CacheChoice | null;
      /** A file with stop rules, instead of those in the file of inputs. */
      readonly rules: string | null;
      readonly wait: boolean;
      readonly profile: string | null;
      readonly json: boolean;
    }
  | {
      readonly kind: 'resume';
      readonly uuid: string;
      readonly again: readonly string[];
      readonly preview: boolean;
      readonly wait: boolean;
      readonly profile: string | null;
      readonly json: boolean;
    }
  | DeleteCommand
  | PurgeCommand
  | RestoreCommand
  | StorageCommand
  | ImportRecordsCommand
  | {
      readonly kind: 'check';
      readonly readFiles: boolean;
      readonly profile: string | null;
      readonly json: boolean;
    };

/** @throws StemmaError `bad-arguments` */
export function parseArguments(argv: readonly string[]): Command {
  const [first, second] = argv;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h')
    return { kind: 'help' };
  if (first === '--version' || first === '-V') return { kind: 'version' };
  switch (first) {
    case 'serve':
      return serve(argv.slice(1));
    case 'launch':
      return launch(argv.slice(1));
    case 'resume':
      return resume(argv.slice(1));
    case 'delete':
      return deleteArguments(argv.slice(1));
    case 'purge':
      return purgeArguments(argv.slice(1));
    case 'storage':
      return storageArguments(argv.slice(1));
    case 'free':
      return freeArguments(argv.slice(1));
    case 'restore':
      return restoreArguments(argv.slice(1));
    case 'import-records':
      return importRecordsArguments(argv.slice(1));
    case 'check':
      return check(argv.slice(1));
    case 'export':
      return exportArguments(argv.slice(1));
    case 'archive':
      if (second === 'info') return archiveInfo(argv.slice(2));
      if (second === 'import') return archiveImport(argv.slice(2));
      if (second === 'export') return archiveExport(argv.slice(2));
      if (second === '--help' || second === '-h') return { kind: 'help' };
      throw bad(`“archive” wants info, import or export${second === undefined ? '' : `, not “${second}”`}.`);
    case 'process':
      if (second === 'list') return processList(argv.slice(2));
      if (second === 'answer') return processAnswer(argv.slice(2));
      if (second === 'cache') return processCache(argv.slice(2));
      if (second === '--help' || second === '-h') return { kind: 'help' };
      throw bad(`“process” wants list, answer or cache${second === undefined ? '' : `, not “${second}”`}.`);
    default:
      throw bad(`There is no command “${first}”.`);
  }
}

function serve(argv: readonly string[]): Command {
  const { values } = parse(argv, { profile: text, port: text, 'no-open': flag, help: common.help }, 0);
  if (values.help) return { kind: 'help' };
  const port = wholeNumber(values.port, 'port', 0, 65_535) ?? 0;
  return { kind: 'serve', profile: values.profile ?? null, port, open: !values['no-open'] };
}

function archiveInfo(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, { json: flag, help: common.help }, 1);
  if (values.help) return { kind: 'help' };
  return { kind: 'archive-info', file: wanted(positionals[0], 'FILE'), json: values.json };
}

function archiveExport(argv: readonly string[]): Command {
  const options = {
    ...common,
    ...selectionOptions,
    force: flag,
    'without-purged': flag,
    title: text,
    author: text,
    description: text,
    licence: text,
    anonymous: flag,
    'leave-out-files': flag,
    'dry-run': flag,
  } as const;
  const { values, positionals } = parse(argv, options, Number.POSITIVE_INFINITY);
  if (values.help) return { kind: 'help' };
  const { profile = null, json, force, anonymous, title, author, description, licence } = values;
  const [leaveOut, dryRun] = [values['leave-out-files'], values['dry-run']];
  if (!anonymous && (leaveOut || dryRun)) throw bad('--leave-out-files and --dry-run go with --anonymous.');
  const [out, ...rest] = positionals;
  return {
    kind: 'archive-export',
    out: wanted(out, 'OUT'),
    what: whatOf('archive export', values, rest),
    about: aboutOf({ title, author, description, licence }),
    anonymous: anonymous ? { files: leaveOut ? 'leave-out' : 'keep' } : null,
    dryRun,
    force,
    withoutPurged: values['without-purged'],
    profile,
    json,
  };
}

function aboutOf(words: Readonly<Record<keyof ArchiveAbout, string | undefined>>): ArchiveAbout {
  const about = { ...nothingSaid };
  for (const key of Object.keys(aboutLimits) as (keyof ArchiveAbout)[]) {
    about[key] = (words[key] ?? '').trim();
    if (about[key].length > aboutLimits[key])
      throw bad(`--${key} has more than ${aboutLimits[key]} characters.`);
  }
  return about;
}

function processList(argv: readonly string[]): Command {
  const { values } = parse(argv, { ...common, filter: text, limit: text }, 0);
  if (values.help) return { kind: 'help' };
  const { profile = null, json, filter = '' } = values;
  const limit = wholeNumber(values.limit, 'limit', 1, 1_000_000) ?? 1000;
  return { kind: 'process-list', filter, limit, profile, json };
}

function processAnswer(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, common, 2);
  if (values.help) return { kind: 'help' };
  const { profile = null, json } = values;
  const [uuid, choice = null] = positionals;
  return { kind: 'process-answer', uuid: wanted(uuid, 'UUID'), choice, profile, json };
}

function processCache(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, common, 1);
  if (values.help) return { kind: 'help' };
  const { profile = null, json } = values;
  return { kind: 'process-cache', uuid: wanted(positionals[0], 'UUID'), profile, json };
}

function launch(argv: readonly string[]): Command {
  const options = {
    ...common,
    inputs: text,
    wait: flag,
    cache: flag,
    'no-cache': flag,
    rules: text,
  } as const;
  const { values, positionals } = parse(argv, options, 1);
  if (values.help) return { kind: 'help' };
  const { profile = null, json, wait, cache, rules = null } = values;
  if (cache && values['no-cache']) throw bad('“launch” wants --cache or --no-cache, not both.');
  const caching = cache ? 'yes' : values['no-cache'] ? 'no' : null;
  const plugin = wanted(positionals[0], 'PLUGIN');
  const inputs = wanted(values.inputs, '--inputs FILE.json');
  return { kind: 'launch', plugin, inputs, caching, rules, wait, profile, json };
}

function resume(argv: readonly string[]): Command {
  const options = {
    ...common,
    preview: flag,
    wait: flag,
    again: { type: 'string', multiple: true },
  } as const;
  const { values, positionals } = parse(argv, options, 1);
  if (values.help) return { kind: 'help' };
  const { profile = null, json, preview, wait, again = [] } = values;
  if (preview && wait) throw bad('“resume” wants --preview or --wait, not both.');
  return { kind: 'resume', uuid: wanted(positionals[0], 'UUID'), again, preview, wait, profile, json };
}

function check(argv: readonly string[]): Command {
  const { values } = parse(argv, { ...common, 'read-files': flag }, 0);
  if (values.help) return { kind: 'help' };
  return {
    kind: 'check',
    readFiles: values['read-files'],
    profile: values.profile ?? null,
    json: values.json,
  };
}
