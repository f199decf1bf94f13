import type { Settings } from '#shared/contract/areas/app.ts';
import { recall, remember } from '../design/remember.ts';

export type Theme = Settings['theme'];
export type Density = Settings['density'];

const isOneOf = <T extends string>(value: unknown, all: readonly T[]): value is T =>
  (all as readonly unknown[]).includes(value);

export const themes = ['system', 'light', 'dark'] as const satisfies readonly Theme[];
export const densities = ['comfortable', 'compact'] as const satisfies readonly Density[];

/**
 * How the window looks. The profile's settings say it; a copy on this machine is used until the core has answered, so
 * that a window never changes its theme before the eyes of a person.
 */
export class Appearance {
  #theme: Theme = $state(recall('theme', (x) => (isOneOf(x, themes) ? x : null)) ?? 'system');
  #density: Density = $state(recall('density', (x) => (isOneOf(x, densities) ? x : null)) ?? 'comfortable');
  #systemDark = $state(false);

  readonly shown: 'light' | 'dark' = $derived(
    this.#theme === 'system' ? (this.#systemDark ? 'dark' : 'light') : this.#theme,
  );

  get theme(): Theme {
    return this.#theme;
  }

  get density(): Density {
    return this.#density;
  }

  set(theme: Theme, density: Density): void {
    this.#theme = theme;
    this.#density = density;
    remember('theme', theme);
    remember('density', density);
  }

  /** Puts the look on the document and follows the system's. Called once; the function given back ends it. */
  start(): () => void {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => {
      this.#systemDark = query.matches;
    };
    follow();
    query.addEventListener('change', follow);
    const stop = $effect.root(() => {
      $effect.pre(() => {
        document.documentElement.dataset['theme'] = this.shown;
        document.documentElement.dataset['density'] = this.#density;
      });
    });
    return () => {
      query.removeEventListener('change', follow);
      stop();
    };
  }
}
