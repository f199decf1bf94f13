import ListOrdered from '@lucide/svelte/icons/list-ordered';
import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';

export const feature = defineFeature({
  id: 'queue',
  nav: [
    {
      id: 'queue',
      title: 'Queue',
      icon: ListOrdered,
      address: addresses.queue,
      inProfile: true,
      order: 15,
      keys: 'g q',
    },
  ],
  routes: [defineRoute(addresses.queue, 'queue', () => import('./queue-page.svelte'))],
});
