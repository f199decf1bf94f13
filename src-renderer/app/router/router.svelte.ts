import { fillPattern, matchPattern, type ParamsOf, type Query } from './pattern.ts';
import type { Route } from './route.ts';

/** The place that the window shows. */
export interface Place {
  readonly route: Route | null;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Grows with each step in the history: tells two visits of one address apart. */
  readonly visit: number;
}

/** What the history keeps of one visit: scroll positions and selections, by names that pages choose. */
type Memory = Readonly<Record<string, unknown>>;
interface HistoryState {
  readonly visit: number;
  readonly memory: Memory;
}

const profile = 'profile';

/**
 * Where the window is. Addresses are paths, kept in the browser's history, so Back, Forward, reload and copied links
 * work by themselves. Reading from an archive (`?source=`) sticks to every address until it is left.
 */
export class Router {
  readonly #routes: readonly Route[];
  #place: Place;
  #memory: Record<string, unknown>;

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
    const state = history.state as Partial<HistoryState> | null;
    this.#memory = { ...state?.memory };
    this.#place = $state.raw(this.#find(new URL(location.href), state?.visit ?? 1));
  }

  get place(): Place {
    return this.#place;
  }

  /** Where data is read from: the profile, or an archive that is open read-only. */
  get source(): string {
    return this.#place.query.get('source') ?? profile;
  }

  get readOnly(): boolean {
    return this.source !== profile;
  }

  /** The address of a thing, in the source that is being read. */
  href<Pattern extends string>(pattern: Pattern, params: ParamsOf<Pattern>, query: Query = {}): string {
    const source = this.readOnly ? this.source : undefined;
    return fillPattern(pattern, params, { source, ...query });
  }

  go(address: string): void {
    const url = new URL(address, location.origin);
    if (url.href === location.href) return;
    const visit = this.#place.visit + 1;
    this.#memory = {};
    history.pushState(this.#state(visit), '', url);
    this.#place = this.#find(url, visit);
  }

  /** The same visit under another address: a filter that was typed, the canonical form of a short one. */
  replace(address: string): void {
    const url = new URL(address, location.origin);
    history.replaceState(this.#state(this.#place.visit), '', url);
    this.#place = this.#find(url, this.#place.visit);
  }

  /** Changes parts of the query of this visit; an empty or undefined value takes its key out. */
  setQuery(changes: Query): void {
    const url = new URL(location.href);
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined || value === '' || value === false) url.searchParams.delete(key);
      else url.searchParams.set(key, String(value));
    }
    if (url.href !== location.href) this.replace(`${url.pathname}${url.search}`);
  }

  back(): void {
    history.back();
  }

  forward(): void {
    history.forward();
  }

  /** Kept with this visit: comes back with Back, Forward and reload. Values must be plain data. */
  remember(key: string, value: unknown): void {
    this.#memory[key] = value;
    history.replaceState(this.#state(this.#place.visit), '');
  }

  recall(key: string): unknown {
    return this.#memory[key];
  }

  /** Follows the history and takes over clicks on links of this app. The function that it gives back ends that. */
  listen(): () => void {
    const onPop = (event: PopStateEvent): void => {
      const state = event.state as Partial<HistoryState> | null;
      this.#memory = { ...state?.memory };
      this.#place = this.#find(new URL(location.href), state?.visit ?? this.#place.visit + 1);
    };
    const onClick = (event: MouseEvent): void => {
      const address = addressOfClick(event);
      if (address === null) return;
      event.preventDefault();
      this.go(address);
    };
    window.addEventListener('popstate', onPop);
    document.addEventListener('click', onClick);
    return () => {
      window.removeEventListener('popstate', onPop);
      document.removeEventListener('click', onClick);
    };
  }

  #state(visit: number): HistoryState {
    return { visit, memory: $state.snapshot(this.#memory) };
  }

  #find(url: URL, visit: number): Place {
    for (const route of this.#routes) {
      const params = matchPattern(route.pattern, url.pathname);
      if (params !== null) return { route, path: url.pathname, params, query: url.searchParams, visit };
    }
    return { route: null, path: url.pathname, params: {}, query: url.searchParams, visit };
  }
}

/** The address that a plain click on a link asks for, or null where the browser should act. */
function addressOfClick(event: MouseEvent): string | null {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (event.defaultPrevented || event.button !== 0 || modified) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.hasAttribute('download')) return null;
  const url = new URL(link.href, location.origin);
  return url.origin === location.origin ? `${url.pathname}${url.search}` : null;
}
