import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import type { Command } from '#renderer/app/commands/command.ts';
import type { BulkAction } from '#renderer/model/bulk.ts';
import type { ProcessTab } from './process-tabs.ts';

interface ProcessDoing {
  readonly tabs: readonly { readonly value: ProcessTab; readonly label: string }[];
  readonly readOnly: boolean;
  readonly detail: ProcessDetail | undefined;
  readonly can: (action: BulkAction) => boolean;
  /** What begins an action, with the question that goes before it. */
  readonly request: (action: BulkAction) => () => void;
  readonly copyUuid: () => void;
  readonly goGraph: () => void;
  readonly goTo: (uuid: string) => void;
  readonly launchAgain: () => void;
  readonly resume: () => void;
  readonly showTab: (tab: ProcessTab) => void;
}

/** What can be done on the page of a process, for the palette and the keys. */
export function processCommands(of: ProcessDoing): readonly Command[] {
  const { tabs, readOnly, detail, can, request } = of;
  const group = 'This process';
  return [
    { id: 'process.graph', title: 'Show in the graph', group, keys: ['v'], run: of.goGraph },
    {
      id: 'process.pause',
      title: 'Pause',
      group,
      keys: ['p'],
      enabled: () => can('pause'),
      run: request('pause'),
    },
    {
      id: 'process.play',
      title: 'Play',
      group,
      keys: ['r'],
      words: 'resume continue',
      enabled: () => can('play'),
      run: request('play'),
    },
    {
      id: 'process.kill',
      title: 'Kill…',
      group,
      keys: ['Shift+K'],
      words: 'cancel stop abort',
      enabled: () => can('kill'),
      run: request('kill'),
    },
    {
      id: 'process.again',
      title: 'Launch again…',
      group,
      keys: ['a'],
      enabled: () => !readOnly && detail?.can.launchAgain === true,
      run: of.launchAgain,
    },
    {
      id: 'process.resume',
      title: 'Resume from the failed step…',
      group,
      keys: ['Shift+A'],
      words: 'restart continue re-use',
      enabled: () => !readOnly && detail?.can.resume === true,
      run: of.resume,
    },
    {
      id: 'process.caller',
      title: 'Go to the caller',
      group,
      keys: ['Backspace'],
      enabled: () => detail?.caller !== null && detail !== undefined,
      run: () => {
        const caller = detail?.caller?.node.uuid;
        if (caller !== undefined) of.goTo(caller);
      },
    },
    { id: 'process.uuid', title: 'Copy the UUID', group, keys: ['u'], run: of.copyUuid },
    ...tabs.map(({ value, label }, i) => ({
      id: `process.tab.${value}`,
      title: `Show: ${label}`,
      group,
      keys: [String(i + 1)],
      run: () => of.showTab(value),
    })),
  ];
}
