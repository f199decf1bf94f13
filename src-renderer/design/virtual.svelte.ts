import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type ScrollToOptions,
  type VirtualItem,
} from '@tanstack/virtual-core';
import { untrack } from 'svelte';

/** A long list of which only what is seen is there. */
export interface VirtualOptions {
  readonly count: number;
  readonly element: HTMLElement | undefined;
  /** Of each item, in px; a first guess where items are measured. */
  readonly size: number;
  readonly overscan?: number;
  /** What sticks to the top of the scroller and hides what is under it, in px. */
  readonly paddingTop?: number;
  readonly keyOf?: (index: number) => string | number;
}

/** The items of a long list that are on screen. */
export interface Virtual {
  readonly items: readonly VirtualItem[];
  /** The height of all items together, in px. */
  readonly total: number;
  scrollTo(index: number, options?: ScrollToOptions): void;
  scrollToOffset(offset: number): void;
  /** For items of unequal height: an attachment for an element with `data-index`. */
  measure(element: HTMLElement): void;
}

/** TanStack's virtualizer as runes. Called while a component is made. */
export function virtual(options: () => VirtualOptions): Virtual {
  let version = $state(0);
  const changed = (): void => {
    untrack(() => version++);
  };
  const full = () => {
    const { count, size, overscan = 8, paddingTop = 0, keyOf } = options();
    return {
      count,
      // Asked for anew: at the first time the element is not there yet.
      getScrollElement: () => untrack(options).element ?? null,
      estimateSize: () => size,
      overscan,
      scrollPaddingStart: paddingTop,
      getItemKey: keyOf ?? ((index: number) => index),
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: changed,
    };
  };
  const virtualizer = new Virtualizer<HTMLElement, HTMLElement>(untrack(full));

  $effect.pre(() => {
    const { size } = options();
    virtualizer.setOptions(full());
    if (virtualizer.getVirtualItems()[0]?.size !== size) virtualizer.measure();
    changed();
  });
  $effect(() => {
    // Finds the scroller when it is there, and again when it is another.
    void options().element;
    virtualizer._willUpdate();
    changed();
  });
  $effect(() => virtualizer._didMount());

  return {
    get items() {
      void version;
      return virtualizer.getVirtualItems();
    },
    get total() {
      void version;
      return virtualizer.getTotalSize();
    },
    scrollTo: (index, scrollOptions) => virtualizer.scrollToIndex(index, scrollOptions),
    scrollToOffset: (offset) => virtualizer.scrollToOffset(offset),
    measure: (element) => virtualizer.measureElement(element),
  };
}
