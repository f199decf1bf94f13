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
