/**
 * How a page and the browser shell talk: the one place that both ends read.
 *
 * The printed address is `http://127.0.0.1:PORT/#token=TOKEN`. The page takes the token out of the fragment (which no
 * server, log or referrer sees), keeps it in `sessionStorage` for reloads of its tab, and removes it from the address.
 */
export const browserWire = {
  /** The fragment's key. */
  tokenKey: 'token',
  /** The key in `sessionStorage`. */
  sessionKey: 'stemma.token',
  /** The WebSocket of the contract: `new WebSocket(url, [protocol, tokenProtocol(token)])`. */
  channelPath: '/channel',
  protocol: 'stemma.1',
  /** `POST /files?name=NAME` with the bytes -> FileHandle; `GET /files/HANDLE` -> the bytes, as an attachment. */
  filesPath: '/files',
  /** `POST /files/new?name=NAME` -> FileHandle of a file to be written. */
  newFilePath: '/files/new',
  /** Both with the header `Authorization: Bearer TOKEN`. */
  authorization: (token: string): string => `Bearer ${token}`,
} as const;

const tokenPrefix = 'stemma.token.';

/** A browser lets a page set no header on a WebSocket: the token travels as a second subprotocol. */
export const tokenProtocol = (token: string): string => `${tokenPrefix}${token}`;

/** The token among the offered subprotocols, or null. */
export function tokenOfProtocols(offered: readonly string[]): string | null {
  const found = offered.find((protocol) => protocol.startsWith(tokenPrefix));
  return found === undefined ? null : found.slice(tokenPrefix.length);
}
