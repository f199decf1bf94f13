import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { errorInfo, StemmaError } from '#shared/base/errors.ts';
import { browserWire } from '#shared/shell/browser-wire.ts';
import type { ShellFiles } from '../core-face.ts';
import type { RendererFiles } from '../renderer-files.ts';
import { securityHeaders } from '../security-headers.ts';
import { refuseStrangers, refuseWithoutToken, refuseWrongToken } from './guard.ts';
import type { Tickets } from './tickets.ts';
import type { Token } from './token.ts';
import type { Uploads } from './uploads.ts';

export interface RequestParts {
  readonly token: Token;
  readonly renderer: RendererFiles;
  readonly files: ShellFiles;
  readonly uploads: Uploads;
  /** Each for the handle of a file. */
  readonly downloads: Tickets;
  /** Each for the address with the token, so that the command that opens the browser does not show it. */
  readonly entrances: Tickets;
  /** A free path in the profile for a file that the core will write. */
  readonly newFile: (name: string) => Promise<string>;
  readonly onError: (doing: string, thrown: unknown) => void;
}

/** Answers one request: a file of the app, an upload, a download, or 403 for everything else. */
export async function answer(
  parts: RequestParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  const stranger = refuseStrangers(request);
  if (stranger !== '') return refuse(response, stranger);
  const url = parseUrl(request.url);
  if (url === null) return refuse(response, 'No address of Stemma.');
  try {
    if (request.method === 'GET' || request.method === 'HEAD') await get(parts, url, request, response);
    else if (request.method === 'POST') await post(parts, url, request, response);
    else refuse(response, 'Only GET and POST.');
  } catch (error) {
    // A page that went away is no news.
    if (request.socket.destroyed) return;
    parts.onError(`${request.method} ${url.pathname}`, error);
    if (response.headersSent) response.destroy();
    else fail(response, error);
  }
}

async function get(
  parts: RequestParts,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const handle = parts.downloads.redeem(url.pathname);
  if (handle !== null) return download(parts, handle, response);
  const entrance = parts.entrances.redeem(url.pathname);
  if (entrance !== null) return redirect(response, entrance);
  if (url.pathname === browserWire.channelPath) return tellAboutToken(parts, request, response);
  if (url.pathname.startsWith(`${browserWire.filesPath}/`)) {
    const refusal = refuseWrongToken(request, parts.token);
    if (refusal !== '') return refuse(response, refusal);
    return download(parts, url.pathname.slice(browserWire.filesPath.length + 1), response);
  }
  // The path as it was sent: `URL` would have resolved `..` already.
  const file = parts.renderer.find((request.url ?? '').replace(/[?#].*$/s, ''));
  if (file === null) return refuse(response, 'No file of Stemma.');
  const { size } = await stat(file.path);
  response.writeHead(200, {
    'Content-Type': file.contentType,
    'Content-Length': size,
    'Cache-Control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file.path), response);
}

function tellAboutToken({ token }: RequestParts, request: IncomingMessage, response: ServerResponse): void {
  const refusal = refuseWrongToken(request, token);
  if (refusal !== '') return refuse(response, refusal);
  response.writeHead(204, { 'Cache-Control': 'no-store' });
  response.end();
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(303, { Location: to, 'Cache-Control': 'no-store' });
  response.end();
}

async function download({ files }: RequestParts, handle: string, response: ServerResponse): Promise<void> {
  const path = files.pathOf(handle);
  if (path === null) return refuse(response, 'No file of Stemma.');
  const { size } = await stat(path);
  response.writeHead(200, {
    // Whatever it is, a browser must save it and never show it.
    'Content-Type': 'application/octet-stream',
    'Content-Length': size,
    'Content-Disposition': attachment(basename(path)),
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Cache-Control': 'no-store',
  });
  await pipeline(createReadStream(path), response);
}

async function post(
  parts: RequestParts,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refusal = refuseWithoutToken(request, parts.token);
  if (refusal !== '') return refuse(response, refusal);
  const name = url.searchParams.get('name') ?? '';
  switch (url.pathname) {
    case browserWire.filesPath:
      return reply(response, await parts.files.offer(await parts.uploads.receive(request, name)));
    case browserWire.newFilePath:
      return reply(response, await parts.files.reserve(await parts.newFile(name)));
    case browserWire.downloadPath: {
      const handle = url.searchParams.get('handle') ?? '';
      if (parts.files.pathOf(handle) === null) return refuse(response, 'No file of Stemma.');
      return reply(response, { path: parts.downloads.issue(handle) });
    }
    default:
      return refuse(response, 'No address of Stemma.');
  }
}

function parseUrl(text: string | undefined): URL | null {
  return text?.startsWith('/') === true && URL.canParse(text, 'http://localhost')
    ? new URL(text, 'http://localhost')
    : null;
}

function reply(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(value));
}

/** Closes the connection too: the rest of a refused body is not read. */
export function refuse(response: ServerResponse, words: string): void {
  response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end(`${words}\n`);
}

function fail(response: ServerResponse, error: unknown): void {
  const status = error instanceof StemmaError && error.code === 'too-large' ? 413 : 500;
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', Connection: 'close' });
  const { family, code, message, hint } = errorInfo(error);
  response.end(JSON.stringify({ family, code, message, hint }));
}

/** RFC 6266: a plain form for old readers and the UTF-8 one of RFC 8187. */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^\w. -]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (c) => `%${c.codePointAt(0)?.toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
