import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin, type Rolldown } from 'vite';
import { bandsArchive, graphOfArchive } from './graphs/archive.ts';

const project = path.join(import.meta.dirname, '../..');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/** Of all features only the graph: the harness shall stand while others are under construction. */
const graphAlone: Plugin = {
  name: 'graph-alone',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('/app/registry.ts')
      ? code.replace('../features/*/feature.ts', '../features/graph/feature.ts')
      : null,
};

export interface Harness {
  readonly address: string;
  readonly close: () => void;
}

/** Builds the page of test/renderer/graph/harness as the product is built, and serves it on a free port of this machine. */
export async function serveHarness(): Promise<Harness> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    root: path.join(project, 'test/renderer/graph/harness'),
    plugins: [graphAlone, svelte({ configFile: path.join(project, 'svelte.config.js') })],
    build: { write: false, target: 'chrome134', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  })) as Rolldown.RolldownOutput;
  const files = new Map(
    built.output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
  );
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname === '/graph-of-archive') {
      archiveAsJson().then(
        (text) => response.writeHead(200, { 'content-type': 'application/json' }).end(text),
        (thrown: unknown) => response.writeHead(500).end(String(thrown)),
      );
      return;
    }
    const name = pathname === '/' ? '/index.html' : pathname;
    const file = files.get(name);
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': types[path.extname(name)] ?? 'text/plain' }).end(file);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** The columns as plain arrays. */
async function archiveAsJson(): Promise<string> {
  const file = bandsArchive();
  if (file === null) throw new Error('The archive is not on this machine.');
  const columns = Object.entries(await graphOfArchive(file)).map(([key, value]: [string, unknown]) => [
    key,
    ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value,
  ]);
  return JSON.stringify(Object.fromEntries(columns));
}
