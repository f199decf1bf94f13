import type { Settings } from '#shared/contract/areas/app.ts';
import { Appearance } from './appearance.svelte.ts';
import { ask } from './ask.svelte.ts';
import { getCore } from './core.svelte.ts';

const plain: Settings = {
  theme: 'system',
  density: 'comfortable',
  singleKeys: true,
  hintsDismissed: [],
  patterns: {},
  caching: { enabled: false, enabledFor: [], disabledFor: [] },
};

/** The settings of the profile, changed at once and written to the core behind. */
export class Preferences {
  readonly appearance = new Appearance();
  #settings: Settings = $state.raw(plain);
  #known = $state(false);
  readonly #write: (changes: Partial<Settings>) => Promise<Settings>;
  readonly #onError: (thrown: unknown) => void;

  /** Called while the root component is made. */
  constructor(onError: (thrown: unknown) => void) {
    const core = getCore();
    this.#onError = onError;
    this.#write = (changes) => core.call('app.setSettings', changes);
    const stored = ask('app.settings', () => ({}));
    $effect(() => {
      if (stored.value === undefined) return;
      this.#settings = stored.value;
      this.#known = true;
      this.appearance.set(stored.value.theme, stored.value.density);
    });
  }

  get settings(): Settings {
    return this.#settings;
  }

  set(changes: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...changes };
    const { appearance } = this;
    appearance.set(changes.theme ?? appearance.theme, changes.density ?? appearance.density);
    this.#write(changes).catch(this.#onError);
  }

  /** Not before the settings are known, so that a hint which was closed does not flash. */
  isHintShown(id: string): boolean {
    return this.#known && !this.#settings.hintsDismissed.includes(id);
  }

  dismissHint(id: string): void {
    if (this.isHintShown(id)) this.set({ hintsDismissed: [...this.#settings.hintsDismissed, id] });
  }
}
