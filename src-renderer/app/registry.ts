import type { Feature, FileOpener, NavEntry } from './feature.ts';
import type { Route } from './router/route.ts';
import type { Router } from './router/router.svelte.ts';

const modules = import.meta.glob<{ feature: Feature }>('../features/*/feature.ts', { eager: true });

/** Every feature there is: a folder below `features/` with a `feature.ts`. */
export async function loadFeatures(): Promise<readonly Feature[]> {
  const features = Object.values(modules).map(({ feature }) => feature);
  // The gallery of primitives: a branch that a production build drops.
  if (import.meta.env.MODE !== 'production') features.push((await import('../dev/feature.ts')).gallery);
  return features;
}

/** Every page of every feature. */
export const routesOf = (features: readonly Feature[]): readonly Route[] =>
  features.flatMap(({ routes = [] }) => routes);

/** One of the two groups of the activity bar, by `order`. */
export function navOf(features: readonly Feature[], place: 'start' | 'end'): readonly NavEntry[] {
  return features
    .flatMap(({ nav = [] }) => nav)
    .filter((entry) => (entry.place ?? 'start') === place)
    .toSorted((a, b) => a.order - b.order);
}

/** Who takes a folder. */
export const folderOpenerOf = (features: readonly Feature[]): FileOpener | undefined =>
  features.flatMap(({ opens = [] }) => opens).find(({ folders }) => folders === true);

/** Where an entry leads: to the same page of the archive that is looked into, where there is one. */
export const navHref = (router: Router, { address, inProfile }: NavEntry): string =>
  router.href(address, {}, inProfile === true ? { source: undefined } : {});

/** Who takes a file of that name. */
export function openerOf(features: readonly Feature[], name: string): FileOpener | undefined {
  const extension = name.toLowerCase().split('.').at(-1) ?? '';
  return features.flatMap(({ opens = [] }) => opens).find(({ extensions }) => extensions.includes(extension));
}
