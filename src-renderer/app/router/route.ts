import type { Component } from 'svelte';
import type { ParamsOf } from './pattern.ts';

/** What a page receives. */
export interface PageProps<Pattern extends string = string> {
  readonly params: ParamsOf<Pattern>;
}

/** A page, and the addresses that lead to it. */
export interface Route {
  readonly pattern: string;
  /** The id of the navigation entry that is lit while this page is shown. */
  readonly nav: string;
  readonly load: () => Promise<{ readonly default: Component<PageProps> }>;
}

type NoProps = Record<string, never>;

/** A page and its address. The page's `params` are typed by the pattern. */
export function defineRoute<const Pattern extends string>(
  pattern: Pattern,
  nav: string,
  load: () => Promise<{ readonly default: Component<PageProps<Pattern>> | Component<NoProps> }>,
): Route {
  // The router fills `params` by the same pattern, so the narrower type is what it gets.
  return { pattern, nav, load: load as unknown as Route['load'] };
}
