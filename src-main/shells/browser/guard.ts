import type { IncomingMessage } from 'node:http';
import { tokenOfProtocols } from '#shared/shell/browser-wire.ts';
import type { Token } from './token.ts';

/**
 * Who may ask what. Any page that is open in the same browser can send requests here, and a hostile name server can
 * make its own name point to 127.0.0.1. So the `Host` must be a loopback name (whatever the port: people forward one
 * by SSH), the `Origin` must be our own where it is sent and must be sent where something happens, and all but the
 * public files of the app need the token.
 */
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

/** Empty, or why the request is refused. */
export type Refusal = string;

/** For every request. An `Origin` need not be there: programs send none, and a page none with its own `GET`s. */
export function refuseStrangers(request: IncomingMessage): Refusal {
  const host = request.headers.host;
  if (host === undefined || !loopbackHost.test(host)) return 'This host name is not one of Stemma.';
  const origin = request.headers.origin;
  if (origin !== undefined && !isOwnOrigin(origin, host)) return 'Requests of other pages are refused.';
  return '';
}

/** For everything that changes something. */
export function refuseWithoutToken(request: IncomingMessage, token: Token): Refusal {
  const { origin, host = '' } = request.headers;
  if (origin === undefined || !isOwnOrigin(origin, host)) return 'Requests of other pages are refused.';
  return refuseWrongToken(request, token);
}

/** For what only reveals: a page sends no `Origin` with a `GET` to itself. */
export function refuseWrongToken(request: IncomingMessage, token: Token): Refusal {
  const bearer = /^Bearer ([\w-]+)$/.exec(request.headers.authorization ?? '')?.[1];
  return token.matches(bearer) ? '' : 'The token is missing or wrong.';
}

/** For a WebSocket: browsers let any page open one, and tell its `Origin`; the token is among the protocols. */
export function refuseChannel(request: IncomingMessage, token: Token): Refusal {
  const stranger = refuseStrangers(request);
  if (stranger !== '') return stranger;
  if (request.headers.origin === undefined) return 'Requests of other pages are refused.';
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((item) => item.trim());
  return token.matches(tokenOfProtocols(offered)) ? '' : 'The token is missing or wrong.';
}

const isOwnOrigin = (origin: string, host: string): boolean =>
  origin.toLowerCase() === `http://${host.toLowerCase()}`;
