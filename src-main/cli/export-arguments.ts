import { scriptKinds, type ScriptKind } from '#shared/contract/areas/script-kinds.ts';
import type { TableView, WayOut } from '#shared/contract/areas/ways-out.ts';
import { bad, common, flag, parse, text, wanted } from './options.ts';
import { selectionOptions, whatOf, type ExportWhat } from './selection-arguments.ts';

/** What leaves for readers that are not AiiDA. */
export type ExportCommand = WayOutCommand | TableCommand | ScriptCommand;

export interface WayOutCommand {
  readonly kind: 'export';
  readonly out: string;
  readonly what: ExportWhat;
  readonly form: WayOut;
  readonly force: boolean;
  readonly profile: string | null;
  readonly json: boolean;
}

export interface TableCommand {
  readonly kind: 'export-table';
  readonly out: string;
  readonly table: TableView['kind'];
  readonly filter: string;
  readonly force: boolean;
  readonly profile: string | null;
  readonly json: boolean;
}

export interface ScriptCommand {
  readonly kind: 'export-script';
  readonly out: string;
  readonly uuid: string;
  readonly language: ScriptKind;
  readonly force: boolean;
  readonly profile: string | null;
  readonly json: boolean;
}

type Help = { readonly kind: 'help' };

/** @throws StemmaError `bad-arguments` */
export function exportArguments(argv: readonly string[]): ExportCommand | Help {
  const [form, ...rest] = argv;
  switch (form) {
    case 'crate':
    case 'folders':
    case 'prov':
      return wayOut(form, rest);
    case 'table':
      return table(rest);
    case 'script':
      return script(rest);
    case '--help':
    case '-h':
      return { kind: 'help' };
    default:
      throw bad(
        `“export” wants crate, folders, prov, table or script${form === undefined ? '' : `, not “${form}”`}.`,
      );
  }
}

function wayOut(form: WayOut['kind'], argv: readonly string[]): WayOutCommand | Help {
  const options = {
    ...common,
    ...selectionOptions,
    force: flag,
    title: text,
    description: text,
    licence: text,
  } as const;
  const { values, positionals } = parse(argv, options, Number.POSITIVE_INFINITY);
  if (values.help) return { kind: 'help' };
  const [first, ...rest] = positionals;
  const { profile = null, json, force, title = '', description = '', licence = '' } = values;
  if (form !== 'crate' && title + description + licence !== '')
    throw bad('--title, --description and --licence are for “export crate” only.');
  const out = wanted(first, 'OUT');
  const packed = out.toLowerCase().endsWith('.zip');
  const what = whatOf(`export ${form}`, values, rest);
  const made: Readonly<Record<WayOut['kind'], WayOut>> = {
    crate: { kind: 'crate', packed, title, description, licence },
    folders: { kind: 'folders', packed },
    prov: { kind: 'prov' },
  };
  return { kind: 'export', out, what, form: made[form], force, profile, json };
}

function table(argv: readonly string[]): TableCommand | Help {
  const { values, positionals } = parse(argv, { ...common, data: flag, filter: text, force: flag }, 1);
  if (values.help) return { kind: 'help' };
  const { profile = null, json, force, filter = '', data } = values;
  const out = wanted(positionals[0], 'OUT');
  return { kind: 'export-table', out, table: data ? 'data' : 'processes', filter, force, profile, json };
}

function script(argv: readonly string[]): ScriptCommand | Help {
  const { values, positionals } = parse(argv, { ...common, node: text, for: text, force: flag }, 1);
  if (values.help) return { kind: 'help' };
  const { profile = null, json, force, node, for: reader = 'aiida' } = values;
  const language = scriptKinds.find((kind) => kind === reader);
  if (language === undefined) throw bad(`--for wants aiida or stemma, not “${reader}”.`);
  const out = wanted(positionals[0], 'OUT');
  return { kind: 'export-script', out, uuid: wanted(node, '--node UUID'), language, force, profile, json };
}
