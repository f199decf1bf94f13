import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';

export const feature = defineFeature({
  id: 'welcome',
  routes: [defineRoute(addresses.welcome, 'welcome', () => import('./welcome-page.svelte'))],
  commands: ({ router }) => [
    {
      id: 'welcome.open',
      title: 'Ways to begin',
      group: 'Go to',
      words: 'welcome demo first run help start',
      run: () => router.go(router.href(addresses.welcome, {})),
    },
  ],
});
