import { request, type IncomingHttpHeaders } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startBrowserShell, type BrowserShell } from '#main/shells/browser/shell.ts';
import { fakeShellCore, type FakeShellCore } from '../../../support/fake-shell-core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

export interface Started {
  readonly shell: BrowserShell;
  readonly core: FakeShellCore;
  readonly folder: string;
  readonly token: string;
  readonly origin: string;
  readonly errors: string[];
}

/** A browser shell on a free port, with a renderer of three files and a secret beside it. */
export async function started(maxUploadBytes = 1_000_000): Promise<Started> {
  const folder = temporaryFolder();
  const renderer = join(folder, 'renderer');
  mkdirSync(join(renderer, 'assets'), { recursive: true });
  writeFileSync(join(renderer, 'index.html'), '<!doctype html><title>Stemma</title>');
  writeFileSync(join(renderer, 'assets', 'index-abc.js'), 'export {};');
  writeFileSync(join(renderer, 'assets', 'index-abc.js.map'), '{}');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  const core = fakeShellCore();
  const errors: string[] = [];
  const shell = await startBrowserShell({
    core,
    rendererFolder: renderer,
    cacheFolder: join(folder, 'cache'),
    exportsFolder: join(folder, 'exports'),
    port: 0,
    maxUploadBytes,
    onError: (doing, thrown) => errors.push(`${doing}: ${(thrown as Error).message}`),
  });
  onTestFinished(() => shell.close());
  const token = new URL(shell.address).hash.replace('#token=', '');
  return { shell, core, folder, token, origin: `http://127.0.0.1:${shell.port}`, errors };
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request as it is written: no client resolves `..` or sets a header by itself. */
export function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Ask = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export const asOwnPage = ({ origin, token }: Started): Record<string, string> => ({
  Origin: origin,
  Authorization: `Bearer ${token}`,
  'Content-Type': 'application/octet-stream',
});
