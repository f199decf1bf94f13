import HeartPulse from '@lucide/svelte/icons/heart-pulse';
import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';

export const feature = defineFeature({
  id: 'diagnostics',
  nav: [
    {
      id: 'diagnostics',
      title: 'Diagnostics',
      icon: HeartPulse,
      address: addresses.diagnostics,
      inProfile: true,
      order: 10,
      place: 'end',
      keys: 'g i',
    },
  ],
  routes: [defineRoute(addresses.diagnostics, 'diagnostics', () => import('./diagnostics-page.svelte'))],
});
