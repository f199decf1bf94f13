/**
 * How a page and the browser shell talk: the one place that both ends read.
 *
 * The printed address is `http://127.0.0.1:PORT/#token=TOKEN`. The page takes the token out of the fragment (which no
 * server, log or referrer sees), keeps it in `sessionStorage` for reloads of its tab, and removes it from the address.
 * All paths but that of a download want it: the WebSocket as a subprotocol, the others as `Authorization: Bearer TOKEN`.
 */
export const browserWire = {
  /** The fragment's key. */
  tokenKey: 'token',
  /** The key in `sessionStorage`. */
  sessionKey: 'stemma.token',
  /**
   * The WebSocket of the contract: `new WebSocket(url, [protocol, tokenProtocol(token)])`. A page cannot see why one
   * failed, so a plain `GET` here tells: 204 when the token is right, else 403.
   */
  channelPath: '/channel',
  protocol: 'stemma.1',
  /** `POST /files?name=NAME`, body = the bytes -> FileHandle; `GET /files/HANDLE` -> the bytes of a small file. */
  filesPath: '/files',
  /** `POST /files/new?name=NAME` -> FileHandle of a file that the core will write. */
  newFilePath: '/files/new',
  /**
   * `POST /files/download?handle=HANDLE` -> `{ path }`: open it within a minute, once, in a link with `download`. So
   * the browser streams a file of any size to disk, and the token stands in no address.
   */
  downloadPath: '/files/download',
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
