import Rocket from '@lucide/svelte/icons/rocket';
import { addresses } from '#renderer/app/addresses.ts';
import type { Command } from '#renderer/app/commands/command.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';
import { ask } from '#renderer/state/ask.svelte.ts';

export const feature = defineFeature({
  id: 'launch',
  nav: [
    {
      id: 'launch',
      title: 'Launch',
      icon: Rocket,
      address: addresses.launch,
      inProfile: true,
      order: 12,
      keys: 'g l',
    },
  ],
  routes: [
    defineRoute(addresses.launch, 'launch', () => import('./launch-page.svelte')),
    defineRoute(addresses.launchProcess, 'launch', () => import('./form-page.svelte')),
  ],
  /** One for each plugin: what a person wants most is to type its name and be there. */
  commandSource({ router }) {
    const processes = ask('launch.processes', () => ({}));
    return () =>
      (processes.value ?? []).map(({ id, label, summary }): Command => ({
        id: `launch.${id}`,
        title: `Launch ${id}`,
        group: 'Launch',
        words: `${label} ${summary} run start`,
        enabled: () => !router.readOnly,
        run: () => router.go(router.href(addresses.launchProcess, { id })),
      }));
  },
});
