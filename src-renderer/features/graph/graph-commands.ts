import type { Command } from '#renderer/app/commands/command.ts';
import type { AppContext } from '#renderer/app/context.ts';
import { deletionHref } from '#renderer/app/deletion.ts';
import type { Explorer } from './explorer.svelte.ts';
import { copyDot, copyMermaid, savePng, saveSvg } from './export.ts';

export type Reading = 'graph' | 'tree';

const zoomStep = 1.35;

/** What can be done on the graph page, for the palette and the keys. */
export function graphCommands(
  explorer: Explorer,
  app: Pick<AppContext, 'run' | 'router' | 'selection'>,
  reading: Reading,
  setReading: (reading: Reading) => void,
): readonly Command[] {
  const { run, router } = app;
  const group = 'Graph';
  const drawn = (): boolean => explorer.scene !== null;
  const onCanvas = (): boolean => drawn() && reading === 'graph';
  const chosen = (): boolean => drawn() && explorer.selected !== null;
  const selected = (act: (uuid: string) => void) => () => {
    if (explorer.selected !== null) act(explorer.selected);
  };
  return [
    {
      id: 'graph.fit',
      title: 'Fit the selected node',
      group,
      keys: ['f'],
      enabled: onCanvas,
      run: () => explorer.view?.fitNode(explorer.selectedAt),
    },
    {
      id: 'graph.fit-all',
      title: 'Fit the whole graph',
      group,
      keys: ['0'],
      enabled: onCanvas,
      run: () => explorer.view?.fitAll(),
    },
    {
      id: 'graph.zoom-in',
      title: 'Zoom in',
      group,
      keys: ['+', '='],
      enabled: onCanvas,
      run: () => explorer.view?.zoomBy(zoomStep),
    },
    {
      id: 'graph.zoom-out',
      title: 'Zoom out',
      group,
      keys: ['-'],
      enabled: onCanvas,
      run: () => explorer.view?.zoomBy(1 / zoomStep),
    },
    {
      id: 'graph.widen',
      title: 'One step further',
      group,
      keys: [']'],
      enabled: drawn,
      run: () => explorer.widen(1),
    },
    {
      id: 'graph.narrow',
      title: 'One step less',
      group,
      keys: ['['],
      enabled: drawn,
      run: () => explorer.widen(-1),
    },
    {
      id: 'graph.lineage',
      title: 'Light the lineage of the selected node',
      group,
      keys: ['l'],
      words: 'ancestors descendants pin',
      enabled: chosen,
      run: () => explorer.togglePin(),
    },
    {
      id: 'graph.path',
      title: 'Find a path from the selected node',
      group,
      keys: ['p'],
      enabled: chosen,
      run: () => explorer.startPath(),
    },
    {
      id: 'graph.toggle',
      title: 'Open or close the selected workflow or stack',
      group,
      keys: ['e'],
      words: 'expand collapse',
      enabled: chosen,
      run: () => explorer.toggleSelected(),
    },
    {
      id: 'graph.recentre',
      title: 'Look at the selected node',
      group,
      keys: ['c'],
      words: 'centre recentre focus',
      enabled: chosen,
      run: selected((uuid) => explorer.recentre(uuid)),
    },
    {
      id: 'graph.open',
      title: 'Open the page of the selected node',
      group,
      enabled: chosen,
      run: selected((uuid) => explorer.openPage(uuid)),
    },
    {
      id: 'graph.delete',
      title: 'Delete the selected node…',
      group,
      keys: ['Delete'],
      words: 'remove trash',
      enabled: () => chosen() && !router.readOnly,
      run: selected((uuid) => router.go(deletionHref(app, [uuid]))),
    },
    {
      id: 'graph.refold',
      title: 'Fold all that was opened',
      group,
      enabled: () => explorer.session.isUnfolded,
      run: () => explorer.refold(),
    },
    {
      id: 'graph.reading',
      title: reading === 'graph' ? 'Read the graph as a tree' : 'Show the graph as a picture',
      group,
      keys: ['t'],
      words: 'accessible outline table',
      run: () => setReading(reading === 'graph' ? 'tree' : 'graph'),
    },
    {
      id: 'graph.svg',
      title: 'Save the picture as SVG',
      group,
      words: 'export',
      enabled: drawn,
      run: () => run(() => saveSvg(explorer)),
    },
    {
      id: 'graph.png',
      title: 'Save the picture as PNG',
      group,
      words: 'export image',
      enabled: drawn,
      run: () => run(() => savePng(explorer)),
    },
    {
      id: 'graph.dot',
      title: 'Copy the graph as DOT',
      group,
      words: 'graphviz export',
      enabled: drawn,
      run: () => run(() => copyDot(explorer)),
    },
    {
      id: 'graph.mermaid',
      title: 'Copy the graph as Mermaid',
      group,
      words: 'markdown export',
      enabled: drawn,
      run: () => run(() => copyMermaid(explorer)),
    },
    {
      id: 'graph.leave',
      title: 'Leave the lineage or the path',
      group,
      keys: ['Escape'],
      hidden: true,
      enabled: () => explorer.pinned || explorer.path !== null,
      run: () => void explorer.leave(),
    },
  ];
}
