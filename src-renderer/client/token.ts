import { browserWire } from '#shared/shell/browser-wire.ts';

/**
 * The token of the browser shell: from the address that was printed, then from the tab's own storage. It is taken out
 * of the address at once, so that it is neither copied with a link nor seen over a shoulder.
 */
export function takeToken(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get(browserWire.tokenKey);
  if (given !== null) {
    sessionStorage.setItem(browserWire.sessionKey, given);
    history.replaceState(history.state, '', `${location.pathname}${location.search}`);
  }
  return given ?? sessionStorage.getItem(browserWire.sessionKey);
}
