import GroupIcon from '@lucide/svelte/icons/group';
import { addresses } from '#renderer/app/addresses.ts';
import { defineFeature } from '#renderer/app/feature.ts';
import { defineRoute } from '#renderer/app/router/route.ts';

export const feature = defineFeature({
  id: 'groups',
  nav: [
    { id: 'groups', title: 'Groups', icon: GroupIcon, address: addresses.groups, order: 50, keys: 'g o' },
  ],
  routes: [
    defineRoute(addresses.groups, 'groups', () => import('./groups-page.svelte')),
    defineRoute(addresses.group, 'groups', () => import('./group-page.svelte')),
  ],
  commands: ({ router, selection }) => [
    {
      id: 'groups.new',
      title: 'New group…',
      group: 'Groups',
      words: 'create make collection',
      enabled: () => !router.readOnly,
      run: () => router.go(router.href(addresses.groups, {}, { new: true })),
    },
    {
      id: 'groups.add-selection',
      title: 'Add the selected nodes to a group…',
      group: 'Groups',
      words: 'collect put',
      enabled: () => selection.size > 0 && !router.readOnly,
      run: () => router.go(router.href(addresses.groups, {}, { add: 'selection' })),
    },
  ],
});
