import Archive from '@lucide/svelte/icons/archive';
import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';
import { chooseArchive, exportAddress, previewAddress } from './links.ts';

export const feature = defineFeature({
  id: 'archives',
  nav: [
    { id: 'archives', title: 'Archives', icon: Archive, address: addresses.archives, order: 60, keys: 'g a' },
  ],
  routes: [defineRoute(addresses.archives, 'archives', () => import('./archives-page.svelte'))],
  opens: [
    {
      extensions: ['aiida'],
      words: 'Preview an archive, and import it or look inside',
      open: (file, app) => app.router.go(previewAddress(app.router, file)),
    },
  ],
  commands: (app) => [
    {
      id: 'archives.import',
      title: 'Import an archive…',
      group: 'Archives',
      words: 'aiida file open load read',
      async run() {
        const file = await chooseArchive(app.shell);
        if (file !== null) app.router.go(previewAddress(app.router, file));
      },
    },
    {
      id: 'archives.export-selection',
      title: 'Export the selected nodes…',
      group: 'Archives',
      words: 'aiida file save share archive',
      enabled: () => app.selection.size > 0 && !app.router.readOnly,
      run: () => app.router.go(exportAddress(app.router, { kind: 'selection' })),
    },
    {
      id: 'archives.export-all',
      title: 'Export everything…',
      group: 'Archives',
      words: 'aiida file save share archive profile backup',
      enabled: () => !app.router.readOnly,
      run: () => app.router.go(exportAddress(app.router, { kind: 'all' })),
    },
  ],
});
