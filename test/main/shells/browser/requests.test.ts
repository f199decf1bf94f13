import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, asOwnPage, started } from './started.ts';

describe('the files of the app', () => {
  test('are served with the headers that keep a page from doing harm', async () => {
    const { shell } = await started();
    const page = await ask(shell.port, '/');
    expect(page.status).toBe(200);
    expect(page.body.toString()).toContain('<title>Stemma</title>');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
    const policy = page.headers['content-security-policy'] as string;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const asset = await ask(shell.port, '/assets/index-abc.js?v=1');
    expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(asset.headers['cache-control']).toContain('immutable');
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/assets/',
    '/assets/index-abc.js.map',
    '/assets/index-abc.js%00.html',
    '/index.html/',
    '/nothing',
    'http://127.0.0.1/secret.txt',
    '*',
  ])('are all that is served: %s is refused', async (path) => {
    const { shell } = await started();
    const reply = await ask(shell.port, path);
    expect(reply.status).toBe(403);
    expect(reply.body.toString()).not.toContain('secret\n');
  });
});

describe('strangers', () => {
  test.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '[::2]',
    '10.0.0.1',
  ])('who made their own name point here are refused: Host %s', async (host) => {
    const { shell } = await started();
    expect((await ask(shell.port, '/', { headers: { Host: host } })).status).toBe(403);
  });

  test.each(['127.0.0.1:9999', 'localhost', 'LOCALHOST:80', '[::1]:8080'])(
    'are not those who forward a port: Host %s',
    async (host) => {
      const { shell } = await started();
      expect((await ask(shell.port, '/', { headers: { Host: host } })).status).toBe(200);
    },
  );

  test('whose page is another one are refused, even with the token', async () => {
    const context = await started();
    for (const Origin of [
      'http://evil.example',
      'null',
      `http://127.0.0.1:${context.shell.port + 1}`,
      'file://',
    ]) {
      const headers = { ...asOwnPage(context), Origin };
      expect((await ask(context.shell.port, '/', { headers: { Origin } })).status).toBe(403);
      const post = await ask(context.shell.port, '/files?name=a', { method: 'POST', headers, body: 'x' });
      expect(post.status).toBe(403);
    }
    expect(readdirSync(join(context.folder, 'cache', 'uploads'))).toEqual([]);
  });

  test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('who ask with %s are refused', async (method) => {
    const context = await started();
    const reply = await ask(context.shell.port, '/', { method, headers: asOwnPage(context) });
    expect(reply.status).toBe(403);
  });

  test('who speak no HTTP end nothing', async () => {
    const { shell } = await started();
    await new Promise<void>((resolve) => {
      const socket = connect(shell.port, '127.0.0.1', () => socket.end('\x16\x03\x01garbage\r\n\r\n'));
      socket.on('close', () => resolve());
      socket.on('error', () => {});
      socket.resume();
    });
    expect((await ask(shell.port, '/')).status).toBe(200);
  });
});

