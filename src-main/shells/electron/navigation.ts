import { isOwnAddress } from './app-scheme.ts';

interface Leaving {
  readonly url: string;
  preventDefault(): void;
}

/** The members of Electron's `WebContents` by which a page could get somewhere else. */
export interface NavigatingContents {
  on(
    event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect',
    listener: (details: Leaving) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: { preventDefault(): void }) => void): unknown;
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: 'deny' }): void;
}

/** Keeps a window on our page. A link that asks for a new window goes to the rule for external addresses. */
export function guardNavigation(
  contents: NavigatingContents,
  openExternal: (address: string) => void,
  onDenied: (what: string) => void,
): void {
  for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
    contents.on(event, (details) => {
      if (isOwnAddress(details.url)) return;
      details.preventDefault();
      onDenied(`${event} ${details.url}`);
    });
  }
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    onDenied('will-attach-webview');
  });
  contents.setWindowOpenHandler(({ url }) => {
    openExternal(url);
    return { action: 'deny' };
  });
}
