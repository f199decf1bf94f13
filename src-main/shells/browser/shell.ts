import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { operationalError } from '#shared/base/errors.ts';
import { browserWire } from '#shared/shell/browser-wire.ts';
import type { ShellCore } from '../core-face.ts';
import { listRendererFiles } from '../renderer-files.ts';
import { openChannels } from './channels.ts';
import { createFreePaths } from './free-path.ts';
import { answer, type RequestParts } from './requests.ts';
import { createTickets } from './tickets.ts';
import { createToken, type Token } from './token.ts';
import { openUploads } from './uploads.ts';

export interface BrowserShellOptions {
  readonly core: ShellCore;
  /** The built renderer. */
  readonly rendererFolder: string;
  /** Where uploads wait, and where exports lie until they are downloaded. */
  readonly cacheFolder: string;
  readonly exportsFolder: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly token?: Token;
  readonly maxUploadBytes?: number;
  readonly onError: (doing: string, thrown: unknown) => void;
}

export interface BrowserShell {
  readonly port: number;
  /** With the token: whoever has it has the app. */
  readonly address: string;
  /** An address that works once and for a minute: for the command line that opens a browser, which others can read. */
  entrance(): string;
  /** Ends the listening and the tabs; the core is the caller's to close. */
  close(): Promise<void>;
}

const loopback = '127.0.0.1';
const defaultMaxUpload = 50_000_000_000;

/** The app for a browser on this machine. @throws StemmaError `port-taken`, `renderer-missing` */
export async function startBrowserShell(options: BrowserShellOptions): Promise<BrowserShell> {
  const token = options.token ?? createToken();
  const parts: RequestParts = {
    token,
    renderer: listRendererFiles(options.rendererFolder),
    files: options.core.files,
    uploads: await openUploads(
      join(options.cacheFolder, 'uploads'),
      options.maxUploadBytes ?? defaultMaxUpload,
    ),
    downloads: createTickets('/download/'),
    entrances: createTickets('/enter/'),
    newFile: createFreePaths(options.exportsFolder),
    onError: options.onError,
  };
  const channels = openChannels(options.core, token);
  // No bound on a whole request, an upload may take its time; the bound is on silence, below.
  const server = createServer({ requestTimeout: 0, headersTimeout: 10_000 }, (request, response) => {
    void answer(parts, request, response);
  });
  server.setTimeout(120_000);
  server.maxConnections = 256;
  server.on('upgrade', channels.upgrade);
  const port = await listen(server, options.port);
  const home = `/#${browserWire.tokenKey}=${token.text}`;
  return {
    port,
    address: `http://${loopback}:${port}${home}`,
    entrance: () => `http://${loopback}:${port}${parts.entrances.issue(home)}`,
    async close() {
      const ended = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await channels.close();
      server.closeAllConnections();
      await ended;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const words =
        error.code === 'EADDRINUSE'
          ? `The port ${port} is taken by another program.`
          : `Port ${port} cannot be listened on: ${error.message}.`;
      reject(
        operationalError(
          { code: 'port-taken', message: words, hint: 'Choose another one, or leave --port out.' },
          error,
        ),
      );
    });
    server.listen(port, loopback, () => resolve((server.address() as AddressInfo).port));
  });
}
