import Database from '@lucide/svelte/icons/database';
import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';

export const feature = defineFeature({
  id: 'data',
  nav: [{ id: 'data', title: 'Data', icon: Database, address: addresses.data, order: 30, keys: 'g d' }],
  routes: [
    defineRoute(addresses.data, 'data', () => import('./data-page.svelte')),
    defineRoute(addresses.node, 'data', () => import('./node/node-page.svelte')),
  ],
  commands: ({ router }) => [
    {
      id: 'data.find',
      title: 'Find nodes by a filter',
      group: 'General',
      words: 'search query data processes everything',
      run: () => router.go(router.href(addresses.data, {}, { all: true })),
    },
  ],
});
