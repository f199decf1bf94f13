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

/** Asked before the page is left for another path. Says whether it holds the person back; `leave` then goes after all. */
export type LeaveGuard = (leave: () => void) => boolean;

const profile = 'profile';

/** Browsers allow only so many changes of the history in a while: moves one after the other are written once. */
const saveMs = 250;

/**
 * Where the window is: an address such as `/process/UUID?tab=log`, behind the `#` of the document's own. So every shell
 * serves one page, a reload finds it, and what a person looks at stands in no log. Back, Forward and copied links work
 * by themselves. Reading from an archive (`?source=`) sticks to every address until it is left.
 */
export class Router {
  readonly #routes: readonly Route[];
  #place: Place;
  #memory: Record<string, unknown>;
  #guard: LeaveGuard | null = null;
  /** The next step of the history is our own, back to the page that was not left. */
  #returning = false;
  /** Runs while the history lacks something of the memory. */
  #saving: ReturnType<typeof setTimeout> | undefined;

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
    const state = history.state as Partial<HistoryState> | null;
    this.#memory = { ...state?.memory };
    this.#place = $state.raw(this.#find(shownAddress(), state?.visit ?? 1));
    if (state?.visit === undefined) this.#stamp(this.#place.visit);
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

  /** The link to a thing, in the source that is being read: for `href`, `go` and `replace`. */
  href<Pattern extends string>(pattern: Pattern, params: ParamsOf<Pattern>, query: Query = {}): string {
    const source = this.readOnly ? this.source : undefined;
    return `#${fillPattern(pattern, params, { source, ...query })}`;
  }

  /** @param link from `href`, or an address */
  go(link: string): void {
    const address = addressOf(link);
    if (address === shownAddress() || this.#held(address, () => this.go(link))) return;
    const visit = this.#place.visit + 1;
    this.#save();
    this.#memory = {};
    history.pushState(this.#state(visit), '', `#${address}`);
    this.#place = this.#find(address, visit);
  }

  /** The same visit under another address: a filter that was typed, the canonical form of a short one. */
  replace(link: string): void {
    const address = addressOf(link);
    history.replaceState(this.#state(this.#place.visit), '', `#${address}`);
    this.#place = this.#find(address, this.#place.visit);
  }

  /** Changes parts of the query of this visit; an empty, false or undefined value takes its key out. */
  setQuery(changes: Query): void {
    const query = new URLSearchParams(this.#place.query);
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined || value === '' || value === false) query.delete(key);
      else query.set(key, String(value));
    }
    if (query.toString() === this.#place.query.toString()) return;
    this.replace(`${this.#place.path}${query.size > 0 ? `?${query.toString()}` : ''}`);
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
    this.#saving ??= setTimeout(() => this.#save(), saveMs);
  }

  #save(): void {
    if (this.#saving === undefined) return;
    this.#forgetSaving();
    this.#stamp(this.#place.visit);
  }

  #forgetSaving(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
  }

  recall(key: string): unknown {
    return this.#memory[key];
  }

  /** Asks before this page is left, for what would be lost. The function that it gives back ends that. */
  guard(guard: LeaveGuard): () => void {
    this.#guard = guard;
    return () => {
      if (this.#guard === guard) this.#guard = null;
    };
  }

  #held(address: string, leave: () => void): boolean {
    const guard = this.#guard;
    if (guard === null || new URL(address, 'page:/').pathname === this.#place.path) return false;
    return guard(() => {
      this.#guard = null;
      leave();
    });
  }

  /** Follows the history and takes over clicks on links of this app. The function that it gives back ends that. */
  listen(): () => void {
    const onPop = (event: PopStateEvent): void => {
      if (this.#returning) {
        this.#returning = false;
        return;
      }
      const state = event.state as Partial<HistoryState> | null;
      const visit = state?.visit ?? this.#place.visit + 1;
      // The history has moved already, so holding back means going back.
      const steps = visit - this.#place.visit;
      if (steps !== 0 && this.#held(shownAddress(), () => history.go(steps))) {
        this.#returning = true;
        history.go(-steps);
        return;
      }
      // the history shows the other visit already: what belongs to the former one comes too late
      this.#forgetSaving();
      this.#memory = { ...state?.memory };
      this.#place = this.#find(shownAddress(), visit);
      if (state?.visit === undefined) this.#stamp(visit);
    };
    const onClick = (event: MouseEvent): void => {
      const link = linkOfClick(event);
      if (link === null) return;
      event.preventDefault();
      this.go(link);
    };
    const onHide = (): void => this.#save();
    window.addEventListener('popstate', onPop);
    window.addEventListener('pagehide', onHide);
    document.addEventListener('click', onClick);
    return () => {
      window.removeEventListener('popstate', onPop);
      window.removeEventListener('pagehide', onHide);
      document.removeEventListener('click', onClick);
    };
  }

  /** An address that was typed has no number yet: with one, a way back to it is known as a way back. */
  #stamp(visit: number): void {
    history.replaceState(this.#state(visit), '');
  }

  #state(visit: number): HistoryState {
    return { visit, memory: $state.snapshot(this.#memory) };
  }

  #find(address: string, visit: number): Place {
    const url = new URL(address, 'page:/');
    const rest = { path: url.pathname, query: url.searchParams, visit };
    for (const route of this.#routes) {
      const params = matchPattern(route.pattern, url.pathname);
      if (params !== null) return { route, params, ...rest };
    }
    return { route: null, params: {}, ...rest };
  }
}

const addressOf = (link: string): string => (link.startsWith('#') ? link.slice(1) : link);

/** What stands behind the `#`; `/` where that is no address. */
const shownAddress = (): string => (location.hash.startsWith('#/') ? location.hash.slice(1) : '/');

/** The link that a plain click asks for, or null where the browser should act. */
function linkOfClick(event: MouseEvent): string | null {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (event.defaultPrevented || event.button !== 0 || modified) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const href = link?.getAttribute('href') ?? '';
  return href.startsWith('#/') ? href : null;
}
