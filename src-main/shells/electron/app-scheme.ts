import type { CustomScheme } from 'electron';
import type { RendererFiles } from '../renderer-files.ts';
import { securityHeaders } from '../security-headers.ts';

/** The page's own origin. `file:` pages would have more rights, and none of their own. */
export const appAddress = 'app://main/index.html';

export const appScheme: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
};

/** `URL.origin` is `null` for schemes of our own, so it is compared in parts. */
export function isOwnAddress(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    url.protocol === 'app:' &&
    url.host === 'main' &&
    url.username === '' &&
    url.password === ''
  );
}

/** Answers `app://main/…` from the list of built files; everything else is 403. */
export function appRequestHandler(
  renderer: RendererFiles,
  read: (path: string) => Promise<Uint8Array<ArrayBuffer>>,
): (request: Pick<Request, 'url' | 'method'>) => Promise<Response> {
  return async ({ url, method }) => {
    const file = isOwnAddress(url) && method === 'GET' ? renderer.find(new URL(url).pathname) : null;
    if (file === null) return new Response('No file of Stemma.\n', { status: 403, headers: securityHeaders });
    const headers = {
      ...securityHeaders,
      'Content-Type': file.contentType,
      'Cache-Control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
    };
    return new Response(await read(file.path), { headers });
  };
}
