import Settings from '@lucide/svelte/icons/settings';
import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';

export const feature = defineFeature({
  id: 'settings',
  nav: [
    {
      id: 'settings',
      title: 'Settings',
      icon: Settings,
      address: addresses.settings,
      inProfile: true,
      order: 20,
      place: 'end',
      keys: 'g ,',
    },
  ],
  routes: [defineRoute(addresses.settings, 'settings', () => import('./settings-page.svelte'))],
});
