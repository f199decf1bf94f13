import Server from '@lucide/svelte/icons/server';
import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';

export const feature = defineFeature({
  id: 'computers',
  nav: [
    {
      id: 'computers',
      title: 'Computers',
      icon: Server,
      address: addresses.computers,
      inProfile: true,
      order: 60,
      keys: 'g c',
      badge: ({ computers }) => computers.filter(({ connection }) => connection === 'needs-you').length,
    },
  ],
  routes: [
    defineRoute(addresses.computers, 'computers', () => import('./computers-page.svelte')),
    defineRoute(addresses.computerNew, 'computers', () => import('./new-computer-page.svelte')),
    defineRoute(addresses.computer, 'computers', () => import('./computer-page.svelte')),
    defineRoute(addresses.computerEdit, 'computers', () => import('./edit-computer-page.svelte')),
  ],
  commands: ({ router }) => [
    {
      id: 'computers.add',
      title: 'Add a computer…',
      group: 'Computers',
      words: 'new cluster host ssh slurm setup',
      run: () => router.go(router.href(addresses.computerNew, {})),
    },
    {
      id: 'codes.add',
      title: 'Add a code…',
      group: 'Computers',
      words: 'new executable program setup',
      run: () => router.go(router.href(addresses.computers, {}, { code: 'new' })),
    },
  ],
});
