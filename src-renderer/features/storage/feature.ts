import HardDrive from '@lucide/svelte/icons/hard-drive';
import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';

export const feature = defineFeature({
  id: 'storage',
  nav: [
    {
      id: 'storage',
      title: 'Storage',
      icon: HardDrive,
      address: addresses.storage,
      inProfile: true,
      order: 8,
      place: 'end',
      keys: 'g h',
    },
  ],
  routes: [defineRoute(addresses.storage, 'storage', () => import('./storage-page.svelte'))],
  commands: (app) => [
    {
      id: 'storage.delete-selection',
      title: 'Delete the selected nodes…',
      group: 'Storage',
      words: 'remove trash',
      enabled: () => app.selection.size > 0 && !app.router.readOnly,
      run: () => app.router.go(app.router.href(addresses.storage, {}, { delete: 'selection' })),
    },
    {
      id: 'storage.purge-selection',
      title: 'Purge the content of the selected nodes…',
      group: 'Storage',
      words: 'free space room files',
      enabled: () => app.selection.size > 0 && !app.router.readOnly,
      run: () => app.router.go(app.router.href(addresses.storage, {}, { purge: 'selection' })),
    },
    {
      id: 'storage.purge',
      title: 'Purge content by a rule…',
      group: 'Storage',
      words: 'free space room files retrieved',
      enabled: () => !app.router.readOnly,
      run: () => app.router.go(app.router.href(addresses.storage, {}, { purge: 'rule' })),
    },
  ],
});
