import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import { addresses } from '#renderer/app/addresses.ts';
import type { AppContext } from '#renderer/app/context.ts';
import { deletionHref } from '#renderer/app/deletion.ts';
import type { MenuEntry } from '#renderer/design/menu-item.ts';

interface ProcessMenu {
  readonly uuid: string;
  readonly detail: ProcessDetail | undefined;
  /** What copies a text, which is called so. */
  readonly copy: (text: string, what: string) => () => void;
  readonly rerun: () => void;
}

/** What is seldom done with a process, behind the three dots of its page. */
export function processMenu(
  { router, selection }: Pick<AppContext, 'router' | 'selection'>,
  { uuid, detail, copy, rerun }: ProcessMenu,
): readonly MenuEntry[] {
  const disabled = router.readOnly;
  return [
    { kind: 'item', label: 'Copy the UUID', keys: 'u', run: copy(uuid, 'The UUID') },
    { kind: 'item', label: 'Copy the PK', run: copy(String(detail?.row.pk ?? ''), 'The PK') },
    { kind: 'item', label: 'Copy for Python', run: copy(`load_node('${uuid}')`, 'The line of Python') },
    { kind: 'item', label: 'Copy as JSON', run: copy(JSON.stringify(detail, null, 2), 'The JSON') },
    { kind: 'separator' },
    {
      kind: 'item',
      label: 'Open as a node',
      run: () => router.go(router.href(addresses.node, { uuid })),
    },
    {
      kind: 'item',
      label: 'Add to a group…',
      disabled,
      run: () => router.go(router.href(addresses.groups, {}, { add: uuid })),
    },
    { kind: 'item', label: 'A script that runs it again…', run: rerun },
    {
      kind: 'item',
      label: 'Export…',
      disabled,
      run: () => router.go(router.href(addresses.archives, {}, { export: uuid })),
    },
    { kind: 'separator' },
    {
      kind: 'item',
      label: 'Delete…',
      danger: true,
      disabled,
      run: () => router.go(deletionHref({ router, selection }, [uuid])),
    },
  ];
}