describe('a file that a page sends', () => {
  test('comes back as a handle, and its path stays here', async () => {
    const context = await started();
    const body = Buffer.from(Array.from({ length: 10_000 }, (_, i) => i % 256));
    const reply = await ask(context.shell.port, `/files?name=${encodeURIComponent('../../é "x".aiida')}`, {
      method: 'POST',
      headers: asOwnPage(context),
      body,
    });
    const file = JSON.parse(reply.body.toString()) as { handle: string; name: string; size: number };
    expect(file).toEqual({ handle: 'handle-1', name: 'é _x_.aiida', size: 10_000 });
    const path = context.core.paths.get('handle-1') as string;
    expect(path.startsWith(join(context.folder, 'cache', 'uploads'))).toBe(true);
    expect(readFileSync(path).equals(body)).toBe(true);
  });

  test.each([
    ['no token', { Authorization: '' }],
    ['a wrong token', { Authorization: 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['another scheme', { Authorization: 'Basic AAAA' }],
  ])('is refused with %s', async (_name, wrong) => {
    const context = await started();
    const headers = { ...asOwnPage(context), ...wrong };
    const reply = await ask(context.shell.port, '/files?name=a', { method: 'POST', headers, body: 'x' });
    expect(reply.status).toBe(403);
    expect(context.core.paths.size).toBe(0);
  });

  test('is refused without an origin: a page always sends one', async () => {
    const context = await started();
    const { Origin: _, ...headers } = asOwnPage(context);
    const reply = await ask(context.shell.port, '/files?name=a', { method: 'POST', headers, body: 'x' });
    expect(reply.status).toBe(403);
  });

  test('is refused before a byte is read when it says that it is too large', async () => {
    const context = await started(1000);
    const headers = { ...asOwnPage(context), 'Content-Length': '1001', Expect: '100-continue' };
    const reply = await ask(context.shell.port, '/files?name=a', { method: 'POST', headers });
    expect(reply.status).toBe(413);
    expect(JSON.parse(reply.body.toString())).toMatchObject({ code: 'too-large' });
  });

  test('is cut and leaves nothing when it turns out to be too large', async () => {
    const context = await started(100_000);
    const headers = { ...asOwnPage(context), 'Transfer-Encoding': 'chunked' };
    // The server may close while we still send: both an answer and a broken connection are a refusal.
    const status = await ask(context.shell.port, '/files?name=a', {
      method: 'POST',
      headers,
      body: Buffer.alloc(5_000_000),
    }).then(
      (reply) => reply.status,
      () => 413,
    );
    expect(status).toBe(413);
    await expect.poll(() => readdirSync(join(context.folder, 'cache', 'uploads'))).toEqual([]);
    expect(context.core.paths.size).toBe(0);
  });

  test('leaves nothing when the page goes away in the middle', async () => {
    const context = await started();
    const head = Object.entries({
      ...asOwnPage(context),
      Host: `127.0.0.1:${context.shell.port}`,
      'Content-Length': '5000',
    })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    const uploads = join(context.folder, 'cache', 'uploads');
    await new Promise<void>((resolve) => {
      const socket = connect(context.shell.port, '127.0.0.1', () => {
        socket.write(`POST /files?name=a HTTP/1.1\r\n${head}\r\npart`);
        const look = setInterval(() => {
          if (readdirSync(uploads).length === 0) return;
          clearInterval(look);
          socket.destroy();
          resolve();
        }, 5);
      });
    });
    await expect.poll(() => readdirSync(uploads)).toEqual([]);
    expect(context.core.paths.size).toBe(0);
  });
});

describe('a file that a page fetches', () => {
  const ticket = async (context: Awaited<ReturnType<typeof started>>, handle: string) =>
    ask(context.shell.port, `/files/download?handle=${handle}`, {
      method: 'POST',
      headers: asOwnPage(context),
    });

  test('comes once for a ticket, as an attachment that no browser shows', async () => {
    const context = await started();
    const path = join(context.folder, 'é (1).html');
    writeFileSync(path, '<script>alert(1)</script>');
    context.core.paths.set('h', path);
    const { path: address } = JSON.parse((await ticket(context, 'h')).body.toString()) as { path: string };
    const reply = await ask(context.shell.port, address);
    expect(reply.status).toBe(200);
    expect(reply.body.toString()).toBe('<script>alert(1)</script>');
    expect(reply.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': `attachment; filename="_ _1_.html"; filename*=UTF-8''%C3%A9%20%281%29.html`,
    });
    expect((await ask(context.shell.port, address)).status).toBe(403);
  });

  test('comes by its handle too, for a page with the token', async () => {
    const context = await started();
    context.core.paths.set('h', join(context.folder, 'secret.txt'));
    const { Authorization = '' } = asOwnPage(context);
    const reply = await ask(context.shell.port, '/files/h', { headers: { Authorization } });
    expect(reply.body.toString()).toBe('secret');
    for (const wrong of ['', 'Bearer AAAA']) {
      const headers = { Authorization: wrong };
      expect((await ask(context.shell.port, '/files/h', { headers })).status).toBe(403);
    }
    expect((await ask(context.shell.port, '/files/other', { headers: { Authorization } })).status).toBe(403);
  });

  test('is refused without a ticket, and a ticket without the token or for an unknown handle', async () => {
    const context = await started();
    context.core.paths.set('h', join(context.folder, 'secret.txt'));
    expect((await ask(context.shell.port, '/download/')).status).toBe(403);
    expect((await ask(context.shell.port, '/download/h')).status).toBe(403);
    expect((await ticket(context, 'unknown')).status).toBe(403);
    const bare = { method: 'POST', headers: { Origin: context.origin } };
    expect((await ask(context.shell.port, '/files/download?handle=h', bare)).status).toBe(403);
  });

  test('that is gone gives an error without a path', async () => {
    const context = await started();
    context.core.paths.set('h', join(context.folder, 'gone'));
    const { path: address } = JSON.parse((await ticket(context, 'h')).body.toString()) as { path: string };
    const reply = await ask(context.shell.port, address);
    expect(reply.status).toBe(500);
    expect(context.errors).toHaveLength(1);
    expect(context.errors[0]).not.toContain(context.token);
  });
});

test('two new files of one name get two places, none of which is there already', async () => {
  const context = await started();
  const make = () =>
    ask(context.shell.port, '/files/new?name=all.aiida', { method: 'POST', headers: asOwnPage(context) });
  await Promise.all([make(), make(), make()]);
  const names = [...context.core.paths.values()].map((path) => path.split('/').at(-1));
  expect(names.toSorted()).toEqual(['all (2).aiida', 'all (3).aiida', 'all.aiida']);
});

test('the address that opens the browser works once and leads to the one with the token', async () => {
  const { shell } = await started();
  const { pathname } = new URL(shell.entrance());
  expect(pathname).not.toContain(new URL(shell.address).hash.slice(7));
  const reply = await ask(shell.port, pathname);
  expect(reply.status).toBe(303);
  expect(`http://127.0.0.1:${shell.port}${reply.headers.location}`).toBe(shell.address);
  expect((await ask(shell.port, pathname)).status).toBe(403);
});

test('a page can ask whether its token is still right', async () => {
  const context = await started();
  const status = async (Authorization: string) =>
    (await ask(context.shell.port, '/channel', { headers: { Authorization } })).status;
  expect(await status(`Bearer ${context.token}`)).toBe(204);
  expect(await status('Bearer AAAA')).toBe(403);
});
