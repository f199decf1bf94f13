import { createSubscriber } from 'svelte/reactivity';
import { onThemeChange } from '#renderer/design/theme-change.ts';
import { type Palette, paletteOf } from '#renderer/graph/theme.ts';

/** The palette of the page as it is now, read once for each change of the theme. */
class PagePalette {
  #palette: Palette | null = null;

  readonly #subscribe = createSubscriber((update) => {
    // while nobody looked, the theme may have changed on another page
    this.#palette = null;
    return onThemeChange(() => {
      this.#palette = null;
      update();
    });
  });

  get value(): Palette {
    this.#subscribe();
    if (this.#palette === null) {
      const style = getComputedStyle(document.documentElement);
      this.#palette = paletteOf((property) => style.getPropertyValue(property));
    }
    return this.#palette;
  }
}

export const pagePalette = new PagePalette();
