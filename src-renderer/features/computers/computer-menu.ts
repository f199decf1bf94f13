import Copy from '@lucide/svelte/icons/copy';
import CircleSlash from '@lucide/svelte/icons/circle-slash';
import Pause from '@lucide/svelte/icons/pause';
import Pencil from '@lucide/svelte/icons/pencil';
import Play from '@lucide/svelte/icons/play';
import Trash from '@lucide/svelte/icons/trash-2';
import type { ComputerRow } from '#shared/contract/areas/computers.ts';
import { addresses } from '#renderer/app/addresses.ts';
import type { AppContext } from '#renderer/app/context.ts';
import type { ComputerState } from '#renderer/design/connection-looks.ts';
import type { MenuEntry } from '#renderer/design/menu-item.ts';
import type { ComputerActions } from './computer-actions.svelte.ts';

/** What can be done with a computer, for the menus of the list and of its page. */
export function computerMenu(
  { router }: Pick<AppContext, 'router'>,
  actions: ComputerActions,
  row: ComputerRow,
  state: ComputerState,
): readonly MenuEntry[] {
  const { uuid } = row;
  const pausing: MenuEntry =
    state === 'paused'
      ? { kind: 'item', label: 'Resume', icon: Play, run: () => actions.setPaused(row, false) }
      : {
          kind: 'item',
          label: 'Pause',
          icon: Pause,
          disabled: !row.configured || !row.enabled,
          run: () => actions.setPaused(row, true),
        };
  return [
    {
      kind: 'item',
      label: row.configured ? 'Edit…' : 'Set it up…',
      icon: Pencil,
      run: () => router.go(router.href(addresses.computerEdit, { uuid })),
    },
    {
      kind: 'item',
      label: 'Duplicate…',
      icon: Copy,
      disabled: !row.configured,
      run: () => router.go(router.href(addresses.computerNew, {}, { like: uuid })),
    },
    { kind: 'separator' },
    pausing,
    {
      kind: 'item',
      label: row.enabled ? 'Disable' : 'Enable',
      icon: row.enabled ? CircleSlash : Play,
      disabled: !row.configured,
      run: () => actions.setEnabled(row, !row.enabled),
    },
    { kind: 'separator' },
    {
      kind: 'item',
      label: 'Remove…',
      icon: Trash,
      danger: true,
      run: () => (actions.removing = row),
    },
  ];
}
