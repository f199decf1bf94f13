import Activity from '@lucide/svelte/icons/activity';
import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';

export const feature = defineFeature({
  id: 'processes',
  nav: [
    {
      id: 'processes',
      title: 'Processes',
      icon: Activity,
      address: addresses.processes,
      order: 10,
      keys: 'g p',
    },
  ],
  routes: [
    defineRoute(addresses.processes, 'processes', () => import('./processes-page.svelte')),
    defineRoute(addresses.process, 'processes', () => import('./process-page.svelte')),
  ],
});
