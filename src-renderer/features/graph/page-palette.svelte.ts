import { createSubscriber } from 'svelte/reactivity';
import { type Palette, paletteOf } from '#renderer/graph/theme.ts';

/** The palette of the page as it is now, read once for each change of the theme. */
class PagePalette {
  #palette: Palette | null = null;

  readonly #subscribe = createSubscriber((update) => {
    const changed = (): void => {
      this.#palette = null;
      update();
    };
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['data-theme', 'class'],
    });
    const scheme = window.matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', changed);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', changed);
    };
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
