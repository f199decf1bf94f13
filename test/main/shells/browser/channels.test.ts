import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { connectClient } from '#shared/channel/client.ts';
import { webSocketChannelPort } from '#shared/channel/web-socket-port.ts';
import { browserWire, tokenProtocol } from '#shared/shell/browser-wire.ts';
import { startBrowserShell } from '#main/shells/browser/shell.ts';
import type { echoTable } from '../../../support/fake-shell-core.ts';
import { ask, started, type Started } from './started.ts';

interface Offer {
  readonly path?: string;
  readonly protocols?: readonly string[];
  readonly options?: ClientOptions;
}

function open(context: Started, offer: Offer = {}): WebSocket {
  const { path = browserWire.channelPath, options = { origin: context.origin } } = offer;
  const protocols = offer.protocols ?? [browserWire.protocol, tokenProtocol(context.token)];
  return new WebSocket(`ws://127.0.0.1:${context.shell.port}${path}`, [...protocols], options);
}

/** `open`, or the status with which the server refused. */
async function outcome(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.on('open', () => resolve('open'));
    socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
    socket.on('error', () => {});
  });
}

describe('the channel', () => {
  test('carries the contract for a page with the token', async () => {
    const context = await started();
    const socket = open(context);
    await once(socket, 'open');
    expect(socket.protocol).toBe(browserWire.protocol);
    const client = connectClient<typeof echoTable>(webSocketChannelPort(socket));
    expect(await client.call('echo', { text: 'é' })).toEqual({ text: 'é' });
    const { bytes } = await client.call('bytes', { length: 3_000_000 });
    expect(bytes).toHaveLength(3_000_000);
    client.close();
  });

  test.each<[string, (context: Started) => Offer]>([
    ['no token', () => ({ protocols: [browserWire.protocol] })],
    ['a wrong token', () => ({ protocols: [browserWire.protocol, tokenProtocol('A'.repeat(43))] })],
    ['no origin', () => ({ options: {} })],
    ['the origin of another page', () => ({ options: { origin: 'http://evil.example' } })],
    ['the origin of a sandboxed page', () => ({ options: { origin: 'null' } })],
    [
      'the name of another host',
      ({ origin }) => ({ options: { origin, headers: { Host: 'evil.example' } } }),
    ],
    [
      'a rebound name as host and origin',
      () => ({ options: { origin: 'http://evil.example', headers: { Host: 'evil.example' } } }),
    ],
    ['another path', () => ({ path: '/' })],
  ])('is refused with %s', async (_name, offer) => {
    const context = await started();
    expect(await outcome(open(context, offer(context)))).toBe('403');
    expect(context.core.events).toEqual([]);
  });

  test('is cut for a message beyond every size, and the others stay', async () => {
    const context = await started();
    const [big, small] = [open(context), open(context)];
    await Promise.all([once(big, 'open'), once(small, 'open')]);
    big.send(Buffer.alloc(65 * 1024 * 1024));
    const [code] = (await once(big, 'close')) as [number];
    expect(code).toBe(1009);
    const client = connectClient<typeof echoTable>(webSocketChannelPort(small));
    expect(await client.call('echo', { text: 'still here' })).toEqual({ text: 'still here' });
  });

  test('is cut for a message that is no frame', async () => {
    const context = await started();
    const socket = open(context);
    await once(socket, 'open');
    socket.send('{');
    await once(socket, 'close');
    expect((await ask(context.shell.port, '/')).status).toBe(200);
  });

  test('tells every tab when the shell ends, and frees the port', async () => {
    const context = await started();
    const socket = open(context);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await context.shell.close();
    expect((await closed)[0]).toBe(1001);
    await expect(ask(context.shell.port, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

test('a taken port is said in words', async () => {
  const context = await started();
  const again = startBrowserShell({
    core: context.core,
    rendererFolder: `${context.folder}/renderer`,
    cacheFolder: `${context.folder}/cache2`,
    exportsFolder: `${context.folder}/exports`,
    port: context.shell.port,
    onError: () => {},
  });
  await expect(again).rejects.toMatchObject({
    code: 'port-taken',
    message: `The port ${context.shell.port} is taken by another program.`,
  });
});
