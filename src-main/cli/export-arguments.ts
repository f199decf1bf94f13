import type { WayOut } from '#shared/contract/areas/ways-out.ts';
import { bad, common, flag, parse, text, wanted } from './options.ts';
import { selectionOptions, whatOf, type ExportWhat } from './selection-arguments.ts';

/** What leaves for readers that are not AiiDA. */
export type ExportCommand = {
  readonly kind: 'export';
  readonly out: string;
  readonly what: ExportWhat;
  readonly form: WayOut;
  readonly force: boolean;
  readonly profile: string | null;
  readonly json: boolean;
};

/** @throws StemmaError `bad-arguments` */
export function exportArguments(argv: readonly string[]): ExportCommand | { readonly kind: 'help' } {
  const [form, ...rest] = argv;
  switch (form) {
    case 'crate':
    case 'folders':
    case 'prov':
      return wayOut(form, rest);
    case '--help':
    case '-h':
      return { kind: 'help' };
    default:
      throw bad(`“export” wants crate, folders or prov${form === undefined ? '' : `, not “${form}”`}.`);
  }
}

function wayOut(form: WayOut['kind'], argv: readonly string[]): ExportCommand | { readonly kind: 'help' } {
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
