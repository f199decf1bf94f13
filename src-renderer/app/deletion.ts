import { writeExportTarget } from '../model/export-target.ts';
import { addresses } from './addresses.ts';
import type { AppContext } from './context.ts';

/** An address of more is longer than anybody wants: so many are the selection of the window anyway. */
const mostNamed = 20;

/** Where it is shown what the deletion of these nodes would take along, before anything happens. */
export function deletionHref(
  { router, selection }: Pick<AppContext, 'router' | 'selection'>,
  uuids: readonly string[],
): string {
  const areSelected = uuids.length > 1 && uuids.length === selection.size;
  const target =
    areSelected || uuids.length > mostNamed
      ? ({ kind: 'selection' } as const)
      : ({ kind: 'nodes', uuids } as const);
  return router.href(addresses.storage, {}, { delete: writeExportTarget(target) });
}

/** All that a table shows, however many they are: the core finds them, and no UUID is sent. */
export interface Fitting {
  readonly filter: string;
  readonly typePrefix: string;
  /** No process that a workflow called. */
  readonly roots?: boolean;
}

/** Where it is shown what the deletion of all that fits would take along. */
export const fittingDeletionHref = (
  { router }: Pick<AppContext, 'router'>,
  { filter, typePrefix, roots = false }: Fitting,
): string => router.href(addresses.storage, {}, { delete: 'fitting', filter, type: typePrefix, roots });

/** As {@link fittingDeletionHref} writes it; null where the address says something else. */
export function readFittingDeletion(query: URLSearchParams): Required<Fitting> | null {
  if (query.get('delete') !== 'fitting') return null;
  return {
    filter: query.get('filter') ?? '',
    typePrefix: query.get('type') ?? '',
    roots: query.get('roots') === 'true',
  };
}

/** What is chosen in words: `that fit “type:Dict”, of the type data.core.dict.Dict.`; empty for everything. */
export function fittingWords({ filter, typePrefix, roots }: Required<Fitting>): string {
  const type =
    typePrefix === 'process.'
      ? 'are processes'
      : typePrefix === 'data.'
        ? 'are data'
        : `are of the type ${typePrefix}`;
  const parts = [
    ...(filter === '' ? [] : [`fit “${filter}”`]),
    ...(typePrefix === '' ? [] : [type]),
    ...(roots ? ['were not called by a workflow'] : []),
  ];
  return parts.length === 0 ? '' : `that ${parts.join(' and ')}`;
}
