/** The few members of an element that functions use which run inside a page: this room has no types of the DOM. */
export interface PageElement {
  readonly ownerDocument: { readonly activeElement: unknown };
  readonly lastElementChild: PageElement | null;
  readonly textContent: string;
  readonly isConnected: boolean;
  getBoundingClientRect(): { readonly top: number; readonly width: number };
  querySelectorAll(selector: string): Iterable<PageElement>;
}

/** For `locator.evaluate`: whether the element has the keyboard. */
export const hasFocus = (element: PageElement): boolean => element.ownerDocument.activeElement === element;
