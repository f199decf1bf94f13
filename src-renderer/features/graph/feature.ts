import Waypoints from '@lucide/svelte/icons/waypoints';
import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';

export const feature = defineFeature({
  id: 'graph',
  nav: [
    { id: 'graph', title: 'Graph', icon: Waypoints, address: addresses.graphStart, order: 20, keys: 'g g' },
  ],
  routes: [
    defineRoute(addresses.graphStart, 'graph', () => import('./graph-start-page.svelte')),
    defineRoute(addresses.graph, 'graph', () => import('./graph-page.svelte')),
  ],
});
