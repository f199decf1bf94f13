import { defineFeature } from '../app/feature.ts';
import { defineRoute } from '../app/router/route.ts';

/** Only in builds for development: every primitive in every state, for screenshots and accessibility checks. */
export const gallery = defineFeature({
  id: 'gallery',
  routes: [defineRoute('/dev/gallery', 'gallery', () => import('./gallery-page.svelte'))],
});
